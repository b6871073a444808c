// Every conversation that this browser knows, one signal each. What the server said is the base; what the agent just did
// lies over it until the server has answered.
import { signal, type Signal } from "@preact/signals";
import type { Row } from "./types";

interface Entry {
  base: Row;
  /** The head at which each field was last set: an older message of the server must not undo a newer one. */
  heads: Partial<Record<keyof Row, number>>;
  /** The moment at which a live event last set each field: an answer that was asked for before it must not undo it. */
  told: Partial<Record<keyof Row, number>>;
  /** The moment at which the server was last asked for the whole row. */
  asked: number;
  overlays: { set: Partial<Row> }[];
  shown: Signal<Row>;
}

export type RowListener = (after: Row, before: Row | null) => void;

const entries = new Map<string, Entry>();
const listeners = new Set<RowListener>();
/** Counts what the live socket told; a request is begun at one of these moments. */
let told = 0;
/** Rows that were asked for before this moment may have missed events. */
let sureFrom = 0;

/** Call `listener` after each change of a row, with the row before (null when it was not known). */
export const onRow = (listener: RowListener): void => void listeners.add(listener);

/** The row of a conversation as it should be shown now, or undefined when it is not known here. */
export const rowOf = (id: string): Signal<Row> | undefined => entries.get(id)?.shown;
export const allRows = (): Row[] => Array.from(entries.values(), (entry) => entry.shown.peek());

/** False for a row that may have missed something since it was fetched. */
export const isSure = (id: string): boolean => (entries.get(id)?.asked ?? -1) >= sureFrom;

/** Events were missed: every row is in doubt until the server tells it again. */
export const doubtRows = (): void => void (sureFrom = ++told);

/** The present moment, noted before the server is asked for rows. */
export const askedAt = (): number => told;

/** True for a row of which the server told something after this moment. */
export const wasTold = (id: string, since: number): boolean => {
  const entry = entries.get(id);
  return entry !== undefined && Math.max(entry.asked, ...Object.values(entry.told)) > since;
};

/** Take a whole row from the server, as it was asked for at some moment (now: the server said it unasked). */
export function putRow(row: Row, asked = ++told): void {
  const entry = entries.get(row.id);
  if (entry) {
    entry.asked = Math.max(entry.asked, asked);
    setFields(entry, row.head, row, (field) => row.head === entry.heads[field] && (entry.told[field] ?? 0) > asked);
    return;
  }
  const heads = Object.fromEntries(Object.keys(row).map((field) => [field, row.head])) as Entry["heads"];
  entries.set(row.id, { base: row, heads, told: {}, asked, overlays: [], shown: signal(row) });
  listeners.forEach((listener) => listener(row, null));
}

/** Take some fields from the live socket; false when the rest of the row is not known here, or not for sure. */
export function patchRow(id: string, head: number, set: Partial<Row>): boolean {
  const entry = entries.get(id);
  told++;
  if (!entry) return false;
  setFields(entry, head, set);
  for (const field of Object.keys(set) as (keyof Row)[]) if (entry.heads[field] === head) entry.told[field] = told;
  return isSure(id);
}

/** Words are unread again: the one thing that takes `read` back. */
export function unreadRow(id: string, read: number): void {
  const entry = entries.get(id);
  if (!entry) return;
  entry.base = { ...entry.base, read };
  show(entry);
}

/** Show a change before the server has answered. The returned function takes it away again. */
export function overlayRow(id: string, set: Partial<Row>): () => void {
  const entry = entries.get(id);
  if (!entry) return () => undefined;
  const overlay = { set };
  entry.overlays.push(overlay);
  show(entry);
  return () => {
    const at = entry.overlays.indexOf(overlay);
    if (at < 0) return;
    entry.overlays.splice(at, 1);
    show(entry);
  };
}

/** Forget everything (another agent signs in). */
export const forgetRows = (): void => entries.clear();

function setFields(entry: Entry, head: number, set: Partial<Row>, overtaken: (field: keyof Row) => boolean = () => false): void {
  const fresh: Partial<Row> = {};
  for (const field of Object.keys(set) as (keyof Row)[]) {
    if (head < (entry.heads[field] ?? -1) || overtaken(field)) continue;
    entry.heads[field] = head;
    Object.assign(fresh, { [field]: set[field] });
  }
  entry.base = { ...entry.base, ...fresh, head: Math.max(entry.base.head, fresh.head ?? 0, head), read: Math.max(entry.base.read, fresh.read ?? 0) };
  show(entry);
}

function show(entry: Entry): void {
  const before = entry.shown.peek();
  const after = entry.overlays.reduce<Row>((row, overlay) => ({ ...row, ...overlay.set }), entry.base);
  if (same(before, after)) return;
  entry.shown.value = after;
  listeners.forEach((listener) => listener(after, before));
}

const same = (a: Row, b: Row): boolean => (Object.keys(b) as (keyof Row)[]).every((field) => a[field] === b[field]);
