import { expect, it, vi } from "vitest";
import { row } from "./inbox.make";
import { memoryStorage } from "./inbox.storage";

memoryStorage();
Object.assign(globalThis, {
  location: { pathname: "/inbox" }, document: { documentElement: {} },
  addEventListener: () => undefined, matchMedia: () => ({ matches: true, addEventListener: () => undefined }),
});

const { markRead, markUnread } = await import("../inbox/actions/reading");
const { putRow, rowOf } = await import("../inbox/store/rows");
const { speak } = await import("../inbox/text");

it("words are unread again after the mark that they were read has arrived, and never before it", async () => {
  const asked: string[] = [];
  let arrive = (): void => undefined;
  globalThis.fetch = vi.fn(async (path: unknown) => {
    asked.push(String(path).split("/").at(-1)!);
    if (asked.length === 1) await new Promise<void>((done) => { arrive = done; });
    return Response.json(row({ read: asked.length === 1 ? 4 : 3 }));
  }) as typeof fetch;
  await speak("en");
  putRow(row({ read: 3 }));

  const read = markRead("c1", 4);
  const unread = markUnread(rowOf("c1")!.peek());
  await vi.waitFor(() => expect(asked).toEqual(["read"]));
  arrive();
  await Promise.all([read, unread]);

  expect(asked).toEqual(["read", "unread"]);
  expect(rowOf("c1")!.peek().read).toBe(3);
});
