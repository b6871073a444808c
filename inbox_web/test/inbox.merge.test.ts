import { describe, expect, it } from "vitest";
import { answersSince, headOf, mergeEntries } from "../inbox/store/merge";
import type { DeliveryState } from "../inbox/store/types";
import { agent, message } from "./inbox.make";

const delivery = (state: DeliveryState, at: string) => ({ part: 0, to: "x", state, at, why: null });
const ids = (entries: { id: string }[]): string[] => entries.map((one) => one.id);

describe("entries of a log", () => {
  it("stand once and in order, whatever order they come in", () => {
    const all = [1, 2, 3, 4, 5].map((seq) => message({ seq }));
    const shuffled = [all[3]!, all[0]!, all[4]!, all[0]!, all[2]!, all[1]!];
    expect(ids(mergeEntries(mergeEntries([], shuffled), all))).toEqual(ids(all));
  });

  it("come together the same in any grouping", () => {
    const all = [1, 2, 3, 4, 5, 6].map((seq) => message({ seq }));
    const oneByOne = [5, 2, 0, 4, 1, 3].reduce((known, at) => mergeEntries(known, [all[at]!]), [] as ReturnType<typeof mergeEntries>);
    expect(ids(oneByOne)).toEqual(ids(mergeEntries(all.slice(3), all.slice(0, 3))));
  });

  it("take the newer telling of a message that is there", () => {
    const merged = mergeEntries([message({ seq: 1, delivery: "queued" })], [message({ seq: 1, delivery: "sent" })]);
    expect(merged.map((one) => one.delivery)).toEqual(["sent"]);
  });

  it("are not set back by an answer that a live event overtook", () => {
    const sent = message({ seq: 1, kind: "out", delivery: "sent", deliveries: [delivery("sent", "2026-11-21T02:01:02.5Z")] });
    const queued = { ...sent, delivery: "queued" as const, deliveries: [delivery("queued", "2026-11-21T02:01:02Z")] };
    expect(mergeEntries([sent], [queued])).toEqual([sent]);
    expect(mergeEntries([{ ...sent, delivery: "read" }], [sent]).map((one) => one.delivery)).toEqual(["read"]);
  });

  it("take up an answer that is newer, also where it is a step back", () => {
    const refused = message({ seq: 1, kind: "out", delivery: "refused", deliveries: [delivery("refused", "2026-11-21T02:01:02Z")] });
    const again = { ...refused, delivery: "queued" as const, deliveries: [delivery("queued", "2026-11-21T02:05:00Z")] };
    expect(mergeEntries([refused], [again])).toEqual([again]);
  });

  it("keep a tag that came while they were asked for", () => {
    const tagged = message({ seq: 1, tag: { intent: "order", confidence: 0.9, band: "auto", language: "vi", words: [] } });
    expect(mergeEntries([tagged], [message({ seq: 1 })])).toEqual([tagged]);
  });

  it("follow the platform's order across conversations", () => {
    const merged = mergeEntries([message({ seq: 9, order: 300 })], [message({ conversation: "c2", seq: 1, order: 200 }), message({ conversation: "c2", seq: 2, order: 400 })]);
    expect(ids(merged)).toEqual(["c2-1", "c1-9", "c2-2"]);
  });
});

describe("what an author has seen", () => {
  const log = [message({ seq: 1 }), message({ seq: 2, kind: "out", author: agent("trang") }), message({ seq: 3, kind: "note", author: agent("trang") }), message({ seq: 4, kind: "out", author: agent("lan") }), message({ seq: 7, conversation: "c2" })];

  it("is the highest number of that conversation", () => {
    expect(headOf(log, "c1")).toBe(4);
  });

  it("is made stale by a colleague's answer", () => {
    expect(ids(answersSince(log, "c1", 1, "lan"))).toEqual(["c1-2"]);
  });

  it("is not made stale by one's own answers, by notes or by the customer", () => {
    expect(answersSince(log, "c1", 2, "lan")).toEqual([]);
  });
});
