/** The conversation as this browser knows it, and the rows drawn from it. Pure: no clock, no network. */

import type { Letter } from "./outbox";
import type { ChatMessage, FileOf } from "./wire";

export interface Log {
  messages: ChatMessage[]; // by seq
  cursor: number;
  seen: number; // agents have read up to here
}

export const emptyLog: Log = { messages: [], cursor: 0, seen: 0 };

/** Take in new and changed messages: each id once, the newer words win, ordered by seq. */
export function merge(log: Log, incoming: ChatMessage[], cursor: number): Log {
  const byId = new Map(log.messages.map((message) => [message.id, message]));
  for (const message of incoming) byId.set(message.id, message);
  const messages = [...byId.values()].sort((a, b) => a.seq - b.seq || (a.at < b.at ? -1 : 1));
  return { ...log, messages, cursor: Math.max(log.cursor, cursor) };
}

export function seenUpTo(log: Log, seq: number): Log {
  return seq > log.seen ? { ...log, seen: seq } : log;
}

/** Messages to the visitor above `read`. */
export function unreadIn(log: Log, read: number): ChatMessage[] {
  return log.messages.filter((message) => !message.mine && message.seq > read);
}

export function lastSeq(log: Log): number {
  return log.messages.at(-1)?.seq ?? 0;
}

export type RowState = "waiting" | "sent" | "seen" | null;

export interface Row {
  key: string;
  mine: boolean;
  kind: ChatMessage["author"]["kind"];
  name: string;
  at: string;
  text: string;
  files: (FileOf | Omit<FileOf, "url">)[];
  options: string[];
  change?: "edited" | "gone" | undefined; // what became of its words
  state: RowState; // of own messages only
  day: boolean; // the first of its day
  first: boolean; // the first of a run by one author
  last: boolean; // the last of a run
}

export type Plain = Omit<Row, "day" | "first" | "last">;

const RUN_MS = 5 * 60_000;

/**
 * Rows in reading order: the greeting, the log, then what is acknowledged but not yet in the log, then what waits.
 * An own message keeps the key of its letter, so its bubble stays the same element when the hub's copy arrives.
 */
export function rowsOf(log: Log, sent: Letter[], waiting: Letter[], greeting: Plain | null): Row[] {
  const inLog = new Set(log.messages.map((message) => message.client));
  const written = (letters: Letter[], state: RowState): Plain[] =>
    letters.filter((letter) => !letter.profile && !inLog.has(letter.id)).map((letter) => ownRow(letter, state));
  const rows = [
    ...(greeting ? [greeting] : []),
    ...log.messages.map((message) => logRow(message, log.seen)),
    ...written(sent, "sent"),
    ...written(waiting, "waiting"),
  ];
  return rows.map((row, i) => {
    const before = rows[i - 1];
    const after = rows[i + 1];
    const day = !before || dayOf(before.at) !== dayOf(row.at);
    return { ...row, day, first: day || !sameRun(before, row), last: !after || !sameRun(row, after) };
  });
}

function logRow(message: ChatMessage, seen: number): Plain {
  const { id, client, mine, author, at, text, files, options } = message;
  const change = message.gone ? "gone" : message.edited ? "edited" : undefined;
  const state = mine ? (message.seq <= seen ? "seen" : "sent") : null;
  return { key: (mine && client) || id, mine, kind: author.kind, name: author.name, at, text, files, options, change, state };
}

function ownRow(letter: Letter, state: RowState): Plain {
  const at = new Date(letter.n).toISOString();
  return { key: letter.id, mine: true, kind: "contact", name: "", at, text: letter.text, files: letter.files, options: [], state };
}

function sameRun(a: Plain, b: Plain): boolean {
  const near = Date.parse(b.at) - Date.parse(a.at) < RUN_MS && dayOf(a.at) === dayOf(b.at);
  return near && a.mine === b.mine && a.name === b.name && a.state === b.state;
}

function dayOf(at: string): string {
  return new Date(at).toDateString();
}
