// The fields of one condition and of one action.
import { X } from "lucide-preact";
import { ts } from "../../../text";
import { Area, Choose, Input } from "../../../ui/Field";
import { agentChoices, choices, flowNames, FREE, listed, RANGES, SURE, teamChoices, wordsOf, type Action, type Condition } from "./shapes";

const HALF = 0.5;

export function ConditionFields({ one, onChange }: { one: Condition; onChange: (next: Condition) => void }) {
  const words = ts().rules;
  const name = words.fact[one.what] ?? one.what;
  if (one.what === "words") {
    const line = (label: string, key: "any" | "all" | "none") => <Lines label={label} value={one[key] ?? []} onValue={(list) => onChange({ ...one, [key]: list })} />;
    return <div class="three">{line(words.any, "any")}{line(words.all, "all")}{line(words.noneOf, "none")}</div>;
  }
  if (one.what === "hours") {
    return (
      <div class="three"><Choose label={name} value={one.team ?? ""} onValue={(team) => onChange({ ...one, team: team || null })} options={[{ value: "", words: words.shop }, ...teamChoices()]} />
        <Choose label={words.when} value={one.open ? "yes" : "no"} onValue={(open) => onChange({ ...one, open: open === "yes" })} options={[{ value: "yes", words: words.open }, { value: "no", words: words.closed }]} /></div>
    );
  }
  if (RANGES.has(one.what)) {
    const end = (key: "at_least" | "at_most", label: string) => <Input label={`${name}: ${label}`} inputMode="numeric" value={one[key] == null ? "" : String(one[key])} onValue={(text) => onChange({ ...one, [key]: text.trim() === "" || Number.isNaN(Number(text)) ? null : Number(text) })} />;
    return <div class="three">{end("at_least", words.from)}{end("at_most", words.to)}</div>;
  }
  const negative = (one.is_not?.length ?? 0) > 0 || one.is === undefined;
  const values = (negative ? one.is_not : one.is) ?? [];
  const put = (list: string[], not: boolean) => onChange({ what: one.what, ...(not ? { is_not: list } : { is: list }), ...(!not && one.sure && { sure: one.sure }), ...(!not && one.at_least != null && { at_least: one.at_least }) });
  return (
    <div class="three">
      <Choose label={name} value={negative ? "not" : "is"} onValue={(how) => put(values, how === "not")} options={[{ value: "is", words: words.is }, { value: "not", words: words.isNot }]} />
      {FREE.has(one.what) ? <Lines label={words.list} value={values} onValue={(list) => put(list, negative)} /> : <Picks fact={one.what} label={name} values={values} onValue={(list) => put(list, negative)} />}
      {one.what === "intent" && !negative && <Sure one={one} onChange={onChange} />}
    </div>
  );
}

/** How sure of an intent the tagger must be: a percentage holds for whatever it would do by itself. */
function Sure({ one, onChange }: { one: Condition; onChange: (next: Condition) => void }) {
  const words = ts().rules;
  const choose = (sure: string) => onChange({ ...one, sure, at_least: sure === "any" ? (one.at_least ?? HALF) : null });
  return (
    <><Choose label={words.sure} value={one.sure ?? "certain"} onValue={choose} options={SURE.map((value) => ({ value, words: words.sureHow[value] ?? value }))} />
      {(one.sure === "any" || one.at_least != null) && <Input label={words.sureAtLeast} inputMode="numeric" value={one.at_least == null ? "" : String(Math.round(one.at_least * 100))} onValue={(text) => onChange({ ...one, sure: "any", at_least: text.trim() === "" || Number.isNaN(Number(text)) ? null : Number(text) / 100 })} />}</>
  );
}

