// Bots' flows by name: which are on, what each does step by step, and the one that is edited.
import { Bot, Plus } from "lucide-preact";
import { useState } from "preact/hooks";
import { get, patch } from "../../../store/api";
import { teams } from "../../../store/session";
import { language, ts } from "../../../text";
import { Blank } from "../../../ui/Blank";
import { Button } from "../../../ui/Button";
import { Fault, SectionHead, useFetched } from "../parts";
import { useChosen } from "../turning";
import { FlowDialog } from "./FlowDialog";
import type { Flow, Step, Words } from "./shapes";

export function Flows() {
  const words = ts().flows;
  const { value, setValue, fault, load } = useFetched(async () => (await get<{ items: Flow[] }>("/flows")).items, 0);
  const [open, setOpen] = useState<Flow | "new" | null>(null);
  const add = <Button kind="primary" icon={Plus} onClick={() => setOpen("new")}>{words.add}</Button>;
  const changed = (now: Flow) => setValue((before) => (before ?? []).map((one) => (one.id === now.id ? now : one)));
  return (
    <>
      <SectionHead title={words.title} what={words.what}>{value && value.length > 0 && add}</SectionHead>
      {fault}
      {value?.length === 0 && <section class="card"><Blank icon={Bot} title={words.none} action={add}>{words.noneHow}</Blank></section>}
      {value && value.length > 0 && (
        <ul class="card rules flows">
          {value.map((flow) => <FlowRow key={flow.id} flow={flow} onOpen={() => setOpen(flow)} onChanged={changed} />)}
        </ul>
      )}
      {value && value.length > 0 && <p class="help">{words.how}</p>}
      {open && <FlowDialog key={open === "new" ? "new" : open.id} flow={open === "new" ? null : open} onDone={load} onClose={() => setOpen(null)} />}
    </>
  );
}

/** One flow in a line; its switch holds at once. */
function FlowRow({ flow, onOpen, onChanged }: { flow: Flow; onOpen: () => void; onChanged: (now: Flow) => void }) {
  const { value: on, choose: turn, fault } = useChosen(flow.on, async (next) => onChanged(await patch<Flow>(`/flows/${encodeURIComponent(flow.id)}`, { on: next })), () => undefined);
  return (
    <li class={on ? "" : "off"}>
      <button type="button" class="rule-b" onClick={onOpen}><b>{flow.name}</b><span class="muted">{flow.steps.map(inWords).join(" → ")}</span></button>
      <span class="rule-a"><input type="checkbox" role="switch" class="switch" aria-label={ts().flows.isOn(flow.name)} checked={on} onChange={(event: Event) => turn((event.currentTarget as HTMLInputElement).checked)} /></span>
      <Fault words={fault} />
    </li>
  );
}

const spoken = (words: Words | undefined): string => words?.[language.value] || words?.vi || words?.en || "";

/** A step in a few words. */
function inWords(step: Step): string {
  const words = ts().flows;
  if (step.do === "hand_over") return words.toTeam(teams.value.get(step.to ?? "")?.name ?? step.to ?? "");
  if (step.do === "end") return words.kind["end"]!;
  const text = spoken(step.text);
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return step.choices?.length ? `${short} (${step.choices.map((one) => spoken(one.text)).join(" / ")})` : short;
}
