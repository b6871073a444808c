// The lists that are on screen or were: pages from the API, kept in order by what the live socket says.
import { signal, type Signal } from "@preact/signals";
import { get, Problem, withQuery } from "./api";
import { allRows, askedAt, doubtRows, isSure, onRow, putRow, rowOf, wasTold } from "./rows";
import { me } from "./session";
import type { FoundRow, Hit, Row } from "./types";
import { belongs, newestFirst, viewOf, type View } from "./views";

const PAGE = 50;
const KEPT = 8;

export interface List {
  view: View;
  query: string;
  ids: Signal<string[]>;
  hits: Signal<ReadonlyMap<string, Hit>>; // of a search, by conversation
  status: Signal<"loading" | "ready" | "failed">;
  problem: Signal<Problem | null>;
  more: Signal<boolean>;
  cursor: string | null;
  busy: boolean;
  /** Ask once more: what is on its way was asked for too early. */
  again: boolean;
}

const lists = new Map<string, List>();

/** The list of a view, opened on first use; a list that was seen before shows its rows at once and is asked for again. */
export function openList(slug: string, query = ""): List {
  const name = `${slug}\n${query}`;
  const known = lists.get(name);
  if (known) {
    lists.delete(name);
    lists.set(name, known);
    void reload(known);
    return known;
  }
  const list: List = {
    view: viewOf(slug), query, ids: signal([]), hits: signal(new Map()), status: signal("loading"), problem: signal(null),
    more: signal(false), cursor: null, busy: false, again: false,
  };
  lists.set(name, list);
  for (const oldest of lists.keys()) if (lists.size > KEPT) lists.delete(oldest);
  if (!query) list.ids.value = known_now(list);
  void reload(list);
  return list;
}

/** Ask for the first page again. Rows beyond it stay when they still belong, so that a reload shortens nothing. */
export async function reload(list: List): Promise<void> {
  if (list.busy) return;
  list.busy = true;
  try {
    const asked = askedAt();
    const { items, next } = await page(list, null);
    const first = list.cursor === null || list.query !== "";
    const told = items.map((row) => row.id);
    const oldest = items.at(-1);
    const stays = list.ids.peek().filter((id) => !told.includes(id) && keeps(list, id, asked, oldest, next));
    list.ids.value = list.query ? told : sorted([...told, ...stays]);
    if (first || stays.length === 0) list.cursor = next;
    list.more.value = list.cursor !== null;
    list.status.value = "ready";
    list.problem.value = null;
  } catch (error) {
    list.problem.value = error as Problem;
    list.status.value = list.ids.peek().length ? "ready" : "failed";
  } finally {
    settle(list);
  }
}

/** Ask for the page after the last one; quiet when one is on its way or there is none. */
export async function loadMore(list: List): Promise<void> {
  if (list.busy || list.cursor === null) return;
  list.busy = true;
  try {
    const { items, next } = await page(list, list.cursor);
    const ids = new Set([...list.ids.peek(), ...items.map((row) => row.id)]);
    list.ids.value = list.query ? [...ids] : sorted([...ids]);
    list.cursor = next;
    list.more.value = next !== null;
  } catch (error) {
    list.problem.value = error as Problem;
  } finally {
    settle(list);
  }
}

function settle(list: List): void {
  list.busy = false;
  if (list.again) startOver(list);
}

/** Ask for a list as if it was new; rows of which nobody knows whether they still belong go. */
function startOver(list: List): void {
  list.again = list.busy;
  if (list.busy) return;
  list.cursor = null;
  void reload(list);
}

/** Events were missed: the list on screen asks again, the others when they are opened next. */
export function reloadLists(): void {
  doubtRows();
  const newest = Array.from(lists.entries()).at(-1);
  for (const [name, list] of lists) if (list !== newest?.[1]) lists.delete(name);
  if (newest) startOver(newest[1]);
}
export const forgetLists = (): void => lists.clear();

/** One page of the server's list; its rows are known here afterwards. */
async function page(list: List, cursor: string | null): Promise<{ items: Row[]; next: string | null }> {
  const { view, team, channel, label } = list.view;
  const asked = askedAt();
  const { items, next } = await get<{ items: FoundRow[]; next: string | null }>(withQuery("/conversations", { view: list.query ? "all" : view, team, channel, label, q: list.query, cursor, limit: PAGE }));
  const { rows, hits } = withoutHits(items);
  if (list.query) list.hits.value = new Map([...(cursor ? list.hits.peek() : []), ...hits]);
  rows.forEach((row) => putRow(row, asked));
  return { items: rows, next };
}

/** Rows as they are kept, and apart from them where the words of the search stand. */
export function withoutHits(items: FoundRow[]): { rows: Row[]; hits: Map<string, Hit> } {
  const hits = new Map<string, Hit>();
  const rows = items.map(({ hit, ...row }) => {
    if (hit) hits.set(row.id, hit);
    return row;
  });
  return { rows, hits };
}

const known_now = (list: List): string[] =>
  allRows().filter((row) => isSure(row.id) && belongs(list.view, row, me.peek()?.id ?? "")).sort(newestFirst).map((row) => row.id);

const sorted = (ids: string[]): string[] =>
  ids.map((id) => rowOf(id)!.peek()).sort(newestFirst).map((row) => row.id);

/** A row that the answer does not name stays when it came after the question, or stands beyond the answer's page. */
function keeps(list: List, id: string, asked: number, oldest: Row | undefined, next: string | null): boolean {
  const row = rowOf(id)?.peek();
  if (!row || list.query || !isSure(id) || !belongs(list.view, row, me.peek()?.id ?? "")) return false;
  return wasTold(id, asked) || next !== null && oldest !== undefined && newestFirst(row, oldest) > 0;
}

/** Put a row where it belongs in each list, or take it out. A row older than the loaded pages comes with its own page. */
onRow((after, before) => {
  for (const list of lists.values()) {
    if (list.query) continue;
    const ids = list.ids.peek();
    const inside = ids.includes(after.id);
    const wanted = belongs(list.view, after, me.peek()?.id ?? "");
    if (inside && wanted && before?.last === after.last) continue;
    if (!inside && !wanted) continue;
    const rest = inside ? ids.filter((id) => id !== after.id) : ids;
    const last = rest.length ? rowOf(rest.at(-1)!)?.peek() : undefined;
    const beyond = list.more.peek() && last !== undefined && newestFirst(after, last) > 0;
    list.ids.value = wanted && !beyond ? insert(rest, after) : rest;
  }
});

function insert(ids: string[], row: Row): string[] {
  const at = ids.findIndex((id) => newestFirst(row, rowOf(id)!.peek()) < 0);
  return at < 0 ? [...ids, row.id] : [...ids.slice(0, at), row.id, ...ids.slice(at)];
}
