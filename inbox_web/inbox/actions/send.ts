// From the composer to the outbox, and back again when a colleague was faster.
import { signal } from "@preact/signals";
import { post } from "../store/api";
import { amendDraft, draftOf, isBlank, type Draft, type Mode, type Words } from "../store/drafts";
import { answersSince, headOf } from "../store/merge";
import { dispatch, outbox, withdraw, type Outgoing, type OutboxOwner } from "../store/outbox";
import { likes, me } from "../store/session";
import { addMessage, openedThread, retellMessage } from "../store/threads";
import type { FileView, Message, Row } from "../store/types";
import { sentence, t } from "../text";
import { say } from "./toast";

/** Answers that the server named when it refused a stale reply, per conversation. */
const told = signal<Readonly<Record<string, readonly Message[]>>>({});

const entriesOf = (contact: string): readonly Message[] => openedThread(contact)?.entries.value ?? [];

/** What came from others since the reply was begun; none while nothing is being written. */
export function staleAnswers(row: Row): readonly Message[] {
  const draft = draftOf(row.id);
  if (draft.mode !== "reply" || isBlank(draft.reply) || draft.seen === null) return [];
  const live = answersSince(entriesOf(row.contact), row.id, draft.seen, me.value?.id ?? "");
  return live.length ? live : (told.value[row.id] ?? []);
}

/** Change the words at hand; `head` of the thread is what their author sees now. */
export function write(row: Row, change: Partial<Pick<Draft, "mode" | "reply" | "note" | "seen">>): void {
  amendDraft(row.id, change, headOf(entriesOf(row.contact), row.id), Date.now());
}

/** Send what is in the composer; false when it is blank or a colleague's answer must be looked at first. */
export function sendDraft(row: Row): boolean {
  const draft = draftOf(row.id);
  const words = draft[draft.mode];
  if (isBlank(words) || staleAnswers(row).length > 0) return false;
  put(row, draft.mode, words, draft.seen ?? headOf(entriesOf(row.contact), row.id));
  return true;
}

/** Send although somebody answered: now the author has seen it. */
export function sendAnyway(row: Row): void {
  const draft = draftOf(row.id);
  const heads = staleAnswers(row).filter((one) => one.conversation === row.id).map((one) => one.seq);
  forgetTold(row.id);
  put(row, "reply", draft.reply, Math.max(headOf(entriesOf(row.contact), row.id), row.head, ...heads));
}

/** Throw the reply away; the toast gives it back. */
export function discardDraft(row: Row): void {
  const before = draftOf(row.id);
  forgetTold(row.id);
  write(row, { reply: { text: "", files: [] } });
  say(t().did.discarded, { words: t().undo, run: () => write(row, { reply: before.reply, seen: before.seen }) });
}

/** Take a failed message out of the outbox and put its words back where they were written. */
export function takeBack(key: string): void {
  const item = withdraw(key);
  if (item) restore(item);
}

function put(row: Row, mode: Mode, words: Words, seen: number): void {
  dispatch({ conversation: row.id, contact: row.contact, mode, text: words.text.trim(), files: words.files, seen }, new Date(), mode === "reply" ? likes.peek().undo_s : 0);
  write(row, { [mode]: { text: "", files: [] } });
}

function restore(item: Outgoing): void {
  const draft = draftOf(item.conversation);
  const there = draft[item.mode];
  const words: Words = { text: [item.text, there.text].filter((one) => one.trim()).join("\n"), files: [...item.files, ...there.files] };
  amendDraft(item.conversation, { mode: item.mode, [item.mode]: words, seen: item.seen }, item.seen ?? 0, Date.now());
}

function forgetTold(conversation: string): void {
  const { [conversation]: _, ...others } = told.peek();
  told.value = others;
}

/** How the outbox asks for the present. What came while a message waited counts as seen only when it answers nothing. */
export const outboxOwner: OutboxOwner = {
  seenNow(item) {
    const entries = openedThread(item.contact)?.entries.peek() ?? [];
    const seen = item.seen ?? 0;
    if (answersSince(entries, item.conversation, seen, me.peek()?.id ?? "").length > 0) return seen;
    return Math.max(seen, headOf(entries, item.conversation));
  },
  sent: () => undefined,
  stale(item, answers) {
    answers.forEach(addMessage);
    told.value = { ...told.peek(), [item.conversation]: answers };
    restore(item);
  },
};

/** Messages of a conversation that the server does not have yet, without those whose answer only crossed the live event. */
export function pendingIn(conversation: string, entries: readonly Message[]): Outgoing[] {
  return outbox.value.filter((item) => item.conversation === conversation && !entries.some((one) => isTheSame(item, one)));
}

const isTheSame = (item: Outgoing, message: Message): boolean =>
  message.client === item.key || message.id.endsWith(item.key) ||
  (item.state === "sending" && message.conversation === item.conversation && message.author.id === me.peek()?.id &&
    message.text === item.text && message.seq > (item.seen ?? 0));

/** Send a refused or unknown message again; only ever because an agent asked. */
export const resend = (message: Message): Promise<void> => retell(`/messages/${encodeURIComponent(message.id)}/resend`, {});

/** Say that an unknown message did arrive. */
export const markArrived = (message: Message): Promise<void> =>
  retell(`/messages/${encodeURIComponent(message.id)}/settle`, { state: "sent" });

/** Ask the platform once more for a file that it did not hand over. */
export const fetchAgain = (file: FileView): Promise<void> => {
  const [message, index] = file.url.split("/").slice(-2) as [string, string];
  return retell(`/messages/${message}/files/${index}/fetch`, {});
};

async function retell(path: string, body: unknown): Promise<void> {
  try {
    retellMessage(await post<Message>(path, body));
  } catch (error) {
    say(sentence(error), { words: t().retry, run: () => void retell(path, body) });
  }
}

