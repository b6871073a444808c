import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Bootstrap, Message, Tag } from "../inbox/store/types";
import { message, row } from "./inbox.make";
import { memoryStorage } from "./inbox.storage";

memoryStorage();
Object.assign(globalThis, {
  location: { pathname: "/inbox/open/c1" }, document: { documentElement: {} },
  addEventListener: () => undefined, matchMedia: () => ({ matches: true, addEventListener: () => undefined }),
});

const { correctTag } = await import("../inbox/actions/tagging");
const { toast } = await import("../inbox/actions/toast");
const { forgetRows, patchRow, putRow, rowOf } = await import("../inbox/store/rows");
const { boot, intents } = await import("../inbox/store/session");
const { addMessage, forgetThreads, threadOf } = await import("../inbox/store/threads");
const { speak, speakSettings } = await import("../inbox/text");
const { compared } = await import("../inbox/views/settings/learning/shapes");
const { offered } = await import("../inbox/views/thread/entries/TagOf");

const GUESS: Tag = { intent: "ask_price", confidence: 0.61, band: "suggest", language: "vi", words: ["bao"], others: [{ intent: "ask_stock", confidence: 0.4 }], urgent: true };
const INTENTS = [
  { name: "ask_price", vi: "Hỏi giá", en: "Price", tone: "plain" as const },
  { name: "ask_stock", vi: "Còn hàng", en: "In stock", tone: "plain" as const },
  { name: "spam", vi: "Spam", en: "Spam", tone: "plain" as const },
];
let asked: { intent: string }[] = [];
let answer: () => Promise<Response>;
globalThis.fetch = vi.fn(async (_: unknown, init?: RequestInit) => {
  asked.push(JSON.parse(String(init?.body)) as { intent: string });
  return answer();
}) as typeof fetch;

const shown = (): Message => threadOf("p1").entries.peek()[0]!;
const taken = async () => Response.json({ ...shown(), tag: { ...shown().tag, by: "Lan (told by the hub)" } });

describe("correcting a tag", () => {
  beforeEach(async () => {
    await speak("en");
    forgetRows();
    forgetThreads();
    asked = [];
    answer = taken;
    boot.value = { agent: { id: "a", name: "Lan" }, intents: INTENTS } as unknown as Bootstrap;
    putRow(row({ in_head: 1, tag: GUESS }));
    threadOf("p1");
    addMessage(message({ tag: GUESS }));
  });

  it("shows at once in message and row, without what spoke for the former intent", async () => {
    let arrive = (): void => undefined;
    answer = () => new Promise((done) => { arrive = () => void taken().then(done); });
    const asking = correctTag(shown(), "ask_stock");
    expect(shown().tag).toMatchObject({ intent: "ask_stock", confidence: 1, band: "route", words: [], others: [], urgent: true, by: "Lan" });
    expect(rowOf("c1")!.peek().tag?.intent).toBe("ask_stock");
    arrive();
    await asking;
    expect(asked).toEqual([{ intent: "ask_stock" }]);
    expect(shown().tag?.by).toBe("Lan (told by the hub)");
  });

  it("of an older message leaves the row alone", async () => {
    patchRow("c1", 5, { in_head: 5 });
    const asking = correctTag(shown(), "spam");
    expect(rowOf("c1")!.peek().tag?.intent).toBe("ask_price");
    await asking;
  });

  it("has a way back in the toast, which is another word", async () => {
    await correctTag(shown(), "ask_stock");
    toast.peek()!.action!.run();
    await vi.waitFor(() => expect(asked).toEqual([{ intent: "ask_stock" }, { intent: "ask_price" }]));
    expect(shown().tag?.intent).toBe("ask_price");
    expect(toast.peek()!.action).toBeUndefined();
  });

  it("is taken back when the hub cannot be reached, and can be tried again", async () => {
    answer = async () => { throw new TypeError("offline"); };
    await correctTag(shown(), "spam");
    expect([shown().tag, rowOf("c1")!.peek().tag]).toEqual([GUESS, GUESS]);
    answer = taken;
    toast.peek()!.action!.run();
    await vi.waitFor(() => expect(shown().tag?.by).toBe("Lan (told by the hub)"));
  });

  it("makes a suggestion sure, with the words that spoke for it", async () => {
    const asking = correctTag(shown(), "ask_price");
    expect(shown().tag).toMatchObject({ intent: "ask_price", confidence: 1, band: "route", words: ["bao"], by: "Lan" });
    await asking;
    expect([asked, toast.peek()!.action]).toEqual([[{ intent: "ask_price" }], undefined]);
  });

  it("to what it surely is already asks nothing", async () => {
    await correctTag(shown(), "ask_stock");
    await correctTag(shown(), "ask_stock");
    expect(asked).toEqual([{ intent: "ask_stock" }]);
  });

  it("offers every intent in both languages, the current one first", () => {
    expect(offered("spam").map((one) => [one.id, one.words, one.hint, one.checked])).toEqual([
      ["spam", "Spam", undefined, true], ["ask_price", "Price", "Hỏi giá", false], ["ask_stock", "In stock", "Còn hàng", false],
    ]);
  });

  it("does not offer what the owner merged or switched off, which keeps a name to be shown by", () => {
    boot.value = { ...boot.peek()!, intents: [...INTENTS, { name: "own_wrap", vi: "Hỏi giá", en: "Price", tone: "plain", offered: false }] };
    expect(offered("own_wrap").map((one) => one.id)).toEqual(["ask_price", "ask_stock", "spam"]);
    expect(intents.peek().get("own_wrap")?.en).toBe("Price");
  });
});

describe("what the gate said", () => {
  const side = { right: 0.9, bare: 0.8, intents: {}, bare_intents: {} };

  it("has a line for an intent that the former model did not know", async () => {
    await speakSettings("en");
    const lines = compared({ rows: 10, before: side, after: side, against: [], fresh: { ask_stock: { rows: 9, right: 0.5 } } });
    expect(lines.map((one) => [one.words, one.before, one.after])).toEqual([["All", 0.9, 0.9], ["Without diacritics", 0.8, 0.8], ["In stock", null, 0.5]]);
  });

  it("shows both models as they serve, and of one intent only what is lost there", async () => {
    await speakSettings("en");
    const before = { ...side, intents: { ask_price: 0.9, spam: 0.9 }, bare_intents: { ask_price: 0.9, spam: 0.9 } };
    const after = { ...before, right: 0.8, intents: { ask_price: 0.5, spam: 0.8 } };
    const against = ["as served: 90.0% before, 80.0% after", "as served, ask_price: 90.0% before, 50.0% after"];
    const lines = compared({ rows: 10, before: side, after: side, against, served: { rows: 5, before, after } }).slice(2);
    expect(lines.map((one) => [one.words, one.after, one.lost])).toEqual([
      ["All, as served (part of them)", 0.8, true], ["As served, without diacritics", 0.8, false], ["Price, as served", 0.5, true],
    ]);
  });

  it("names what goes to new intents where it is telling, and marks what is too much", () => {
    const against = ["ask_price to new intents: 12.0% of the messages go there; at most 10 points may"];
    const lines = compared({ rows: 10, before: side, after: side, against, taken: { "": 0.01, ask_price: 0.12, spam: 0.04 } }).slice(2);
    expect(lines.map((one) => [one.words, one.after, one.lost])).toEqual([["Price, go to new intents", 0.12, true], ["Spam, go to new intents", 0.04, false]]);
  });
});
