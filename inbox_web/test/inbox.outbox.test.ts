import { beforeEach, describe, expect, it, vi } from "vitest";
import { agent, message } from "./inbox.make";
import { memoryStorage } from "./inbox.storage";

const storage = memoryStorage();
const { clearOutbox, dispatch, releaseOutbox, openOutbox, outbox, retry, withdraw } = await import("../inbox/store/outbox");

interface Asked { key: string; body: Record<string, unknown> }
const asked: Asked[] = [];
let answers: (() => Response | Promise<Response>)[] = [];
const stale = vi.fn();
const problem = (status: number, slug: string, more = {}) => () => Response.json({ type: `about:blank#${slug}`, status, detail: "why", ...more }, { status });
const taken = (seq: number) => () => Response.json(message({ seq, kind: "out", author: agent("lan") }), { status: 201 });
const lost = () => Promise.reject(new TypeError("network"));
const words = (text: string) => ({ conversation: "c1", contact: "p1", mode: "reply" as const, text, files: [], seen: 3 });
const settled = (then: () => void) => vi.waitFor(then, { timeout: 3000, interval: 5 });

globalThis.fetch = vi.fn(async (_: unknown, init?: RequestInit) => {
  asked.push({ key: new Headers(init?.headers).get("Idempotency-Key")!, body: JSON.parse(String(init?.body)) as Record<string, unknown> });
  return (answers.shift() ?? lost)();
}) as typeof fetch;

let page = 0;
const open = (seenNow: number) => openOutbox(`lan${page}`, { seenNow: () => seenNow, sent: () => undefined, stale });

describe("a message on its way", () => {
  beforeEach(() => {
    storage.clear();
    asked.length = 0;
    answers = [];
    stale.mockClear();
    page++;
    open(3);
  });

  it("is on disk before the server has it, and off once it has", async () => {
    answers = [taken(4)];
    dispatch(words("Dạ"), new Date(0));
    expect(storage.length).toBe(1);
    await settled(() => expect(outbox.peek()).toEqual([]));
    expect(storage.length).toBe(0);
  });

  it("is asked again with the same key and the same body when the answer was lost", async () => {
    answers = [lost, taken(4)];
    dispatch(words("Dạ"), new Date(0));
    await settled(() => expect(asked).toHaveLength(2));
    expect(asked[1]).toEqual(asked[0]);
  });

  it("that is held leaves when its time is over, and until then its author takes it back", async () => {
    answers = [taken(4)];
    dispatch(words("Dạ"), new Date(), 0.05);
    dispatch({ ...words("Nhầm"), conversation: "c2" }, new Date(), 60);
    expect(asked).toEqual([]);
    expect(withdraw(outbox.peek()[1]!.key)?.text).toBe("Nhầm");
    await settled(() => expect(outbox.peek()).toEqual([]));
    expect(asked.map((one) => one.body.text)).toEqual(["Dạ"]);
  });

  it("that is held leaves at once when the page goes away", async () => {
    answers = [taken(4)];
    dispatch(words("Dạ"), new Date(), 60);
    releaseOutbox();
    await settled(() => expect(outbox.peek()).toEqual([]));
    expect(asked).toHaveLength(1);
  });

  it("is gone from the browser when its author leaves nothing behind", () => {
    dispatch(words("Dạ"), new Date(), 60);
    clearOutbox();
    expect([outbox.peek(), storage.length]).toEqual([[], 0]);
  });

  it("keeps its body to the letter over a reload, though more was seen since", async () => {
    answers = [lost];
    dispatch(words("Dạ"), new Date(0));
    await settled(() => expect(outbox.peek()[0]?.problem).toBe("offline"));
    answers = [taken(4)];
    open(9);
    await settled(() => expect(outbox.peek()).toEqual([]));
    expect(asked[1]).toEqual(asked[0]);
  });

  it("goes after the one before it in its conversation", async () => {
    answers = [taken(4), taken(5)];
    dispatch(words("một"), new Date(0));
    dispatch(words("hai"), new Date(1));
    await settled(() => expect(outbox.peek()).toEqual([]));
    expect(asked.map((one) => one.body.text)).toEqual(["một", "hai"]);
  });

  it("comes back to its author when a colleague answered first", async () => {
    answers = [problem(409, "answered", { answers: [message({ seq: 4, kind: "out", author: agent("trang") })] })];
    dispatch(words("Dạ"), new Date(0));
    await settled(() => expect(stale).toHaveBeenCalledOnce());
    expect(outbox.peek()).toEqual([]);
    expect((stale.mock.calls[0]![1] as unknown[]).length).toBe(1);
  });

  it("that the server refuses stays with its words and its reason, and goes again when asked", async () => {
    answers = [problem(400, "bad-input"), taken(4)];
    dispatch(words("Dạ"), new Date(0));
    await settled(() => expect(outbox.peek()[0]?.state).toBe("failed"));
    expect([outbox.peek()[0]?.text, outbox.peek()[0]?.detail]).toEqual(["Dạ", "why"]);
    retry(outbox.peek()[0]!.key);
    await settled(() => expect(outbox.peek()).toEqual([]));
  });

  it("that was refused does not hold the next one", async () => {
    answers = [problem(400, "bad-input"), taken(4)];
    dispatch(words("hỏng"), new Date(0));
    dispatch(words("lành"), new Date(1));
    await settled(() => expect(outbox.peek().map((one) => one.text)).toEqual(["hỏng"]));
    expect(withdraw(outbox.peek()[0]!.key)?.text).toBe("hỏng");
  });
});
