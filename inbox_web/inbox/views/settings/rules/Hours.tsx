// When teams are open, how their conversations find somebody, and what each person takes.
import { useState } from "preact/hooks";
import { date } from "../../../../shared/format";
import { get, put, remove } from "../../../store/api";
import { agents, channels, intents, teams } from "../../../store/session";
import { language, t, ts } from "../../../text";
import { Button } from "../../../ui/Button";
import { channelName } from "../../../ui/ChannelMark";
import { Dialog } from "../../../ui/Dialog";
import { Area, Input, Toggle } from "../../../ui/Field";
import { Card, Fault, SectionHead, useFetched, useSaving } from "../parts";
import { useChosen } from "../turning";
import { wordsOf } from "./shapes";
import { readDays, readSpans, writeDays, writeSpans, type Hours as Open } from "./spans";

interface TeamDesk { id: string; how: string; capacity: number; only_open: boolean }
interface AgentDesk { id: string; capacity: number | null; channels: Record<string, number>; intents: string[]; languages: string[]; away: boolean }
interface Roster { hours: Open[]; teams: TeamDesk[]; agents: AgentDesk[]; holidays: { day: string; vi: string; en: string }[] }

const HOW = ["by_hand", "load", "round_robin", "last_agent"];
const SHOP = "shop";
const LANGUAGES = ["vi", "en"];
const digits = (text: string): string => text.replace(/\D/g, "");

export function Hours() {
  const words = ts().hours;
  const { value, fault, load } = useFetched(() => get<Roster>("/roster"), 0);
  const [open, setOpen] = useState<string | null>(null);
  const [person, setPerson] = useState<string | null>(null);
  const name = (id: string): string => (id === SHOP ? words.shop : (teams.value.get(id)?.name ?? id));
  const of = (id: string): Open | undefined => value?.hours.find((one) => one.id === id);
  const desk = (id: string): AgentDesk => value?.agents.find((one) => one.id === id) ?? { id, capacity: null, channels: {}, intents: [], languages: [], away: false };
  const today = new Date().toISOString().slice(0, 10);
  const coming = spells((value?.holidays ?? []).filter((one) => one.day >= today)).slice(0, 6);
  return (
    <>
      <SectionHead title={words.title} what={words.what} />
      {fault}
      {value && <>
        <Card title={words.span}>
          <div class="hours">{[SHOP, ...teams.value.keys()].map((id) => (
            <button type="button" key={id} class="hour-row" onClick={() => setOpen(id)}><b>{name(id)}</b><span class="muted">{of(id) ? summary(of(id)!) : id === SHOP ? words.always : words.asShop}</span></button>
          ))}</div>
          {coming.length > 0 && <p class="help">{words.next}: {coming.map((one) => `${one.name} ${one.last !== one.first ? `${one.first.slice(0, 5)}–` : ""}${one.last}`).join(" · ")}</p>}
        </Card>
        {teams.value.size > 0 && <Card title={words.giving} help={words.givingHelp}><div class="hours">{[...teams.value.values()].map((team) => <Giving key={team.id} name={team.name} desk={value.teams.find((one) => one.id === team.id) ?? { id: team.id, how: "by_hand", capacity: 10, only_open: false }} onDone={load} />)}</div></Card>}
        <Card title={words.people} help={words.peopleHelp}><div class="hours">{[...agents.value.values()].filter((one) => one.on).map((one) => (
          <button type="button" key={one.id} class="hour-row" onClick={() => setPerson(one.id)}><b>{one.name}{desk(one.id).away && <span class="chip away">{words.away}</span>}</b><span class="muted">{takes(desk(one.id))}</span></button>
        ))}</div></Card>
      </>}
      {open && <HoursDialog key={open} id={open} name={name(open)} hours={of(open) ?? null} onDone={load} onClose={() => setOpen(null)} />}
      {person && <PersonDialog key={person} desk={desk(person)} name={agents.value.get(person)?.name ?? person} onDone={load} onClose={() => setPerson(null)} />}
    </>
  );
}

