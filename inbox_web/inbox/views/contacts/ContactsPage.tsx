// The people: found by name, address or fact without accents; one of them with everything that was ever said.
import "../../styles/contacts.css";
import { Search, SearchX, TriangleAlert, Users } from "lucide-preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { searchWish } from "../../actions/focus";
import { contactPath, go, place } from "../../actions/place";
import type { Problem } from "../../store/api";
import { findContacts } from "../../store/contacts";
import type { Contact } from "../../store/types";
import { sentence, t } from "../../text";
import { Avatar } from "../../ui/Avatar";
import { Blank, SkeletonRows, useLate } from "../../ui/Blank";
import { Button } from "../../ui/Button";
import { ChannelMark, channelName } from "../../ui/ChannelMark";
import { Icon } from "../../ui/Icon";
import { Marked } from "../../ui/Marked";
import { width } from "../../ui/width";
import { ContactDetail } from "./ContactDetail";

const SEARCH_AFTER_MS = 180;

interface Found { items: Contact[]; next: string | null; q: string }

export function ContactsPage() {
  const id = place.value.page === "contacts" ? place.value.contact : null;
  if (width.value === "phone" && id) return <div class="contacts"><ContactDetail key={id} id={id} /></div>;
  return (
    <div class="contacts">
      <People open={id} />
      {width.value !== "phone" && (id ? <ContactDetail key={id} id={id} /> : <main class="thread nothing"><Blank icon={Users} title={t().contacts.choose}>{t().contacts.chooseHow}</Blank></main>)}
    </div>
  );
}

function People({ open }: { open: string | null }) {
  const [query, setQuery] = useState("");
  const [found, setFound] = useState<Found | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const wanted = useRef(""); // answers come in any order
  wanted.current = query.trim();
  const ask = (q: string, cursor: string | null) => findContacts(q, cursor).then(
    (page) => { if (q !== wanted.current) return; setProblem(null); setFound((old) => ({ ...page, q, items: cursor && old ? [...old.items, ...page.items] : page.items })); },
    (error: Problem) => setProblem(error),
  );
  useEffect(() => {
    const timer = setTimeout(() => void ask(query.trim(), null), query ? SEARCH_AFTER_MS : 0);
    return () => clearTimeout(timer);
  }, [query]);
  const wished = searchWish.value;
  useLayoutEffect(() => {
    if (!wished) return;
    searchWish.value = false;
    field.current?.focus();
  }, [wished]);
  const Region = width.value === "phone" ? "main" : "section";
  const late = useLate(found === null && problem === null);
  return (
    <Region class="list" aria-label={t().nav.contacts}>
      {width.value === "phone" && <h1 class="unseen">{t().nav.contacts}</h1>}
      <div class="lh"><div class="lh-f"><Icon of={Search} size={14} /><input ref={field} type="search" value={query} aria-label={t().contacts.search} placeholder={t().contacts.search} onInput={(event: Event) => setQuery((event.currentTarget as HTMLInputElement).value)} /></div></div>
      {late && <SkeletonRows />}
      {problem && <Blank icon={TriangleAlert} danger title={t().contacts.failed} action={<Button kind="primary" onClick={() => void ask(query.trim(), null)}>{t().retry}</Button>}>{sentence(problem)}</Blank>}
      {!problem && found?.items.length === 0 && (found.q ? <Blank icon={SearchX} title={t().blank.notFound(found.q)} action={<Button onClick={() => setQuery("")}>{t().blank.clearSearch}</Button>}>{t().blank.notFoundHow}</Blank> : <Blank icon={Users} title={t().contacts.none}>{t().contacts.noneHow}</Blank>)}
      {found && found.items.length > 0 && (
        <ul class="ls people" onScroll={(event: Event) => { const node = event.currentTarget as HTMLElement; if (found.next && node.scrollHeight - node.scrollTop - node.clientHeight < 300) void ask(found.q, found.next); }}>
          {found.items.map((one) => <Person key={one.id} contact={one} on={one.id === open} hit={found.q} />)}
        </ul>
      )}
    </Region>
  );
}

function Person({ contact, on, hit }: { contact: Contact; on: boolean; hit: string }) {
  const kinds = [...new Set(contact.addresses?.map((one) => one.channel))];
  const mailbox = contact.facts?.email ?? contact.addresses?.find((one) => one.channel === "email")?.value;
  const told = [contact.facts?.phone, mailbox].filter(Boolean).join(" · ") || kinds.map(channelName).join(" · ");
  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(contactPath(contact.id));
  };
  return (
    <li><a href={contactPath(contact.id)} class={on ? "on" : ""} aria-current={on ? "true" : undefined} onClick={open}>
      <Avatar name={contact.name} /><span class="grow"><b class="one"><Marked text={contact.name} hit={hit} /></b><span class="one faint">{told || t().contacts.noFacts}</span></span>
      <span class="row marks">{kinds.map((kind) => <ChannelMark key={kind} kind={kind} />)}</span></a></li>
  );
}
