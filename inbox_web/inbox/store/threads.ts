// The log of a person across conversations and channels, one record per contact. Older entries come from the contact's timeline.
import { signal, type Signal } from "@preact/signals";
import { get, Problem, withQuery } from "./api";
import { mergeEntries, retold } from "./merge";
import type { Contact, Message } from "./types";

const PAGE = 50;
const CATCH_UP_PAGES = 6;

export interface Thread {
  contact: string;
  entries: Signal<Message[]>;
  status: Signal<"loading" | "ready" | "failed">;
  problem: Signal<Problem | null>;
  more: Signal<boolean>;
  older: Signal<boolean>;    // a page of older entries is on its way
}

interface Page { items: Message[]; more: boolean }

const threads = new Map<string, Thread>();
const rootOf = new Map<string, string>();
let asking = 0; // pages that are on their way
const overtaken = new Map<string, Partial<Message>>(); // what was told meanwhile of messages that may be in them
const early = new Map<string, Partial<Message>>(); // what was told of messages that nobody told of yet: writers overtake each other
const MOST_EARLY = 200;

/** The thread of a contact (or of the person it was merged into), asked for on first use and again on each later one. */
export function openThread(contact: string): Thread {
  const thread = threadOf(contact);
  void loadNewest(thread);
  return thread;
}

/** The same as it is known here; whoever shows it asks for its newest page. */
export function threadOf(contact: string): Thread {
  const root = rootOf.get(contact) ?? contact;
  const known = threads.get(root);
  const thread = known ?? {
    contact: root, entries: signal([]), status: signal("loading"), problem: signal(null), more: signal(false), older: signal(false),
  };
  threads.set(root, thread);
  return thread;
}

/** The thread of a contact when it was opened before; asks for nothing. */
export const openedThread = (contact: string): Thread | undefined => threads.get(rootOf.get(contact) ?? contact);

/** Ask for the newest page; on a gap to what is known, what is known is dropped rather than shown with a hole. */
export async function loadNewest(thread: Thread): Promise<void> {
  try {
    const { items, more } = await page(thread, null);
    const known = thread.entries.peek();
    const joined = known.length > 0 && (!more || items.some((one) => known.some((old) => old.id === one.id)));
    thread.entries.value = mergeEntries(joined ? known : known.filter((one) => one.order > (items[0]?.order ?? 0)), items);
    if (!joined) thread.more.value = more;
    thread.status.value = "ready";
    thread.problem.value = null;
  } catch (error) {
    thread.problem.value = error as Problem;
    if (thread.entries.peek().length === 0) thread.status.value = "failed";
  }
}

/** Ask for the page before the oldest entry; quiet when one is on its way or there is none. */
export async function loadOlder(thread: Thread): Promise<void> {
  if (thread.older.peek() || !thread.more.peek()) return;
  thread.older.value = true;
  try {
    const { items, more } = await page(thread, thread.entries.peek()[0]?.at ?? null);
    const before = thread.entries.peek().length;
    thread.entries.value = mergeEntries(thread.entries.peek(), items);
    thread.more.value = more && thread.entries.peek().length > before;
    thread.problem.value = null;
  } catch (error) {
    thread.problem.value = error as Problem;
  } finally {
    thread.older.value = false;
  }
}

/** Load back until the newest entry of one conversation is there (an old conversation of a busy customer). */
export async function reachConversation(thread: Thread, conversation: string): Promise<void> {
  for (let turn = 0; turn < CATCH_UP_PAGES; turn++) {
    if (thread.entries.peek().some((one) => one.conversation === conversation) || !thread.more.peek()) return;
    await loadOlder(thread);
  }
}

/** Load back until this entry is there, as far as one looks. */
export async function reachMessage(thread: Thread, message: string): Promise<void> {
  for (let turn = 0; turn < CATCH_UP_PAGES; turn++) {
    if (thread.entries.peek().some((one) => one.id === message) || !thread.more.peek()) return;
    await loadOlder(thread);
  }
}

/** A message from the live socket or from an answer of the API: into its thread, when that is known here. */
export function addMessage(message: Message): void {
  const thread = openedThread(message.contact);
  if (thread) thread.entries.value = mergeEntries(thread.entries.peek(), [message]);
}

/** A message that the live socket tells of, as it is since what was told of it before. */
export function hearMessage(message: Message): void {
  const since = early.get(message.id);
  early.delete(message.id);
  addMessage(since ? { ...message, ...since } : message);
}

/** Change fields of a message wherever it is shown; one that is on its way gets them when it comes. */
export function amendMessage(id: string, set: Partial<Message>): void {
  if (replace(id, (kept) => ({ ...kept, ...set }))) return;
  if (asking > 0) overtaken.set(id, { ...overtaken.get(id), ...set });
  early.set(id, { ...early.get(id), ...set });
  if (early.size > MOST_EARLY) early.delete(early.keys().next().value!);
}

/** Take a whole message from an answer of the API, which a live event may have overtaken. */
export const retellMessage = (message: Message): void => void replace(message.id, (kept) => retold(kept, message));

function replace(id: string, by: (kept: Message) => Message): boolean {
  for (const thread of threads.values()) {
    const entries = thread.entries.peek();
    const at = entries.findIndex((one) => one.id === id);
    if (at < 0) continue;
    thread.entries.value = entries.with(at, by(entries[at]!));
    return true;
  }
  return false;
}

/** Learn which contact ids are one person, so that live messages of each find the same thread. */
export function learnMembers(contact: Contact): void {
  for (const member of contact.members ?? []) rootOf.set(member, contact.id);
}

/** Every thread asks for its newest page again when it is opened next; the open one now. */
export function reloadThreads(open: Thread | null): void {
  for (const [contact, thread] of threads) if (thread !== open) threads.delete(contact);
  if (open) void loadNewest(open);
}
export function forgetThreads(): void {
  threads.clear();
  early.clear();
}

async function page(thread: Thread, before: string | null): Promise<Page> {
  asking += 1;
  try {
    const found = await get<Page>(withQuery(`/contacts/${encodeURIComponent(thread.contact)}/timeline`, { before, limit: PAGE }));
    return { ...found, items: found.items.map((one) => ({ ...one, ...overtaken.get(one.id) })) };
  } finally {
    asking -= 1;
    if (asking === 0) overtaken.clear();
  }
}