/** Holidays of one name that follow each other are one. */
function spells(days: Roster["holidays"]): { name: string; first: string; last: string }[] {
  const found: { name: string; first: string; last: string }[] = [];
  for (const one of days) {
    const name = one[language.value];
    const day = date(new Date(`${one.day}T12:00:00`));
    const before = found[found.length - 1];
    if (before?.name === name) before.last = day;
    else found.push({ name, first: day, last: day });
  }
  return found;
}

/** A week in one line: days with the same spans stand together. */
function summary(hours: Open): string {
  const words = ts().hours;
  const parts: string[] = [];
  for (let day = 0; day < 7;) {
    const spans = writeSpans(hours.week[day] ?? []);
    let last = day;
    while (last < 6 && writeSpans(hours.week[last + 1] ?? []) === spans) last++;
    parts.push(`${words.day[day]}${last > day ? `–${words.day[last]}` : ""} ${spans || words.closed}`);
    day = last + 1;
  }
  return parts.join(" · ");
}

function takes(desk: AgentDesk): string {
  const words = ts().hours;
  const skills = [...new Set(desk.intents.map((one) => intents.value.get(one)?.[language.value] ?? one)), ...desk.languages.map((one) => wordsOf("language", one))];
  const counts = Object.entries(desk.channels).map(([kind, most]) => `${channelName(kind)} ${most}`).join(", ");
  return [`${words.most}: ${desk.capacity ?? words.asTeam}`, counts, skills.length ? skills.join(", ") : words.everything].filter(Boolean).join(" · ");
}

function Giving({ name, desk, onDone }: { name: string; desk: TeamDesk; onDone: () => Promise<void> }) {
  const words = ts().hours;
  const [capacity, setCapacity] = useState(String(desk.capacity));
  const { value: now, choose, fault } = useChosen(desk, async ({ id, ...rest }) => {
    await put(`/roster/teams/${encodeURIComponent(id)}`, rest);
    await onDone();
  });
  const put_ = (change: Partial<TeamDesk>) => choose({ ...now, ...change });
  return (
    <div class="giving"><b>{name}</b>
      <select class="input select" aria-label={`${words.giving}: ${name}`} value={now.how} onChange={(event: Event) => put_({ how: (event.currentTarget as HTMLSelectElement).value })}>{HOW.map((how) => <option key={how} value={how} selected={how === now.how}>{words.how[how]}</option>)}</select>
      {now.how !== "by_hand" && <><span class="most"><span class="muted" aria-hidden="true">{words.most}</span><input class="input" inputMode="numeric" aria-label={`${words.capacity}: ${name}`} title={words.capacity} value={capacity} onInput={(event: Event) => setCapacity((event.currentTarget as HTMLInputElement).value)} onChange={() => put_({ capacity: Number(capacity.replace(/\D/g, "")) || 0 })} /></span>
        <Toggle label={words.onlyOpen} on={now.only_open} onToggle={(only_open) => put_({ only_open })} /></>}
      <Fault words={fault} /></div>
  );
}

function HoursDialog({ id, name, hours, onDone, onClose }: { id: string; name: string; hours: Open | null; onDone: () => void; onClose: () => void }) {
  const words = ts().hours;
  const [week, setWeek] = useState<string[]>(words.day.map((_, day) => (hours ? writeSpans(hours.week[day] ?? []) : day < 6 ? "08:00-12:00, 13:30-17:30" : "")));
  const [zone, setZone] = useState(hours?.zone ?? "Asia/Ho_Chi_Minh");
  const [holidays, setHolidays] = useState(hours?.holidays ?? true);
  const [special, setSpecial] = useState(writeDays(hours?.special ?? []));
  const [bad, setBad] = useState<string | null>(null);
  const { busy, save, about, general } = useSaving();
  const done = () => {
    onDone();
    onClose();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    const spans = week.map(readSpans);
    const days = readDays(special);
    const wrong = week.find((_, day) => spans[day] === null) ?? days.bad;
    setBad(wrong ? words.bad(wrong) : null);
    if (!wrong) void save(async () => {
      await put(`/roster/hours/${encodeURIComponent(id)}`, { zone: zone.trim(), week: spans, holidays, special: days.days });
      done();
    }, ts().saved);
  };
  const forget = () => void save(async () => {
    await remove(`/roster/hours/${encodeURIComponent(id)}`);
    done();
  });
  return (
    <Dialog title={words.edit(name)} onClose={onClose} foot={<>{hours && id !== SHOP && <Button kind="quiet" onClick={forget}>{words.forget}</Button>}<span class="grow" /><Button kind="quiet" onClick={onClose}>{t().cancel}</Button><Button kind="primary" type="submit" form="hours" busy={busy}>{ts().save}</Button></>}>
      <form id="hours" class="form" onSubmit={submit} novalidate>
        <p class="help">{words.spanHelp}</p>
        <div class="week">{words.day.map((day, index) => <label key={day}><span>{day}</span><input class="input" value={week[index]} placeholder={words.closed} onInput={(event: Event) => setWeek(week.map((one, place) => (place === index ? (event.currentTarget as HTMLInputElement).value : one)))} /></label>)}</div>
        <Toggle label={words.holidays} on={holidays} onToggle={setHolidays} />
        <Area label={words.special} help={words.specialHelp} value={special} onValue={setSpecial} mono />
        <Input label={words.zone} value={zone} onValue={setZone} error={about("zone")} />
        <Fault words={bad ?? general(["zone"])} />
      </form>
    </Dialog>
  );
}

