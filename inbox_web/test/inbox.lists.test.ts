import { beforeEach, describe, expect, it, vi } from "vitest";
import type { List } from "../inbox/store/lists";
import type { Row } from "../inbox/store/types";
import { row } from "./inbox.make";

const { forgetLists, loadMore, openList, reloadLists } = await import("../inbox/store/lists");
const { forgetRows, isSure, patchRow, putRow } = await import("../inbox/store/rows");
const { fetchRow } = await import("../inbox/store/contacts");

let shop: Row[] = [];
/** What the server answers only when the test lets it: its answers are as old as their questions. */
let held: Promise<void> = Promise.resolve();
const at = (n: number): string => new Date(Date.UTC(2026, 10, 21, 2, 0, 60 - n)).toISOString();
const conversation = (n: number, part: Partial<Row> = {}): Row => row({ id: `c${n}`, last: at(n), ...part });
const settled = (then: () => void) => vi.waitFor(then, { timeout: 3000, interval: 5 });

/** The server: two conversations a page, those that are open. */
globalThis.fetch = vi.fn(async (path: unknown) => {
  const from = Number(new URL(String(path), "http://hub").searchParams.get("cursor") ?? 0);
  const one = shop.find((row) => String(path).endsWith(`/${row.id}`));
  if (one) return Response.json({ conversation: one });
  const open = shop.filter((row) => row.state === "open");
  await held;
  return Response.json({ items: open.slice(from, from + 2), next: from + 2 < open.length ? String(from + 2) : null });
}) as typeof fetch;

async function opened() {
  const list = openList("open");
  await settled(() => expect(list.ids.peek()).toEqual(["c1", "c2"]));
  await loadMore(list);
  expect(list.ids.peek()).toEqual(["c1", "c2", "c3", "c4"]);
  return list;
}

describe("a list whose events were missed", () => {
  beforeEach(() => {
    forgetLists();
    forgetRows();
    shop = [1, 2, 3, 4, 5].map((n) => conversation(n));
  });

  it("shows no row that left it meanwhile, wherever it stood", async () => {
    const list = await opened();
    shop = shop.map((one) => (["c2", "c3"].includes(one.id) ? { ...one, state: "resolved" } : one));
    reloadLists();
    await settled(() => expect(list.ids.peek()).toEqual(["c1", "c4"]));
    await loadMore(list);
    expect(list.ids.peek()).toEqual(["c1", "c4", "c5"]);
  });

  it("takes over no doubtful row when another list is opened", async () => {
    await opened();
    reloadLists();
    expect(openList("unassigned").ids.peek()).toEqual([]);
  });

  it("has a row in doubt fetched when an event tells only part of it", async () => {
    await opened();
    expect(patchRow("c4", 5, { read: 5 })).toBe(true);
    reloadLists();
    expect(patchRow("c4", 6, { read: 6 })).toBe(false);
    await settled(() => expect(isSure("c1")).toBe(true));
    expect(isSure("c4")).toBe(false);
  });
});

describe("a list whose page is on its way", () => {
  let arrive: () => void;

  beforeEach(() => {
    forgetLists();
    forgetRows();
    shop = [2, 3, 4].map((n) => conversation(n));
    held = new Promise((resolve) => { arrive = resolve; });
  });

  async function answered(list: List) {
    arrive();
    await settled(() => expect(list.status.peek()).toBe("ready"));
    return list.ids.peek();
  }

  it("keeps a conversation that began after the question", async () => {
    const list = openList("open");
    putRow(conversation(1));
    expect(await answered(list)).toEqual(["c1", "c2", "c3"]);
  });

  it("keeps one that was fetched because an event named it", async () => {
    const list = openList("open");
    shop = [1, 2, 3, 4].map((n) => conversation(n));
    expect(patchRow("c1", 4, { read: 4 })).toBe(false);
    await fetchRow("c1");
    expect(await answered(list)).toEqual(["c1", "c2", "c3"]);
  });

  it("drops one that the answer does not name and no event told of", async () => {
    putRow(conversation(1));
    const list = openList("open");
    expect(list.ids.peek()).toEqual(["c1"]);
    expect(await answered(list)).toEqual(["c2", "c3"]);
  });
});
