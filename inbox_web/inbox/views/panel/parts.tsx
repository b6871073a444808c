// The parts of a person, shared by the panel and the contacts page.
import "../../styles/panel.css";
import { Check, Pencil } from "lucide-preact";
import { useState } from "preact/hooks";
import { date, listTime } from "../../../shared/format";
import { openConversation, conversationPath } from "../../actions/place";
import { Problem } from "../../store/api";
import { correctContact } from "../../store/contacts";
import { rowOf } from "../../store/rows";
import type { Contact, Row } from "../../store/types";
import { language, sentence, t } from "../../text";
import { Avatar } from "../../ui/Avatar";
import { Button, IconButton } from "../../ui/Button";
import { channelName, ChannelMark } from "../../ui/ChannelMark";
import { now } from "../../ui/clock";
import { Choose, Input } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { stageWords } from "./Why";

/** How the ledger calls an address that proves nothing but "the same browser as before". */
const BROWSER_ONLY = "token";

export function Identity({ contact }: { contact: Contact }) {
  const [editing, setEditing] = useState(false);
  const speaks = contact.language === "vi" ? t().panel.vietnamese : contact.language === "en" ? t().panel.english : "";
  return (
    <>
      <div class="pc">
        <Avatar name={contact.name} size="l" />
        <div class="grow"><h2>{contact.name}</h2><p class="faint">{[speaks, t().panel.since(date(new Date(contact.at)))].filter(Boolean).join(" · ")}</p></div>
        {!editing && <IconButton small label={t().panel.edit} icon={Pencil} size={14} onClick={() => setEditing(true)} />}
      </div>
      {editing && <EditContact contact={contact} onDone={() => setEditing(false)} />}
    </>
  );
}

function EditContact({ contact, onDone }: { contact: Contact; onDone: () => void }) {
  const [name, setName] = useState(contact.name);
  const [facts, setFacts] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ words: string; field: string } | null>(null);
  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await correctContact(contact.id, { name: name.trim(), facts });
      onDone();
    } catch (error) {
      const field = error instanceof Problem ? (error.field ?? "") : "";
      setProblem({ words: sentence(error), field: field in words.facts ? field : "name" });
      setBusy(false);
    }
  };
  const words = t().panel;
  const about = (field: string): string | null => (problem?.field === field ? problem.words : null);
  const fact = (key: string) => ({ error: about(key), label: words.facts[key] ?? key, value: facts[key] ?? contact.facts[key] ?? "", onValue: (value: string) => setFacts({ ...facts, [key]: value }) });
  const stage = fact("stage");
  const stages = [...new Set(["", ...Object.keys(words.stages), stage.value])];
  return (
    <form class="pe" onSubmit={save}>
      <Input label={t().panel.name} value={name} onValue={setName} required error={about("name")} />
      <Input type="email" {...fact("email")} />
      <Input type="tel" {...fact("phone")} />
      <Choose {...stage} options={stages.map((value) => ({ value, words: value ? stageWords(value) : words.noStage }))} />
      <Input inputMode="numeric" help={words.scoreHelp} {...fact("score")} />
      <Input {...fact("region")} />
      <Input {...fact("source")} />
      <div class="row end"><Button kind="quiet" onClick={onDone}>{t().cancel}</Button><Button kind="primary" type="submit" busy={busy} disabled={!name.trim()}>{t().save}</Button></div>
    </form>
  );
}

/** What an agent knows an address by: a mailbox by itself, a browser by its channel, a sign-in of the shop's own pages by what it is, an account elsewhere by its name. */
export function addressWords(one: Contact["addresses"][number]): string {
  if (one.channel === "email") return one.value;
  if (one.channel === "site") return t().panel.site;
  return one.channel === "webchat" ? channelName("webchat") : one.name || one.value;
}

/** Browsers look all alike: those that prove the same are one line with their number. */
function lines(addresses: Contact["addresses"]): { one: Contact["addresses"][number]; same: number }[] {
  const alike = (a: Contact["addresses"][number], b: Contact["addresses"][number]): boolean => a === b || (a.channel === "webchat" && b.channel === "webchat" && a.verified === b.verified);
  return addresses.filter((one, at) => addresses.findIndex((other) => alike(one, other)) === at).map((one) => ({ one, same: addresses.filter((other) => alike(one, other)).length }));
}

export function Addresses({ contact }: { contact: Contact }) {
  if (contact.addresses.length === 0) return null;
  return (
    <section><h3>{t().panel.addresses}</h3>
      <ul class="ids">
        {lines(contact.addresses).map(({ one, same }) => (
          <li key={`${one.channel}${one.value}`}><ChannelMark kind={one.channel} /><span class="grow one">{addressWords(one)}{same > 1 && <span class="faint"> · {t().panel.browsers(same)}</span>}</span>
            {one.verified === BROWSER_ONLY ? <span class="faint">{t().panel.anonymous}</span> : one.verified ? <span class="vf"><Icon of={Check} size={12} />{t().panel.verified}</span> : <span class="faint">{t().panel.claimed}</span>}</li>
        ))}
      </ul>
    </section>
  );
}

export function Facts({ contact }: { contact: Contact }) {
  const facts = Object.entries(contact.facts ?? {}).filter(([, value]) => value);
  const names = t().panel.facts;
  if (facts.length === 0) return null;
  return (
    <section><h3>{t().panel.about}</h3>
      <dl>{facts.map(([name, value]) => <div key={name}><dt>{names[name] ?? name}</dt><dd><Fact name={name} value={value} /></dd></div>)}</dl>
    </section>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  if (name === "email") return <a class="link one" href={`mailto:${value}`}>{value}</a>;
  if (name === "phone") return <a class="link" href={`tel:${value.replace(/[^\d+]/g, "")}`}>{value}</a>;
  if (name === "page" && /^https?:\/\//.test(value)) return <a class="link one" href={value} target="_blank" rel="noopener noreferrer">{value.replace(/^https?:\/\//, "")}</a>;
  return <span>{name === "stage" ? stageWords(value) : value}</span>;
}

export function Conversations({ contact, open }: { contact: Contact; open: string | null }) {
  const rows = (contact.conversations ?? []).map((one) => rowOf(one.id)?.value ?? one);
  if (rows.length < (open ? 2 : 1)) return null;
  return <section><h3>{t().panel.conversations}<span class="count">{rows.length}</span></h3><ul class="talks">{rows.map((row) => <Talk key={row.id} row={row} on={row.id === open} />)}</ul></section>;
}

function Talk({ row, on }: { row: Row; on: boolean }) {
  const go = (event: MouseEvent) => {
    event.preventDefault();
    openConversation(row.id, row.state === "open" ? "open" : "all");
  };
  return (
    <li><a href={conversationPath("all", row.id)} class={on ? "on" : ""} aria-current={on ? "true" : undefined} onClick={go}>
      <ChannelMark kind={row.channel} /><span class="grow one">{row.preview?.text || channelName(row.channel)}</span>
      <span class={`chip ${row.state === "open" ? "accent" : row.state === "resolved" ? "ok" : ""}`}>{t().state[row.state]}</span>
      <time class="faint" dateTime={row.last}>{listTime(new Date(row.last), now.value, language.value)}</time></a></li>
  );
}
