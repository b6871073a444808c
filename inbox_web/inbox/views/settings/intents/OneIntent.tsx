// One intent: how it is called, the owner's examples, and whether it is merged or switched off. A change holds at once.
import { ArrowLeft, SearchX } from "lucide-preact";
import { useState } from "preact/hooks";
import { go } from "../../../actions/place";
import { teams } from "../../../store/session";
import { language, ts } from "../../../text";
import { Blank } from "../../../ui/Blank";
import { Button } from "../../../ui/Button";
import { Choose, Input, Toggle } from "../../../ui/Field";
import { Card, CopyBox, Fault, SectionHead, useSaving } from "../parts";
import { useChosen } from "../turning";
import { Examples } from "./Examples";
import { State, Unlearnt } from "./Intents";
import { Tone } from "./NewIntent";
import { called, change, meaningOf, route, stands, teamOf, UNKNOWN, type Change, type Intent, type IntentList } from "./shapes";

interface Shown { one: Intent; list: IntentList; load: () => Promise<void> }

export function OneIntent({ name, list, load }: { name: string; list: IntentList; load: () => Promise<void> }) {
  const words = ts().intents;
  const one = list.items.find((other) => other.name === name);
  const back = <button type="button" class="link back" onClick={() => go("/settings/intents")}><ArrowLeft size={14} aria-hidden="true" />{words.back}</button>;
  if (!one) return <>{back}<Blank icon={SearchX} title={words.missing}>{words.missingHow}</Blank></>;
  if (one.gone) return <>{back}<SectionHead title={called(one)} what={meaningOf(one)} /><Removed one={one} list={list} load={load} /></>;
  return (
    <>
      {back}
      <SectionHead title={called(one)} what={meaningOf(one)}><State one={one} list={list} /></SectionHead>
      <Unlearnt list={list} />
      {one.name === UNKNOWN ? <Card title={words.given}><p>{words.unknownHow}</p></Card> : <Examples one={one} list={list} load={load} />}
      {stands(one) && one.name !== UNKNOWN && <Route one={one} />}
      <Names key={`${one.vi}\n${one.en}`} one={one} list={list} load={load} />
      <Apart one={one} list={list} load={load} />
      {one.own && <Card title={words.file}><CopyBox text={one.name} label={words.file} /></Card>}
    </>
  );
}

/** The team that gets it; acts at once. */
function Route({ one }: { one: Intent }) {
  const words = ts().intents;
  const { busy, save, general } = useSaving();
  const options = [{ value: "", words: ts().teams.nobody }, ...[...teams.value.values()].map((team) => ({ value: team.id, words: team.name }))];
  return (
    <Card title={words.team}>
      <div aria-busy={busy}><Choose label={words.teamOf} help={words.teamHelp} value={teamOf(one.name)?.id ?? ""} onValue={(to) => void save(() => route(one.name, to), ts().saved)} options={options} /></div>
      <Fault words={general([])} />
    </Card>
  );
}

