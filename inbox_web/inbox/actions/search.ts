// Finding conversations and people: what this browser knows at once, what the server knows a moment later.
import { fold } from "../../shared/format";
import { get, withQuery } from "../store/api";
import { withoutHits } from "../store/lists";
import { allRows, askedAt, putRow } from "../store/rows";
import { intents } from "../store/session";
import type { Contact, FoundRow, Hit, Row } from "../store/types";
import { newestFirst } from "../store/views";

/** `hits` by conversation; one that was found by its name or its last words has none. */
export interface Found { rows: Row[]; contacts: Contact[]; hits: ReadonlyMap<string, Hit> }

export const NOTHING: Found = { rows: [], contacts: [], hits: new Map() };

const MOST = 6;

/** Rows and contacts that fit the words; a server that does not answer leaves what is known here. */
export async function search(words: string, signal: AbortSignal): Promise<Found> {
  const q = words.trim();
  if (q.length < 2) return NOTHING;
  const asked = askedAt();
  const [told, contacts] = await Promise.all([
    get<{ items: FoundRow[] }>(withQuery("/conversations", { view: "all", q, limit: MOST }), { signal }).catch(() => ({ items: [] as FoundRow[] })),
    get<{ items: Contact[] }>(withQuery("/contacts", { q, limit: MOST }), { signal }).catch(() => ({ items: [] as Contact[] })),
  ]);
  const { rows, hits } = withoutHits(told.items);
  rows.forEach((row) => putRow(row, asked));
  return { rows: joined(rows, knownRows(q)), contacts: contacts.items.slice(0, MOST), hits };
}

/** Rows of this browser whose name, last words or intent hold the words, blind to accents. */
export function knownRows(q: string): Row[] {
  const wanted = fold(q);
  return allRows().filter((row) => fold(`${row.name} ${row.preview?.text ?? ""} ${intentWords(row)}`).includes(wanted)).sort(newestFirst).slice(0, MOST);
}

const intentWords = (row: Row): string => {
  const intent = row.tag && row.tag.band !== "default" ? intents.peek().get(row.tag.intent) : undefined;
  return intent ? `${intent.vi} ${intent.en}` : "";
};

const joined = (told: Row[], known: Row[]): Row[] =>
  [...told, ...known.filter((row) => !told.some((one) => one.id === row.id))].slice(0, MOST);
