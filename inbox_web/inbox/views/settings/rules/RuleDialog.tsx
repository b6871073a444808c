// One rule in plain words: when, if, then; and a try on past messages before it holds.
import { Plus, Trash2 } from "lucide-preact";
import { useState } from "preact/hooks";
import { date, listTime, number } from "../../../../shared/format";
import { post } from "../../../store/api";
import { language, ts } from "../../../text";
import { Button, IconButton } from "../../../ui/Button";
import { ChannelMark } from "../../../ui/ChannelMark";
import { now } from "../../../ui/clock";
import { Choose, Input } from "../../../ui/Field";
import { OneOfAList } from "../OneOfAList";
import { Fault, useSaving } from "../parts";
import { ActionFields, ConditionFields } from "./fields";
import { ACTIONS, FACTS, freshAction, freshCondition, sent, TRIGGERS, type Rule, type Tried } from "./shapes";

const FRESH: Rule = { id: "", name: "", when: "tagged", if: [], then: [], after_minutes: 60, on: true, order: 0, version: 0, at: null, by: null };

export function RuleDialog({ rule, onDone, onClose }: { rule: Rule | null; onDone: () => void; onClose: () => void }) {
  const words = ts().rules;
  const [now_, setNow] = useState<Rule>({ ...FRESH, ...rule, after_minutes: rule?.after_minutes ?? 60 });
  const set = (change: Partial<Rule>) => setNow({ ...now_, ...change });
  const at = <T,>(list: T[], index: number, value: T | null): T[] => list.flatMap((one, place) => (place !== index ? [one] : value === null ? [] : [value]));
  return (
    <OneOfAList path="/rules" one={rule} words={words} body={() => sent(now_)} save={words.create} ready={!!now_.name.trim() && now_.then.length > 0} onDone={onDone} onClose={onClose}>
      {({ about, general }) => <>
        <Input label={words.name} value={now_.name} onValue={(name) => set({ name })} error={about("name")} autofocus {...(rule?.by && rule.at && { help: words.last(rule.by, date(new Date(rule.at))) })} />
        <div class="rule-when">
          <Choose label={words.when} value={now_.when} onValue={(when) => set({ when })} options={TRIGGERS.map((value) => ({ value, words: words.trigger[value] ?? value }))} />
          {now_.when === "idle" && <Input label={words.minutes} inputMode="numeric" value={String(now_.after_minutes ?? "")} onValue={(text) => set({ after_minutes: Number(text.replace(/\D/g, "")) || null })} error={about("after_minutes")} />}
        </div>
        <fieldset class="rule-list"><legend>{words.ifAll}</legend>
          {now_.if.length === 0 && <p class="help">{words.always}</p>}
          {now_.if.map((one, index) => (
            <div class="rule-row" key={`${one.what}${index}`}><div class="grow"><ConditionFields one={one} onChange={(next) => set({ if: at(now_.if, index, next) })} /></div>
              <IconButton small label={`${words.takeOut}: ${words.fact[one.what] ?? one.what}`} icon={Trash2} onClick={() => set({ if: at(now_.if, index, null) })} /></div>
          ))}
          <Adding label={words.addIf} names={FACTS} words={words.fact} onAdd={(what) => set({ if: [...now_.if, freshCondition(what)] })} />
        </fieldset>
        <fieldset class="rule-list"><legend>{words.then}</legend>
          {now_.then.map((one, index) => (
            <div class="rule-row" key={`${one.do}${index}`}><div class="grow"><ActionFields one={one} onChange={(next) => set({ then: at(now_.then, index, next) })} /></div>
              <IconButton small label={`${words.takeOut}: ${words.action[one.do] ?? one.do}`} icon={Trash2} onClick={() => set({ then: at(now_.then, index, null) })} /></div>
          ))}
          <Adding label={words.addThen} names={ACTIONS} words={words.action} onAdd={(kind) => set({ then: [...now_.then, freshAction(kind)] })} />
        </fieldset>
        <Fault words={general(["name", "after_minutes"])} />
        <TryOut rule={now_} />
      </>}
    </OneOfAList>
  );
}

function Adding({ label, names, words, onAdd }: { label: string; names: readonly string[]; words: Record<string, string>; onAdd: (name: string) => void }) {
  const add = (event: Event) => {
    const select = event.currentTarget as HTMLSelectElement;
    if (select.value) onAdd(select.value);
    select.value = "";
  };
  return (
    <span class="rule-add"><Plus size={14} aria-hidden="true" />
      <select class="input select" aria-label={label} value="" onChange={add}><option value="">{label}</option>{names.map((name) => <option key={name} value={name}>{words[name] ?? name}</option>)}</select></span>
  );
}

/** "Would have matched 37 of the last 1,000", with the newest of them. */
function TryOut({ rule }: { rule: Rule }) {
  const words = ts().rules;
  const [tried, setTried] = useState<Tried | null>(null);
  const { busy, save, general } = useSaving();
  const run = () => void save(async () => setTried(await post<Tried>("/rules/preview", { ...(sent(rule) as object), name: rule.name.trim() || "?" }, { within_ms: 30_000 })));
  const n = (value: number): string => number(value, language.value);
  return (
    <section class="try" aria-live="polite">
      <Button busy={busy} disabled={rule.then.length === 0} onClick={run}>{busy ? words.previewing : words.preview}</Button>
      <Fault words={general([])} />
      {tried && !tried.possible && <p class="help">{words.notPossible}</p>}
      {tried?.possible && <p><b>{words.found(n(tried.matched), n(tried.looked))}</b>{tried.since && <span class="faint"> · {words.since(date(new Date(tried.since)))}</span>}</p>}
      {tried?.possible && tried.items.length > 0 && <ul class="tried">{tried.items.slice(0, 20).map((one) => (
        <li key={one.message}><ChannelMark kind={one.channel} quiet /><span class="grow"><b class="one">{one.name}</b><span class="one muted">{one.text}</span></span><time class="faint" dateTime={one.at}>{listTime(new Date(one.at), now.value, language.value)}</time></li>
      ))}</ul>}
    </section>
  );
}
