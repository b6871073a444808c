// Messages on their way to the server, kept in this browser until it has them. Each keeps its Idempotency-Key for all its
// tries, so that a retry after a lost answer sends nothing twice; within a conversation one goes after the other.
import { signal } from "@preact/signals";
import { backoff } from "../../shared/transport";
import { uuid } from "../../shared/ids";
import { post, Problem } from "./api";
import { forget, keep, recallAll } from "./keep";
import { addMessage } from "./threads";
import type { Mode } from "./drafts";
import type { Message, Upload } from "./types";

export interface Outgoing {
  key: string;
  conversation: string;
  contact: string;
  mode: Mode;
  text: string;
  files: Upload[];
  seen: number | null;
  at: string;
  state: "waiting" | "sending" | "failed";
  problem: string | null;
  detail: string | null;
  /** Asked at least once: from then on the request stays the same to the letter, as its key demands. */
  tried?: boolean;
  /** Held back until then (ms since the epoch), so that its author can take it back. */
  until?: number;
}

/** What the outbox asks of its owner: what an author has seen by now, and where words go that cannot be sent. */
export interface OutboxOwner {
  seenNow: (item: Outgoing) => number | null;
  sent: (item: Outgoing, message: Message) => void;
  stale: (item: Outgoing, answers: Message[]) => void;
}

export const outbox = signal<readonly Outgoing[]>([]);

let place = "";
let owner: OutboxOwner | null = null;
let attempt = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
const busy = new Set<string>();
const releases = new Map<string, ReturnType<typeof setTimeout>>();

/** Read the outbox of one agent and send what an earlier page left behind. */
export function openOutbox(agent: string, by: OutboxOwner): void {
  place = `hub.outbox.${agent}.`;
  owner = by;
  const kept = [...recallAll<Outgoing>(place).values()].sort((a, b) => (a.at < b.at ? -1 : 1));
  outbox.value = kept.map((item) => (item.state === "sending" ? { ...item, state: "waiting" } : item));
  flushOutbox();
}

/** Put words on their way; they are on screen and on disk before the server is asked. */
export function dispatch(words: Pick<Outgoing, "conversation" | "contact" | "mode" | "text" | "files" | "seen">, now: Date, held_s = 0): void {
  const held = held_s > 0 ? { until: now.getTime() + held_s * 1000 } : {};
  const item: Outgoing = { ...words, ...held, key: uuid(), at: now.toISOString(), state: "waiting", problem: null, detail: null };
  set([...outbox.peek(), item]);
  flushOutbox();
}

/** Try a failed one again, under the same key. */
export function retry(key: string): void {
  amend(key, { state: "waiting", problem: null, detail: null });
  flushOutbox();
}

/** Take one out; its words go back to whoever asked. */
export function withdraw(key: string): Outgoing | undefined {
  const item = outbox.peek().find((one) => one.key === key);
  set(outbox.peek().filter((one) => one.key !== key));
  return item;
}

/** Send the first waiting message of each conversation. Called again after each answer, on reconnect and when online. */
export function flushOutbox(): void {
  clearTimeout(timer);
  const first = new Map<string, Outgoing>();
  for (const item of outbox.peek()) if (item.state !== "failed" && !first.has(item.conversation)) first.set(item.conversation, item);
  for (const item of first.values()) if (!busy.has(item.conversation) && !holds(item)) void send(item);
}

/** Whether it still waits for its author's second thought; asked again when that time is over. */
function holds(item: Outgoing): boolean {
  const left = (item.until ?? 0) - Date.now();
  clearTimeout(releases.get(item.key));
  releases.delete(item.key);
  if (left <= 0) return false;
  releases.set(item.key, setTimeout(flushOutbox, left));
  return true;
}

/** The page goes away: nobody can take anything back any more, so that all of it leaves now. */
export function releaseOutbox(): void {
  if (!outbox.peek().some((item) => item.until)) return;
  set(outbox.peek().map(({ until: _, ...item }) => item));
  flushOutbox();
}

/** Forget what waits here, on this screen and in this browser: its author signed out and wants nothing left behind. */
export function clearOutbox(): void {
  set([]);
}

async function send(item: Outgoing): Promise<void> {
  busy.add(item.conversation);
  const seen = item.mode !== "reply" ? null : item.tried ? item.seen : (owner?.seenNow(item) ?? item.seen);
  amend(item.key, { state: "sending", problem: null, seen: seen ?? item.seen, tried: true });
  let again = true;
  try {
    const body = { kind: item.mode, text: item.text, ...(item.files.length && { files: item.files.map((file) => file.id) }), ...(seen !== null && { seen }) };
    const message = await post<Message>(`/conversations/${encodeURIComponent(item.conversation)}/messages`, body, { key: item.key });
    addMessage(message);
    withdraw(item.key);
    owner?.sent(item, message);
    attempt = 0;
  } catch (error) {
    again = fail(item, error as Problem);
  } finally {
    busy.delete(item.conversation);
  }
  if (again) flushOutbox();
}

/** Settle a try that failed; true when others may go on at once. */
function fail(item: Outgoing, problem: Problem): boolean {
  if (problem.slug === "answered") {
    withdraw(item.key);
    owner?.stale(item, problem.answers);
    return true;
  }
  if (problem.passing) {
    amend(item.key, { state: "waiting", problem: problem.slug });
    timer = setTimeout(flushOutbox, problem.retryAfter_s ? problem.retryAfter_s * 1000 : backoff(attempt++));
    return false;
  }
  amend(item.key, { state: "failed", problem: problem.slug, detail: problem.detail || null });
  return true;
}

function amend(key: string, change: Partial<Outgoing>): void {
  set(outbox.peek().map((item) => (item.key === key ? { ...item, ...change } : item)));
}

function set(items: readonly Outgoing[]): void {
  const before = outbox.peek();
  outbox.value = items;
  for (const item of items) if (!before.includes(item)) keep(place + item.key, item);
  for (const item of before) if (!items.some((one) => one.key === item.key)) forget(place + item.key);
}
