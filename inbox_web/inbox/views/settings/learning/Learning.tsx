// What colleagues corrected, teaching it to the tagger, what the gate said, and the one click back.
import "../../../styles/learning.css";
import { ArrowRight, GraduationCap, Undo2 } from "lucide-preact";
import { useEffect } from "preact/hooks";
import { clock, listTime, number } from "../../../../shared/format";
import { conversationPath, openConversation } from "../../../actions/place";
import { say } from "../../../actions/toast";
import { get, post, Problem } from "../../../store/api";
import { language, said, sentence, ts } from "../../../text";
import { Blank } from "../../../ui/Blank";
import { Button } from "../../../ui/Button";
import { now } from "../../../ui/clock";
import { Icon } from "../../../ui/Icon";
import { Card, SectionHead, useFetched, useSaving } from "../parts";
import { Result } from "./Result";
import { learns, nameOf, step, type Correction, type Learning as State, type Training } from "./shapes";

const LOOK_EVERY_MS = 1_000;

export function Learning() {
  const words = ts().learning;
  const { value, setValue, fault, load } = useFetched(() => get<State>("/learning"), 0);
  const running = value?.training?.state === "running";
  useEffect(() => {
    if (!running) return;
    const look = async () => {
      const { training } = await get<{ training: Training | null }>("/learning/training").catch(() => ({ training: null }));
      if (training && training.state !== "running") load();
      else if (training && value) setValue({ ...value, training });
    };
    const timer = setInterval(() => void look(), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [running, value]);
  return (
    <>
      <SectionHead title={words.title} what={words.what} />
      {fault}
      {value && <Model value={value} setValue={setValue} load={load} />}
      {value?.training && !running && <Result training={value.training} model={value.model} />}
      {value && <Latest items={value.items} />}
    </>
  );
}

/** The model that serves, how much it has not learnt, and the two things to do about it. */
function Model({ value, setValue, load }: { value: State; setValue: (now: State) => void; load: () => void }) {
  const words = ts().learning;
  const { busy, save } = useSaving();
  const running = value.training?.state === "running" ? value.training : null;
  // Somebody else may have been faster: the page is read again, and the hub's own sentence says it.
  const tried = (what: () => Promise<void>) => void save(() => what().catch((error: unknown) => {
    load();
    say(error instanceof Problem && error.slug === "conflict" ? said(error.detail) : sentence(error));
  }));
  const train = () => tried(async () => setValue({ ...value, training: (await post<{ training: Training }>("/learning/train")).training }));
  const back = () => tried(async () => {
    setValue(await post<State>("/learning/rollback"));
    say(words.wentBack);
  });
  const count = number(value.waiting, language.value);
  return (
    <Card title={words.model} help={words.how}>
      <div class="row gap taught">
        <div class="grow">{value.changed > 0 && value.waiting === 0 ? null : <p>{value.waiting ? words.waiting(count) : words.nothing}</p>}{value.changed > value.waiting && <p>{words.changed(number(value.changed, language.value))}</p>}<p class="help">{value.model ? words.serves(value.model) : words.noModel}</p></div>
        {value.former && <Button icon={Undo2} disabled={busy || running !== null} onClick={back}>{words.back}</Button>}
        <Button kind="primary" icon={GraduationCap} busy={busy} disabled={running !== null || !value.model || value.changed === 0} onClick={train}>{words.train}</Button>
      </div>
      {running && (
        <div class="learns">
          <p>{learns(running)}</p>
          <progress max={1} value={running.progress} aria-label={learns(running)} />
          <p class="help" role="status">{step(running.what)}</p>
        </div>
      )}
    </Card>
  );
}

function Latest({ items }: { items: readonly Correction[] }) {
  const words = ts().learning;
  if (items.length === 0) return <section class="card"><Blank icon={GraduationCap} title={words.none}>{words.noneHow}</Blank></section>;
  return <section class="card"><div class="card-h"><h3 class="grow">{words.latest}</h3></div><ul class="corrs">{items.map((one) => <Line key={one.id} one={one} />)}</ul></section>;
}

function Line({ one }: { one: Correction }) {
  const words = ts().learning;
  const at = new Date(one.at);
  const day = listTime(at, now.value, language.value);
  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    openConversation(one.conversation, "all");
  };
  return (
    <li>
      <a class="corr-t" href={conversationPath("all", one.conversation)} aria-label={words.see(one.text)} onClick={open}>{one.text}</a>
      <span class="row corr-i"><span class="intent maybe">{one.before ? nameOf(one.before) : words.untagged}</span><Icon of={ArrowRight} size={12} /><span class="unseen">{words.to}</span><span class="intent">{nameOf(one.after)}</span></span>
      <span class="faint corr-w">{one.name} · <time dateTime={one.at} class="num">{day === clock(at) ? day : `${day} ${clock(at)}`}</time></span>
    </li>
  );
}
