// The list of intents as it holds in this shop: how each is called, what it has learnt from, who gets it; and what is not
// learnt yet, with the way to the training.
import "../../../styles/intents.css";
import { GraduationCap, Plus, Search } from "lucide-preact";
import { useState } from "preact/hooks";
import { number } from "../../../../shared/format";
import { go, place } from "../../../actions/place";
import { say } from "../../../actions/toast";
import { get, post, Problem } from "../../../store/api";
import { intents as known } from "../../../store/session";
import { language, said, sentence, ts } from "../../../text";
import { Banner } from "../../../ui/Banner";
import { Blank } from "../../../ui/Blank";
import { Button } from "../../../ui/Button";
import { Input } from "../../../ui/Field";
import { SectionHead, useFetched, useSaving } from "../parts";
import { NewIntent } from "./NewIntent";
import { OneIntent } from "./OneIntent";
import { called, fitting, meaningOf, pathOf, stands, teamOf, UNKNOWN, type Intent, type IntentList } from "./shapes";

export function Intents() {
  const words = ts().intents;
  const { value, fault, load } = useFetched(() => get<IntentList>("/intents"), known.value);
  const [typed, setTyped] = useState("");
  const [fresh, setFresh] = useState(false);
  const asked = place.value.page === "settings" ? place.value.section?.split(":")[1] : undefined;
  if (asked) return <>{fault}{value && <OneIntent key={asked} name={asked} list={value} load={load} />}</>;
  const found = fitting(value?.items ?? [], typed);
  return (
    <>
      <SectionHead title={words.title} what={words.what}><Button kind="primary" icon={Plus} onClick={() => setFresh(true)}>{words.add}</Button></SectionHead>
      {fault}
      {value && <Unlearnt list={value} />}
      {value && <Input label={words.find} value={typed} onValue={setTyped} />}
      {value && found.length === 0 && <section class="card"><Blank icon={Search} title={words.none(typed)} action={<Button onClick={() => setTyped("")}>{words.back}</Button>} /></section>}
      {value && <Part title={words.inUse} items={found.filter(stands)} list={value} />}
      {value && <Part title={words.apart} items={found.filter((one) => !stands(one) && !one.gone)} list={value} />}
      {value && <Part title={words.removed} items={found.filter((one) => one.gone)} list={value} />}
      {fresh && <NewIntent onClose={() => setFresh(false)} />}
    </>
  );
}

/** What the model that serves was not taught, and the one step to it. */
export function Unlearnt({ list }: { list: IntentList }) {
  const words = ts().intents;
  const { busy, save } = useSaving();
  // Somebody else may have been faster: the page of the training says how far it is.
  const teach = () => void save(async () => {
    await post("/learning/train").catch((error: unknown) => say(error instanceof Problem && error.slug === "conflict" ? said(error.detail) : sentence(error)));
    go("/settings/learning");
  });
  if (list.changed === null) return <Banner tone="info">{words.noModel}</Banner>;
  if (list.changed === 0) return null;
  const actions = <Button icon={GraduationCap} busy={busy} onClick={teach}>{words.teach}</Button>;
  return <Banner tone="info" class="unlearnt" actions={actions}>{words.changed(number(list.changed, language.value))} <span class="faint">{words.changedHow}</span></Banner>;
}

function Part({ title, items, list }: { title: string; items: readonly Intent[]; list: IntentList }) {
  if (items.length === 0) return null;
  const own = [...items].sort((a, b) => Number(b.own) - Number(a.own));
  return <section class="card"><div class="card-h"><h3 class="grow">{title}</h3></div><ul class="ints" aria-label={title}>{own.map((one) => <Line key={one.name} one={one} list={list} />)}</ul></section>;
}

function Line({ one, list }: { one: Intent; list: IntentList }) {
  const words = ts().intents;
  const spoken = language.value;
  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(pathOf(one.name));
  };
  const other = one[spoken === "vi" ? "en" : "vi"];
  const learns = one.name !== UNKNOWN && stands(one);
  return (
    <li>
      <a class="int" href={pathOf(one.name)} onClick={open}>
        <span class="int-n"><b class={one.tone === "plain" ? "" : `intent ${one.tone}`}>{called(one)}</b>{other !== called(one) && <span class="faint">{other}</span>}{one.own && <span class="chip">{words.own}</span>}<State one={one} list={list} /></span>
        <span class="int-m muted">{meaningOf(one)}</span>
        <span class="int-c num">{learns && !one.own && <span>{words.messages(number(one.messages, spoken))}</span>}{(one.own || one.examples > 0) && <span class={one.own ? "" : "faint"}>{words.examples(number(one.examples, spoken))}</span>}</span>
        <span class="int-t faint">{learns ? teamOf(one.name)?.name ?? words.nobody : ""}</span>
      </a>
    </li>
  );
}

/** Where it stands, in one chip; nothing for one that simply works. */
export function State({ one, list }: { one: Intent; list: IntentList }) {
  const words = ts().intents;
  const target = one.into === null ? undefined : list.items.find((other) => other.name === one.into);
  if (target) return <span class="chip chip-line">{words.isInto(called(target))}</span>;
  if (one.gone) return null;
  if (!one.on) return <span class="chip chip-line">{words.isOff}</span>;
  if (one.missing > 0) return <span class="chip warn">{words.needs(number(one.missing, language.value))}</span>;
  return one.own && !one.taught ? <span class="chip accent">{words.waits}</span> : null;
}
