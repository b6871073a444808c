// How entries of a log come together: pure functions, tested alone.
import type { Message } from "./types";

/** The order of the thread: the platform's order first, then the sequence; the id keeps it the same everywhere. */
export const inOrder = (a: Message, b: Message): number =>
  a.order - b.order || (a.conversation === b.conversation ? a.seq - b.seq : 0) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Old and new entries, each once, in order; a message that comes again replaces what was known of it. */
export function mergeEntries(known: readonly Message[], incoming: readonly Message[]): Message[] {
  const last = known.at(-1);
  const tail = incoming.length === 1 && (!last || inOrder(last, incoming[0]!) < 0);
  if (tail && !known.some((one) => one.id === incoming[0]!.id)) return [...known, incoming[0]!];
  const byId = new Map(known.map((one) => [one.id, one]));
  for (const one of incoming) byId.set(one.id, one);
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
