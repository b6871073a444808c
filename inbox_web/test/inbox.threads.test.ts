import { describe, expect, it, vi } from "vitest";
import type { Message } from "../inbox/store/types";
import { message } from "./inbox.make";

const { amendMessage, hearMessage, openThread } = await import("../inbox/store/threads");

/** The server: its page is as old as the question, and comes when the test lets it. */
let come: () => void = () => undefined;
let shelf: Message[] = [];
globalThis.fetch = vi.fn(async () => {
  const items = shelf;
  await new Promise<void>((resolve) => (come = resolve));
  return Response.json({ items, more: false });
}) as typeof fetch;

const settled = (then: () => void) => vi.waitFor(then, { timeout: 3000, interval: 5 });
const amended = { text: "200 g", at: "2026-11-21T03:00:00.000Z", gone: false };

describe("a thread on its way", () => {
  it("shows what was told of its messages meanwhile", async () => {
    shelf = [message({ seq: 1, text: "100 g" })];
    const thread = openThread("p1");
    amendMessage("c1-1", { amended });
    come();
    await settled(() => expect(thread.entries.peek().map((one) => one.amended)).toEqual([amended]));
  });

  it("keeps nothing of it for the next one", async () => {
    amendMessage("c2-1", { amended });
    shelf = [message({ seq: 1, conversation: "c2", contact: "p2" })];
    const thread = openThread("p2");
    come();
    await settled(() => expect(thread.entries.peek().map((one) => one.amended)).toEqual([undefined]));
  });
});

describe("a message whose change is told first", () => {
  it("is shown as it is since", async () => {
    shelf = [message({ seq: 1, conversation: "c3", contact: "p3" })];
    const thread = openThread("p3");
    come();
    await settled(() => expect(thread.status.peek()).toBe("ready"));

    amendMessage("c3-2", { amended });
    hearMessage(message({ seq: 2, conversation: "c3", contact: "p3" }));

    expect(thread.entries.peek().map((one) => one.amended)).toEqual([undefined, amended]);
  });
});
