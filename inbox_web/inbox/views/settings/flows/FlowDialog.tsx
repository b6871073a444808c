// One flow: its name and its steps, each with its words in both languages and where it leads.
import { Plus } from "lucide-preact";
import { useState } from "preact/hooks";
import { date } from "../../../../shared/format";
import { post, put, remove } from "../../../store/api";
import { teams } from "../../../store/session";
import { t, ts } from "../../../text";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Input } from "../../../ui/Field";
import { Fault, useSaving } from "../parts";
import { freshStep, KINDS, mended, sent, type Flow, type Step } from "./shapes";
import { StepFields } from "./StepFields";

const FRESH: Flow = { id: "", name: "", steps: [], on: true, version: 0, at: null, by: null };

export function FlowDialog({ flow, onDone, onClose }: { flow: Flow | null; onDone: () => void; onClose: () => void }) {
  const words = ts().flows;
  const [now, setNow] = useState<Flow>({ ...FRESH, ...flow });
  const [sure, setSure] = useState(false);
  const { busy, save, about, general } = useSaving();
  const put_ = (steps: Step[]) => setNow({ ...now, steps: mended(steps) });
  const done = () => {
    onDone();
    onClose();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    void save(async () => {
      if (flow) await put(`/flows/${encodeURIComponent(flow.id)}`, sent(now));
      else await post("/flows", sent(now));
      done();
    }, ts().saved);
  };
  if (flow && sure) {
    const drop = () => void save(async () => {
      await remove(`/flows/${encodeURIComponent(flow.id)}`);
      done();
    });
    return <Dialog title={words.drop} onClose={onClose} foot={<><Button kind="quiet" onClick={() => setSure(false)}>{t().cancel}</Button><Button kind="danger" busy={busy} onClick={drop}>{words.dropYes(flow.name)}</Button></>}><p>{words.dropSure(flow.name)}</p><Fault words={general([])} /></Dialog>;
  }
  const move = (from: number, by: number) => {
    const steps = [...now.steps];
    [steps[from], steps[from + by]] = [steps[from + by]!, steps[from]!];
    put_(steps);
  };
  const add = (event: Event) => {
    const select = event.currentTarget as HTMLSelectElement;
    if (select.value) put_([...now.steps, freshStep(select.value, now.steps, [...teams.value.keys()][0] ?? "")]);
    select.value = "";
  };
  return (
    <Dialog wide title={flow ? words.edit : words.fresh} onClose={onClose} foot={<>{flow && <Button kind="quiet" class="t-danger" onClick={() => setSure(true)}>{words.drop}</Button>}<span class="grow" /><Button kind="quiet" onClick={onClose}>{t().cancel}</Button><Button kind="primary" type="submit" form="flow" busy={busy} disabled={!now.name.trim() || now.steps.length === 0}>{ts().save}</Button></>}>
      <form id="flow" class="form" onSubmit={submit} novalidate>
        <Input label={words.name} value={now.name} onValue={(name) => setNow({ ...now, name })} error={about("name")} autofocus {...(flow?.by && flow.at && { help: words.last(flow.by, date(new Date(flow.at))) })} />
        {now.steps.length === 0 && <p class="help">{words.noSteps}</p>}
        <ol class="rule-list" aria-label={words.steps}>
          {now.steps.map((step, index) => (
            <StepFields key={step.id} steps={now.steps} index={index} about={about}
              onChange={(next) => put_(now.steps.map((one, place) => (place === index ? next : one)))}
              onMove={(by) => move(index, by)} onRemove={() => put_(now.steps.filter((_, place) => place !== index))} />
          ))}
        </ol>
        <span class="rule-add"><Plus size={14} aria-hidden="true" />
          <select class="input select" aria-label={words.addStep} value="" onChange={add}><option value="">{words.addStep}</option>{KINDS.filter((kind) => kind !== "hand_over" || teams.value.size > 0).map((kind) => <option key={kind} value={kind}>{words.kind[kind]}</option>)}</select></span>
        <p class="help">{words.ends}</p>
        <Fault words={general(["name"])} />
      </form>
    </Dialog>
  );
}
