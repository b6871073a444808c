import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Row } from "../inbox/store/types";
import { row } from "./inbox.make";
import { memoryStorage } from "./inbox.storage";

memoryStorage();
Object.assign(globalThis, {
  location: { pathname: "/inbox/open/c1" }, document: { documentElement: {} },
  addEventListener: () => undefined, matchMedia: () => ({ matches: true, addEventListener: () => undefined }),
});

const { prioritise, snooze, resolve } = await import("../inbox/actions/conversation");
const { forgetRows, putRow, rowOf } = await import("../inbox/store/rows");
const { speak } = await import("../inbox/text");

type Ask = Partial<Row>;
const asked: Ask[] = [];
let answers: (() => Promise<Response>)[] = [];
const refused = async () => Response.json({ type: "about:blank#conflict", status: 409 }, { status: 409 });
const taken = async () => Response.json(row({ ...asked.at(-1), head: 4 + asked.length }));

globalThis.fetch = vi.fn(async (_: unknown, init?: RequestInit) => {
  asked.push(JSON.parse(String(init?.body)) as Ask);
  return answers.shift()!();
}) as typeof fetch;

const open = (): Row => rowOf("c1")!.peek();
const settled = (then: () => void) => vi.waitFor(then, { timeout: 3000, interval: 5 });

describe("changes to one conversation", () => {
  beforeEach(async () => {
    await speak("en");
    forgetRows();
    asked.length = 0;
    putRow(row());
  });

  it("show at once and are asked for one after the other", async () => {
    let arrive = (): void => undefined;
    answers = [() => new Promise((done) => { arrive = () => void taken().then(done); }), taken];
    const first = snooze(open(), new Date(Date.UTC(2026, 10, 23)));
    const second = resolve(open());
    await settled(() => expect(asked).toHaveLength(1));
    expect(open().state).toBe("resolved");
    arrive();
    await Promise.all([first, second]);
    expect(asked.map((one) => one.state)).toEqual(["snoozed", "resolved"]);
    expect(open().state).toBe("resolved");
  });

  it("of the priority show at once and go back to what it was when they are refused", async () => {
    putRow(row({ priority: "high", head: 5 }));
    let refuse = (): void => undefined;
    answers = [() => new Promise((done) => { refuse = () => void refused().then(done); })];
    const asking = prioritise(open(), "urgent");
    await settled(() => expect(asked).toEqual([{ priority: "urgent" }]));
    expect(open().priority).toBe("urgent");
    refuse();
    await asking;
    expect(open().priority).toBe("high");
  });

  it("do not wait for ever behind one that was refused", async () => {
    answers = [refused, taken];
    await Promise.all([snooze(open(), new Date(Date.UTC(2026, 10, 23))), resolve(open())]);
    expect(open().state).toBe("resolved");
  });
});