/** Its names, and of an own one meaning and look. */
function Names({ one, load }: Shown) {
  const words = ts().intents;
  const [vi, setVi] = useState(one.vi);
  const [en, setEn] = useState(one.en);
  const [meaning, setMeaning] = useState(one.meaning_vi);
  const [tone, setTone] = useState(one.tone);
  const { busy, save, about, general } = useSaving();
  const wished = { vi: vi.trim(), en: en.trim() || (one.own ? vi.trim() : ""), meaning, tone };
  const was = { vi: one.vi, en: one.en, meaning: one.meaning_vi, tone: one.tone };
  const built = { ...was, ...(!one.own && !one.renamed && { vi: "", en: "" }) }; // what takes a first renaming back
  const changed = (Object.keys(wished) as (keyof typeof wished)[]).filter((key) => wished[key] !== was[key]);
  const only = (from: typeof wished): Change => Object.fromEntries(changed.map((key) => [key, from[key]]));
  const submit = (event: Event) => {
    event.preventDefault();
    void save(() => change(one, only(wished), changed.includes(language.value) && wished[language.value] ? words.renamedTo(wished[language.value]) : ts().saved, only(built), load));
  };
  return (
    <Card title={words.names}>
      <form class="form" onSubmit={submit} novalidate>
        <div class="form two">
          <Input label={words.vi} {...(!one.own && { help: words.emptyName })} value={vi} onValue={setVi} error={about("vi")} maxLength={40} />
          <Input label={words.en} help={one.own ? words.enHelp : words.emptyName} value={en} onValue={setEn} error={about("en")} maxLength={40} />
          {one.own && <><Input label={words.meaning} help={words.meaningHelp} value={meaning} onValue={setMeaning} error={about("meaning")} maxLength={200} /><Tone value={tone} onValue={setTone} /></>}
        </div>
        <Fault words={general(["vi", "en", "meaning"])} />
        <div class="row"><Button type="submit" busy={busy} disabled={changed.length === 0 || (one.own && !wished.vi)}>{ts().save}</Button></div>
      </form>
    </Card>
  );
}

/** An own one that was removed: nothing of it is lost. */
function Removed({ one, load }: Shown) {
  const words = ts().intents;
  const { busy, save, general } = useSaving();
  const back = () => void save(() => change(one, { gone: false, ...(one.into === null && { on: true }) }, words.on(called(one)), { gone: true }, load));
  return <Card title={words.removed}><p>{words.removedHow}</p><div class="row"><Button busy={busy} onClick={back}>{words.takeBackIntent}</Button></div><Fault words={general([])} /></Card>;
}

/** Merged into another one by its button, or switched off at once; the toast has the way back. */
function Apart({ one, list, load }: Shown) {
  const words = ts().intents;
  const [into, setInto] = useState("");
  const { busy, save, general } = useSaving();
  const used = useChosen(one.on, (on) => change(one, { on }, on ? words.on(called(one)) : words.off(called(one)), { on: !on }, load), () => undefined);
  if (one.stays) return <Card title={words.apartTitle}><p class="help">{one.name === UNKNOWN ? words.staysUnknown : words.staysStop}</p></Card>;
  const others = list.items.filter((other) => stands(other) && other.name !== one.name && other.name !== UNKNOWN);
  const target = list.items.find((other) => other.name === (one.into ?? into));
  const merge = () => void save(() => change(one, { into }, words.mergedInto(called(one), called(target!)), { into: "" }, load)).then(() => setInto(""));
  const part = () => void save(() => change(one, { into: "" }, words.apartAgain(called(one)), { into: one.into! }, load));
  const drop = () => void save(() => change(one, { gone: true }, words.isRemoved(called(one)), { gone: false, ...(one.into === null && { on: one.on }) }, load));
  return (
    <Card title={words.apartTitle}>
      <div class="form" aria-busy={busy}>
        {one.into !== null && target && <div class="row gap"><p class="grow">{words.mergedInto(called(one), called(target))}</p><Button disabled={busy} onClick={part}>{words.part}</Button></div>}
        {stands(one) && (
          <div class="merge">
            <Choose label={words.into} help={words.intoHelp} value={into} onValue={setInto} options={[{ value: "", words: words.intoNone }, ...others.map((other) => ({ value: other.name, words: called(other) }))]} />
            <Button disabled={busy || !target} onClick={merge}>{words.merge}</Button>
          </div>
        )}
        {one.into === null && <Toggle kind="switch" label={words.use} help={words.useHelp} on={used.value} onToggle={used.choose} />}
        {one.own && <div class="row gap"><p class="help grow">{words.removeHelp}</p><Button kind="quiet" class="t-danger" disabled={busy} onClick={drop}>{words.remove}</Button></div>}
        <Fault words={general([]) ?? used.fault} />
      </div>
    </Card>
  );
}
