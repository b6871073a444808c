// One flow: its name and its steps, each with its words in both languages and where it leads.
import { Plus } from "lucide-preact";
import { useState } from "preact/hooks";
import { date } from "../../../../shared/format";
import { teams } from "../../../store/session";
import { ts } from "../../../text";
import { Input } from "../../../ui/Field";
import { OneOfAList } from "../OneOfAList";
import { Fault } from "../parts";
import { freshStep, KINDS, mended, sent, type Flow, type Step } from "./shapes";
import { StepFields } from "./StepFields";

const FRESH: Flow = { id: "", name: "", steps: [], on: true, version: 0, at: null, by: null };

export function FlowDialog({ flow, onDone, onClose }: { flow: Flow | null; onDone: () => void; onClose: () => void }) {
  const words = ts().flows;
  const [now, setNow] = useState<Flow>({ ...FRESH, ...flow });
  const put = (steps: Step[]) => setNow({ ...now, steps: mended(steps) });
  const move = (from: number, by: number) => {
    const steps = [...now.steps];
    [steps[from], steps[from + by]] = [steps[from + by]!, steps[from]!];
    put(steps);
  };
  const add = (event: Event) => {
    const select = event.currentTarget as HTMLSelectElement;
    if (select.value) put([...now.steps, freshStep(select.value, now.steps, [...teams.value.keys()][0] ?? "")]);
    select.value = "";
  };
  return (
    <OneOfAList path="/flows" one={flow} words={words} body={() => sent(now)} save={ts().save} ready={!!now.name.trim() && now.steps.length > 0} onDone={onDone} onClose={onClose}>
      {({ about, general }) => <>
        <Input label={words.name} value={now.name} onValue={(name) => setNow({ ...now, name })} error={about("name")} autofocus {...(flow?.by && flow.at && { help: words.last(flow.by, date(new Date(flow.at))) })} />
        {now.steps.length === 0 && <p class="help">{words.noSteps}</p>}
        <ol class="rule-list" aria-label={words.steps}>
          {now.steps.map((step, index) => (
            <StepFields key={step.id} steps={now.steps} index={index} about={about}
              onChange={(next) => put(now.steps.map((one, place) => (place === index ? next : one)))}
              onMove={(by) => move(index, by)} onRemove={() => put(now.steps.filter((_, place) => place !== index))} />
          ))}
        </ol>
        <span class="rule-add"><Plus size={14} aria-hidden="true" />
          <select class="input select" aria-label={words.addStep} value="" onChange={add}><option value="">{words.addStep}</option>{KINDS.filter((kind) => kind !== "hand_over" || teams.value.size > 0).map((kind) => <option key={kind} value={kind}>{words.kind[kind]}</option>)}</select></span>
        <p class="help">{words.ends}</p>
        <Fault words={general(["name"])} />
      </>}
    </OneOfAList>
  );
}
