import { describe, expect, it } from "vitest";
import { answersSince, headOf, mergeEntries } from "../inbox/store/merge";
import { agent, message } from "./inbox.make";

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
