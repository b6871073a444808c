// Reading and being there: what marks words as read, and what colleagues are told about where this agent is.
import { effect } from "@preact/signals";
import { put } from "../store/api";
import { sayWhere } from "../store/live";
import { overlayRow, patchRow, rowOf, unreadRow } from "../store/rows";
import type { Row } from "../store/types";
import { sentence, t } from "../text";
import { currentConversation, currentView, openView } from "./place";
import { say } from "./toast";

const BEAT_MS = 10_000;
const TYPING_MS = 5_000;
const SETTLED_MS = 150;

const asked = new Map<string, number>();
/** What is being marked as read, until the server has answered. */
const marking = new Map<string, Promise<void>>();
let typingUntil = 0;
let timer: ReturnType<typeof setInterval> | undefined;
let soon: ReturnType<typeof setTimeout> | undefined;

/** Mark everything up to `seq` as read, once; shown at once, and again unread when the server did not take it. */
export async function markRead(conversation: string, seq: number): Promise<void> {
  const row = rowOf(conversation)?.peek();
  if (!row || row.read >= seq || (asked.get(conversation) ?? 0) >= seq) return;
  asked.set(conversation, seq);
  const mine = tellRead(row, seq);
  marking.set(conversation, mine);
  await mine;
  if (marking.get(conversation) === mine) marking.delete(conversation);
}

async function tellRead({ id, head }: Row, seq: number): Promise<void> {
  const uncover = overlayRow(id, { read: seq });
  try {
    await put(`/conversations/${encodeURIComponent(id)}/read`, { seq });
    patchRow(id, head, { read: seq });
  } catch {
    asked.delete(id);
  } finally {
    uncover();
  }
}

/** The customer's last words are unread again, for the whole team; whoever looks at them leaves, or they would be read at once. */
export async function markUnread(row: Row): Promise<void> {
  if (currentConversation.peek() === row.id) openView(currentView.peek());
  await marking.get(row.id); // two requests at once may overtake each other
  const before = asked.get(row.id) ?? 0;
  asked.delete(row.id);
  try {
    const { read } = await put<Row>(`/conversations/${encodeURIComponent(row.id)}/unread`, {});
    unreadRow(row.id, read);
    say(t().did.unread);
  } catch (error) {
    asked.set(row.id, before);
    say(sentence(error), { words: t().retry, run: () => void markUnread(row) });
  }
}

/** The agent types here now; colleagues see it for a few seconds. */
export function typed(): void {
  const first = Date.now() > typingUntil;
  typingUntil = Date.now() + TYPING_MS;
  if (first) tell();
}

/** The words were sent or thrown away: no longer typing. */
export function stoppedTyping(): void {
  typingUntil = 0;
  tell();
}

const tell = (): void => sayWhere(document.visibilityState === "visible" ? currentConversation.peek() : null, Date.now() < typingUntil);

/** Tell colleagues where this agent is, soon after every move and every ten seconds. The returned function stops it. */
export function startTelling(): () => void {
  clearInterval(timer);
  timer = setInterval(tell, BEAT_MS);
  const stop = effect(() => {
    void currentConversation.value;
    typingUntil = 0;
    clearTimeout(soon);
    soon = setTimeout(tell, SETTLED_MS);
  });
  document.addEventListener("visibilitychange", tell);
  return () => {
    clearInterval(timer);
    clearTimeout(soon);
    document.removeEventListener("visibilitychange", tell);
    stop();
  };
}