function PersonDialog({ desk, name, onDone, onClose }: { desk: AgentDesk; name: string; onDone: () => void; onClose: () => void }) {
  const words = ts().hours;
  const [capacity, setCapacity] = useState(desk.capacity === null ? "" : String(desk.capacity));
  const [counts, setCounts] = useState<Record<string, string>>(Object.fromEntries(Object.entries(desk.channels).map(([kind, most]) => [kind, String(most)])));
  const [skills, setSkills] = useState(desk.intents);
  const [languages, setLanguages] = useState(desk.languages);
  const [away, setAway] = useState(desk.away);
  const { busy, save, general } = useSaving();
  const submit = (event: Event) => {
    event.preventDefault();
    void save(async () => {
      const most = digits(capacity);
      const each = Object.entries(counts).filter(([, count]) => digits(count) !== "").map(([kind, count]) => [kind, Number(digits(count))]);
      await put(`/roster/agents/${encodeURIComponent(desk.id)}`, { capacity: most === "" ? null : Number(most), channels: Object.fromEntries(each), intents: skills, languages, away });
      onDone();
      onClose();
    }, ts().saved);
  };
  return (
    <Dialog title={words.editPerson(name)} onClose={onClose} foot={<><span class="grow" /><Button kind="quiet" onClick={onClose}>{t().cancel}</Button><Button kind="primary" type="submit" form="person" busy={busy}>{ts().save}</Button></>}>
      <form id="person" class="form" onSubmit={submit} novalidate>
        <Toggle label={words.away} help={words.awayHelp} on={away} onToggle={setAway} />
        <Input label={words.capacity} inputMode="numeric" help={words.capacityHelp} value={capacity} onValue={setCapacity} autofocus />
        <fieldset class="checks"><legend>{words.perChannel}</legend><p class="help">{words.channelHelp}</p><div class="counts">{[...new Set([...channels.value.keys(), ...Object.keys(desk.channels)])].map((kind) => <Input key={kind} label={channelName(kind)} inputMode="numeric" value={counts[kind] ?? ""} onValue={(count) => setCounts({ ...counts, [kind]: count })} />)}</div></fieldset>
        <fieldset class="checks"><legend>{words.languages}</legend>{[...new Set([...LANGUAGES, ...desk.languages])].map((one) => <Toggle key={one} label={wordsOf("language", one)} on={languages.includes(one)} onToggle={(on) => setLanguages(on ? [...languages, one] : languages.filter((other) => other !== one))} />)}</fieldset>
        <fieldset class="checks many"><legend>{words.skills}</legend>{[...intents.value.values()].filter((one) => one.name !== "unknown" && (one.offered !== false || desk.intents.includes(one.name))).map((one) => <Toggle key={one.name} label={one[language.value]} {...(one.offered === false && { help: ts().intents.gone })} on={skills.includes(one.name)} onToggle={(on) => setSkills(on ? [...skills, one.name] : skills.filter((other) => other !== one.name))} />)}</fieldset>
        <Fault words={general([])} />
      </form>
    </Dialog>
  );
}