export function ActionFields({ one, onChange }: { one: Action; onChange: (next: Action) => void }) {
  const words = ts().rules;
  const name = words.action[one.do === "label" && one.remove ? "unlabel" : one.do] ?? one.do;
  const set = (change: Partial<Action>) => onChange({ ...one, ...change });
  const text = (key: string): string => (typeof one.text === "object" ? (one.text[key] ?? "") : "");
  switch (one.do) {
    case "team": return <Choose label={name} value={one.to ?? ""} onValue={(to) => set({ to })} options={teamChoices()} />;
    case "agent": return <Choose label={name} value={one.to ?? ""} onValue={(to) => set({ to })} options={agentChoices()} />;
    case "priority": return <Choose label={name} value={one.to ?? ""} onValue={(to) => set({ to })} options={choices("priority")} />;
    case "label": return one.remove ? <Lines label={name} value={one.remove} onValue={(list) => set({ remove: list })} /> : <Lines label={name} value={one.add ?? []} onValue={(list) => set({ add: list })} />;
    case "reply": return <div class="form two"><Area label={`${name} · ${words.replyVi}`} value={text("vi")} onValue={(vi) => set({ text: { vi, en: text("en") } })} /><Area label={words.replyEn} value={text("en")} onValue={(en) => set({ text: { vi: text("vi"), en } })} /></div>;
    case "note": return <Area label={name} value={typeof one.text === "string" ? one.text : ""} onValue={(note) => set({ text: note })} />;
    case "snooze": return <Input label={`${name} · ${words.forMinutes}`} help={words.untilOpen} inputMode="numeric" value={one.minutes == null ? "" : String(one.minutes)} onValue={(minutes) => set({ minutes: Number(minutes.replace(/\D/g, "")) || null })} />;
    case "flow": return flowNames.value.length ? <Choose label={name} value={one.name ?? ""} onValue={(flow) => set({ name: flow })} options={flowNames.value} /> : <p><b>{name}</b> <span class="faint">{words.noFlow}</span></p>;
    case "webhook": return <Input label={`${name} · ${words.url}`} help={words.hookHelp} value={one.url ?? ""} onValue={(url) => set({ url })} />;
    default: return <p><b>{name}</b> <span class="faint">{one.do === "stop" ? words.stopHow : ""}</span></p>;
  }
}

/** Of these the shop's own systems may say others. */
const OWN = new Set(["stage"]);

/** Values out of a closed list: those that are chosen as chips, the others behind a select. */
function Picks({ fact, label, values, onValue }: { fact: string; label: string; values: string[]; onValue: (list: string[]) => void }) {
  const words = ts().rules;
  const add = (event: Event) => {
    const select = event.currentTarget as HTMLSelectElement;
    if (select.selectedIndex > 0) onValue([...values, select.value]);
    select.selectedIndex = 0;
  };
  const write = (event: Event) => {
    const input = event.currentTarget as HTMLInputElement;
    onValue([...new Set([...values, ...listed(input.value.toLowerCase())])]);
    input.value = "";
  };
  return (
    <div class="field"><div class="field-l"><span class="faint">{words.list.length > 0 && values.length === 0 ? words.pick : ""}</span></div>
      <span class="chips">{values.map((value) => <button type="button" class="chip pick" key={value} aria-label={`${words.takeOut}: ${wordsOf(fact, value)}`} onClick={() => onValue(values.filter((one) => one !== value))}>{wordsOf(fact, value)}<X size={12} aria-hidden="true" /></button>)}
        <select class="input select" aria-label={label} onChange={add}><option>{words.pick}</option>{choices(fact).filter((one) => one.offered !== false && !values.includes(one.value)).map((one) => <option key={one.value} value={one.value}>{one.words}</option>)}</select>
        {OWN.has(fact) && <input class="input own" aria-label={`${label}: ${words.other}`} placeholder={words.other} onChange={write} />}</span></div>
  );
}

/** Values that people write themselves, separated by commas. */
function Lines({ label, value, onValue }: { label: string; value: string[]; onValue: (list: string[]) => void }) {
  const words = ts().rules;
  const keep = (event: Event) => onValue(listed((event.currentTarget as HTMLInputElement).value));
  return <label class="field"><span class="field-l"><span>{label}</span></span><input class="input" defaultValue={value.join(", ")} placeholder="" title={words.list} onChange={keep} /></label>;
}
