import { beforeEach, describe, expect, it, vi } from "vitest";
import { marks } from "../inbox/ui/marks";
import { row } from "./inbox.make";

const { search } = await import("../inbox/actions/search");
const { forgetRows, rowOf } = await import("../inbox/store/rows");

const hit = { message: "m7", seq: 7, at: "2026-11-21T02:54:00.000Z", text: "Còn áo dài không ạ?" };

globalThis.fetch = vi.fn(async (path: unknown) => Response.json({
  items: String(path).includes("/conversations") ? [{ ...row({ id: "c7" }), hit }, row({ id: "c8", name: "Áo Dài Mộc" })] : [],
})) as typeof fetch;

/** The marked parts of a text. */
const marked = (text: string, typed: string): string[] => {
  const letters = Array.from(text);
  return marks(letters, typed).map(([from, to]) => letters.slice(from, to).join(""));
};

describe("a search", () => {
  beforeEach(() => forgetRows());

  it("says where the words stand in a conversation that was found by a message, and keeps rows plain", async () => {
    const found = await search("ao dai", new AbortController().signal);
    expect(found.rows.map((one) => one.id)).toEqual(["c7", "c8"]);
    expect([...found.hits]).toEqual([["c7", hit]]);
    expect(rowOf("c7")?.peek()).not.toHaveProperty("hit");
  });
});

describe("marks", () => {
  it("stand on what was typed, where it stands together", () => expect(marked("Còn Áo Dài không ạ?", "ao dai")).toEqual(["Áo Dài"]));
  it("stand on each word, in the order of the text, where they stand apart", () => expect(marked("đơn hàng MA1234 của chị", "ma12 đơn")).toEqual(["đơn", "MA12"]));
  it("stand where a word begins, not inside another", () => expect(marked("chào, áo đỏ", "do ao")).toEqual(["áo", "đỏ"]));
  it("stand nowhere when nothing was typed", () => expect(marked("áo", "  ")).toEqual([]));
});
