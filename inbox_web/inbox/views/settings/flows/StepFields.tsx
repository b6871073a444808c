// The fields of one step: what is said, the quick replies or what is kept of the answer, and where it goes on.
import { ChevronDown, ChevronUp, Plus, Trash2 } from "lucide-preact";
import { ts } from "../../../text";
import { Button, IconButton } from "../../../ui/Button";
import { Area, Choose, Input } from "../../../ui/Field";
import { teamChoices } from "../rules/shapes";
import { KEEPS, MOST_CHOICES, type Choice, type Step, type Words } from "./shapes";

interface Props { steps: readonly Step[]; index: number; about: (field: string) => string | null; onChange: (next: Step) => void; onMove: (by: number) => void; onRemove: () => void }

export function StepFields({ steps, index, about, onChange, onMove, onRemove }: Props) {
  const words = ts().flows;
  const step = steps[index]!;
  const name = `${index + 1}. ${words.kind[step.do] ?? step.do}`;
  const at = `steps[${index}]`;
  const set = (change: Partial<Step>) => onChange({ ...step, ...change });
  const choices = step.choices ?? [];
  return (
    <li class="rule-row step">
      <div class="row gap"><b class="grow">{name}</b>
        <IconButton small label={words.up(index + 1)} icon={ChevronUp} disabled={index === 0} onClick={() => onMove(-1)} />
        <IconButton small label={words.down(index + 1)} icon={ChevronDown} disabled={index === steps.length - 1} onClick={() => onMove(1)} />
        <IconButton small label={`${ts().rules.takeOut}: ${name}`} icon={Trash2} onClick={onRemove} /></div>
      {step.do === "end" && <p class="help">{words.endHelp}</p>}
      {step.do === "hand_over" && <Choose label={words.team} value={step.to ?? ""} onValue={(to) => set({ to })} options={teamChoices()} error={about(`${at}.to`)} />}
      {step.do !== "end" && <Spoken words={step.text ?? {}} optional={step.do === "hand_over"} error={about(`${at}.text`)} onWords={(text) => set({ text })} />}
      {step.do === "ask" && <>
        {choices.map((choice, place) => (
          <ChoiceFields key={place} one={choice} n={place + 1} steps={steps} index={index} error={about(`${at}.choices[${place}].text`) ?? about(`${at}.choices[${place}].label`)}
            onChange={(next) => set({ choices: choices.map((other, n) => (n === place ? next : other)) })} onRemove={() => set({ choices: choices.filter((_, n) => n !== place) })} />
        ))}
        {choices.length < MOST_CHOICES && <div><Button small icon={Plus} onClick={() => set({ choices: [...choices, { text: { vi: "", en: "" } }] })}>{words.addChoice}</Button></div>}
        <Choose label={words.keep} help={words.keepHelp} value={step.keep ?? ""} onValue={(keep) => set({ keep: keep || null })} options={[{ value: "", words: words.keepNot }, ...KEEPS.map((value) => ({ value, words: words.kept[value] ?? value }))]} />
      </>}
      {(step.do === "say" || step.do === "ask") && <Way label={choices.length ? words.goElse : words.go} value={step.go} steps={steps} index={index} onValue={(go) => set({ go })} />}
    </li>
  );
}

function Spoken({ words: said, optional, error, onWords }: { words: Words; optional: boolean; error: string | null; onWords: (words: Words) => void }) {
  const words = ts().flows;
  return (
    <div class="two"><Area rows={2} label={optional ? words.viOptional : words.vi} value={said.vi ?? ""} onValue={(vi) => onWords({ ...said, vi })} error={error} />
      <Area rows={2} label={words.en} value={said.en ?? ""} onValue={(en) => onWords({ ...said, en })} /></div>
  );
}

function ChoiceFields({ one, n, steps, index, error, onChange, onRemove }: { one: Choice; n: number; steps: readonly Step[]; index: number; error: string | null; onChange: (next: Choice) => void; onRemove: () => void }) {
  const words = ts().flows;
  const set = (change: Partial<Choice>) => onChange({ ...one, ...change });
  return (
    <fieldset class="way"><legend>{words.choice(n)}</legend>
      <div class="three grow"><Input label={words.vi} value={one.text.vi ?? ""} onValue={(vi) => set({ text: { ...one.text, vi } })} maxLength={40} error={error} />
        <Input label={words.en} value={one.text.en ?? ""} onValue={(en) => set({ text: { ...one.text, en } })} maxLength={40} />
        <Input label={words.label} value={one.label ?? ""} onValue={(label) => set({ label })} maxLength={40} />
        <Way label={words.go} value={one.go} steps={steps} index={index} onValue={(go) => set({ go })} /></div>
      <IconButton small label={`${ts().rules.takeOut}: ${words.choice(n)}`} icon={Trash2} onClick={onRemove} />
    </fieldset>
  );
}

/** Where it goes on: only forward, so that every flow ends. */
function Way({ label, value, steps, index, onValue }: { label: string; value: string | null | undefined; steps: readonly Step[]; index: number; onValue: (go: string | null) => void }) {
  const words = ts().flows;
  const later = steps.map((step, place) => ({ value: step.id, words: `${place + 1}. ${words.kind[step.do] ?? step.do}`, place })).filter((one) => one.place > index);
  return <Choose label={label} value={value ?? ""} onValue={(go) => onValue(go || null)} options={[{ value: "", words: words.next }, ...later]} />;
}
