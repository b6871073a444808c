// Rules in their order: which are on, what each says in plain words, and the one that is edited.
import { ChevronDown, ChevronUp, Plus, Workflow } from "lucide-preact";
import { useState } from "preact/hooks";
import { get, patch, put } from "../../../store/api";
import { ts } from "../../../text";
import { Blank } from "../../../ui/Blank";
import { Button, IconButton } from "../../../ui/Button";
import { Card, Fault, SectionHead, useFetched, useSaving } from "../parts";
import { useChosen } from "../turning";
import { RuleDialog } from "./RuleDialog";
import { actionWords, askFlows, conditionWords, triggerWords, type Rule } from "./shapes";

export function Rules() {
  const words = ts().rules;
  const { value, setValue, fault, load } = useFetched(async () => {
    const [rules] = await Promise.all([get<{ items: Rule[] }>("/rules"), askFlows()]);
    return rules.items;
  }, 0);
  const order = useChosen((value ?? []).map((one) => one.id), async (ids) => setValue((await put<{ items: Rule[] }>("/rules/order", { ids })).items), () => undefined);
  const [open, setOpen] = useState<Rule | "new" | null>(null);
  const add = <Button kind="primary" icon={Plus} onClick={() => setOpen("new")}>{words.add}</Button>;
  const shown = order.value.flatMap((id) => value?.find((one) => one.id === id) ?? []);
  const move = (index: number, by: number) => {
    const ids = shown.map((one) => one.id);
    [ids[index], ids[index + by]] = [ids[index + by]!, ids[index]!];
    order.choose(ids);
  };
  const changed = (now: Rule) => setValue((before) => (before ?? []).map((one) => (one.id === now.id ? now : one)));
  return (
    <>
      <SectionHead title={words.title} what={words.what}>{value && value.length > 0 && add}</SectionHead>
      {fault}
      {value?.length === 0 && <section class="card"><Blank icon={Workflow} title={words.none} action={add}>{words.noneHow}</Blank></section>}
      {value && value.length > 0 && (
        <ol class="card rules">
          {shown.map((rule, index) => <RuleRow key={rule.id} rule={rule} index={index} last={index === shown.length - 1} onOpen={() => setOpen(rule)} onMove={(by) => move(index, by)} onChanged={changed} />)}
        </ol>
      )}
      <Fault words={order.fault} />
      {value && <Card title={words.table} help={words.tableHow}><WebhookSecret /></Card>}
      {open && <RuleDialog key={open === "new" ? "new" : open.id} rule={open === "new" ? null : open} onDone={load} onClose={() => setOpen(null)} />}
    </>
  );
}

/** One rule in plain words. Its switch and its place hold at once. */
function RuleRow({ rule, index, last, onOpen, onMove, onChanged }: { rule: Rule; index: number; last: boolean; onOpen: () => void; onMove: (by: number) => void; onChanged: (now: Rule) => void }) {
  const words = ts().rules;
  const { value: on, choose: turn, fault } = useChosen(rule.on, async (next) => onChanged(await patch<Rule>(`/rules/${encodeURIComponent(rule.id)}`, { on: next })), () => undefined);
  return (
    <li class={on ? "" : "off"}>
      <span class="rule-n num" aria-hidden="true">{index + 1}</span>
      <button type="button" class="rule-b" onClick={onOpen}>
        <b>{rule.name}</b>
        <span class="muted">{triggerWords(rule)}{rule.if.length > 0 && ` · ${rule.if.map(conditionWords).join(" · ")}`}</span>
        <span>{rule.then.map(actionWords).join(" · ")}</span>
      </button>
      <span class="rule-a">
        <IconButton small label={words.up(rule.name)} icon={ChevronUp} disabled={index === 0} onClick={() => onMove(-1)} />
        <IconButton small label={words.down(rule.name)} icon={ChevronDown} disabled={last} onClick={() => onMove(1)} />
        <input type="checkbox" role="switch" class="switch" aria-label={words.isOn(rule.name)} checked={on} onChange={(event: Event) => turn((event.currentTarget as HTMLInputElement).checked)} />
      </span>
      <Fault words={fault} />
    </li>
  );
}

/** With what webhooks are signed; shown when somebody asks. */
function WebhookSecret() {
  const words = ts().rules;
  const [secret, setSecret] = useState<string | null>(null);
  const { busy, save, general } = useSaving();
  const show = () => void save(async () => setSecret((await get<{ secret: string }>("/rules/secret")).secret));
  return (
    <div class="row gap"><span class="grow">{words.secret}</span>
      {secret ? <code class="mono secret" tabIndex={0}>{secret}</code> : <Button small busy={busy} onClick={show}>{words.showSecret}</Button>}
      <Fault words={general([])} /></div>
  );
}
