// How entries of a log come together: pure functions, tested alone.
import type { DeliveryState, Message } from "./types";

/** The order of the thread: the platform's order first, then the sequence; the id keeps it the same everywhere. */
export const inOrder = (a: Message, b: Message): number =>
  a.order - b.order || (a.conversation === b.conversation ? a.seq - b.seq : 0) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** How far a delivery came, between two tellings of one moment. */
const RANK: Readonly<Record<DeliveryState, number>> = { queued: 0, sending: 1, unknown: 2, refused: 2, sent: 3, delivered: 4, read: 5 };

const latest = (one: Message): number => one.deliveries.reduce((at, delivery) => Math.max(at, Date.parse(delivery.at)), 0);

/** Whether what is known of a delivery is newer than what an answer says: answers and live events overtake each other. */
function further(kept: Message, told: Message): boolean {
  if (!kept.delivery) return false;
  const gap = latest(kept) - latest(told);
  return gap > 0 || (gap === 0 && RANK[kept.delivery] > RANK[told.delivery ?? "queued"]);
}

/** How many of its files are still to come. */
const awaited = (one: Message): number => one.attachments.filter((file) => file.state === "waiting").length;

/** The later of two tellings of what a message says now. */
function amendedLast(kept: Message, told: Message): Message["amended"] {
  if (!kept.amended || !told.amended) return told.amended ?? kept.amended;
  return Date.parse(kept.amended.at) > Date.parse(told.amended.at) ? kept.amended : told.amended;
}

/** A message that is told again, without undoing what was known already: tag, deliveries, files that came, edits. */
export function retold(kept: Message, told: Message): Message {
  const { delivery, deliveries } = further(kept, told) ? kept : told;
  const { attachments } = awaited(kept) < awaited(told) ? kept : told;
  const amended = amendedLast(kept, told);
  return { ...told, tag: told.tag ?? kept.tag, delivery, deliveries, attachments, ...(amended !== undefined && { amended }) };
}

/** Old and new entries, each once, in order; a message that comes again brings what is newer of it. */
export function mergeEntries(known: readonly Message[], incoming: readonly Message[]): Message[] {
  const last = known.at(-1);
  const tail = incoming.length === 1 && (!last || inOrder(last, incoming[0]!) < 0);
  if (tail && !known.some((one) => one.id === incoming[0]!.id)) return [...known, incoming[0]!];
  const byId = new Map(known.map((one) => [one.id, one]));
  for (const one of incoming) {
    const kept = byId.get(one.id);
    byId.set(one.id, kept ? retold(kept, one) : one);
  }
  return [...byId.values()].sort(inOrder);
}

/** The highest sequence number of a conversation among the entries; 0 when none is there. */
export function headOf(entries: readonly Message[], conversation: string): number {
  return entries.reduce((head, one) => (one.conversation === conversation ? Math.max(head, one.seq) : head), 0);
}

/** Answers by somebody else that came after `seen`: what makes a reply stale. One's own replies, notes and events do not. */
export function answersSince(entries: readonly Message[], conversation: string, seen: number, me: string): Message[] {
  return entries.filter((one) =>
    one.conversation === conversation && one.seq > seen && one.kind === "out" && one.author.id !== me);
}
