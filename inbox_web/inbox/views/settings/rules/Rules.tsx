// Rules in their order: which are on, what each says in plain words, and the one that is edited.
import { ChevronDown, ChevronUp, Plus, Workflow } from "lucide-preact";
import { useState } from "preact/hooks";
import { get, patch, put } from "../../../store/api";
import { ts } from "../../../text";
import { Blank } from "../../../ui/Blank";
import { Button, IconButton } from "../../../ui/Button";
import { Card, Fault, SectionHead, useFetched, useSaving } from "../parts";
import { RuleDialog } from "./RuleDialog";
import { actionWords, askFlows, conditionWords, type Rule } from "./shapes";

export function Rules() {
  const words = ts().rules;
  const { value, setValue, fault, load } = useFetched(async () => {
    const [rules] = await Promise.all([get<{ items: Rule[] }>("/rules"), askFlows()]);
    return rules.items;
  }, 0);
  const { busy, save, general } = useSaving();
  const [open, setOpen] = useState<Rule | "new" | null>(null);
  const add = <Button kind="primary" icon={Plus} onClick={() => setOpen("new")}>{words.add}</Button>;
  const turn = (rule: Rule, on: boolean) => void save(async () => {
    const now = await patch<Rule>(`/rules/${encodeURIComponent(rule.id)}`, { on });
    setValue((value ?? []).map((one) => (one.id === now.id ? now : one)));
  });
  const move = (index: number, by: number) => void save(async () => {
    const ids = (value ?? []).map((one) => one.id);
    [ids[index], ids[index + by]] = [ids[index + by]!, ids[index]!];
    setValue((await put<{ items: Rule[] }>("/rules/order", { ids })).items);
  });
  return (
    <>
      <SectionHead title={words.title} what={words.what}>{value && value.length > 0 && add}</SectionHead>
      {fault}
      {value?.length === 0 && <section class="card"><Blank icon={Workflow} title={words.none} action={add}>{words.noneHow}</Blank></section>}
      {value && value.length > 0 && (
        <ol class="card rules" aria-busy={busy}>
          {value.map((rule, index) => (
            <li key={rule.id} class={rule.on ? "" : "off"}>
              <span class="rule-n num" aria-hidden="true">{index + 1}</span>
              <button type="button" class="rule-b" onClick={() => setOpen(rule)}>
                <b>{rule.name}</b>
                <span class="muted">{words.trigger[rule.when] ?? rule.when}{rule.if.length > 0 && ` · ${rule.if.map(conditionWords).join(" · ")}`}</span>
                <span>{rule.then.map(actionWords).join(" · ")}</span>
              </button>
              <span class="rule-a">
                <IconButton small label={words.up(rule.name)} icon={ChevronUp} disabled={busy || index === 0} onClick={() => move(index, -1)} />
                <IconButton small label={words.down(rule.name)} icon={ChevronDown} disabled={busy || index === value.length - 1} onClick={() => move(index, 1)} />
                <input type="checkbox" role="switch" class="switch" aria-label={words.isOn(rule.name)} checked={rule.on} disabled={busy} onChange={(event: Event) => turn(rule, (event.currentTarget as HTMLInputElement).checked)} />
              </span>
            </li>
          ))}
        </ol>
      )}
      <Fault words={general([])} />
      {value && <Card title={words.table} help={words.tableHow}><WebhookSecret /></Card>}
      {open && <RuleDialog key={open === "new" ? "new" : open.id} rule={open === "new" ? null : open} onDone={load} onClose={() => setOpen(null)} />}
    </>
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
