// One person: who they are at the left, everything that was said at the right, across all channels.
import { ArrowLeft, MessageSquare, SearchX, TriangleAlert } from "lucide-preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { layOut } from "../../actions/log_layout";
import { go, openConversation } from "../../actions/place";
import type { Problem } from "../../store/api";
import { contactOf, fetchContact } from "../../store/contacts";
import { loadOlder, openThread } from "../../store/threads";
import type { Contact } from "../../store/types";
import { newestFirst } from "../../store/views";
import { sentence, t } from "../../text";
import { Blank } from "../../ui/Blank";
import { Button, IconButton } from "../../ui/Button";
import { width } from "../../ui/width";
import { Consents } from "../panel/Consent";
import { Addresses, Conversations, Facts, Identity } from "../panel/parts";
import { Lines } from "../thread/Lines";
import { useStick } from "../thread/stick";

export function ContactDetail({ id }: { id: string }) {
  const contact = contactOf(id).value;
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = () => {
    setProblem(null);
    fetchContact(id).catch((error: Problem) => setProblem(error));
  };
  useEffect(load, [id]);
  if (problem && !contact) {
    if (problem.slug === "not-found") return <main class="thread nothing"><Blank icon={SearchX} title={t().contacts.gone} action={<Button onClick={() => go("/contacts")}>{t().contacts.all}</Button>}>{t().blank.goneHow}</Blank></main>;
    return <main class="thread nothing"><Blank icon={TriangleAlert} danger title={t().contacts.oneFailed} action={<Button kind="primary" onClick={load}>{t().retry}</Button>}>{sentence(problem)}</Blank></main>;
  }
  if (!contact) return <main class="thread nothing" aria-busy="true" />;
  const newest = [...(contact.conversations ?? [])].sort(newestFirst)[0];
  const Name = width.value === "phone" ? "h1" : "h2";
  return (
    <main class="thread person" aria-label={contact.name}>
      <header class="th">
        {width.value === "phone" && <IconButton label={t().back} icon={ArrowLeft} size={20} onClick={() => go("/contacts")} />}
        <Name class="grow one">{contact.name}</Name>
        {newest && <Button kind="primary" icon={MessageSquare} onClick={() => openConversation(newest.id, newest.state === "open" ? "open" : "all")}>{t().contacts.open}</Button>}
      </header>
      <div class="person-in">
        <div class="person-who panel"><Identity contact={contact} /><Addresses contact={contact} /><Consents contact={contact} /><Facts contact={contact} /><Conversations contact={contact} open={null} /></div>
        <History contact={contact} />
      </div>
    </main>
  );
}

function History({ contact }: { contact: Contact }) {
  const thread = useMemo(() => openThread(contact.id), [contact.id]);
  const entries = thread.entries.value;
  const lines = useMemo(() => layOut(entries, null, null), [entries]);
  const ready = thread.status.value === "ready";
  const { box, inner } = useStick({ ready, key: contact.id, count: entries.length, own: "", typing: false });
  return (
    <div class="log-box"><div class="log" ref={box} role="log" tabIndex={0} aria-label={t().threadWith(contact.name)} onScroll={() => { if (box.current && box.current.scrollTop < 400) void loadOlder(thread); }}>
      <div class="log-in" ref={inner}>
        {ready && <p class="log-top">{thread.more.value ? <button type="button" class="link" onClick={() => void loadOlder(thread)}>{t().older}</button> : t().beginning(contact.name)}</p>}
        <Lines lines={lines} />
        {thread.status.value === "failed" && <p class="log-top">{sentence(thread.problem.value)}</p>}
      </div>
    </div></div>
  );
}
