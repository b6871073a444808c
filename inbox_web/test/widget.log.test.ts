import { describe, expect, test } from "vitest";

import { emptyLog, lastSeq, merge, rowsOf, seenUpTo, unreadIn } from "../widget/log";
import type { Letter } from "../widget/outbox";
import type { ChatMessage } from "../widget/wire";

function message(seq: number, change: Partial<ChatMessage> = {}): ChatMessage {
  const at = new Date(Date.UTC(2026, 10, 21, 3, seq)).toISOString();
  return { id: `m${seq}`, client: null, seq, mine: false, author: { kind: "agent", name: "Thu Trang" }, at, text: `${seq}`, files: [], options: [], ...change };
}
const mine = (seq: number, client: string) => message(seq, { mine: true, client, author: { kind: "contact", name: "Uyên" } });
const letter = (id: string, n: number): Letter => ({ id, n, text: id, files: [] });
const texts = (rows: { text: string }[]) => rows.map((row) => row.text);

describe("merging", () => {
  test("a message that comes twice is there once", () => {
    const log = merge(merge(emptyLog, [message(1), message(2)], 2), [message(2), message(3)], 3);
    expect(log.messages.map((one) => one.id)).toEqual(["m1", "m2", "m3"]);
  });

  test("messages stand in the order of the log, however they came", () => {
    const log = merge(merge(emptyLog, [message(3)], 3), [message(1), message(2)], 3);
    expect(log.messages.map((one) => one.seq)).toEqual([1, 2, 3]);
  });

  test("a changed message replaces its old words", () => {
    const log = merge(merge(emptyLog, [message(1)], 1), [message(1, { text: "mới" })], 1);
    expect(texts(log.messages)).toEqual(["mới"]);
  });

  test("the cursor and what agents have seen never go back", () => {
    const log = seenUpTo(seenUpTo(merge(merge(emptyLog, [], 7), [], 4), 5), 3);
    expect([log.cursor, log.seen]).toEqual([7, 5]);
  });

  test("only messages to the visitor above the mark are unread", () => {
    const log = merge(emptyLog, [message(1), mine(2, "a"), message(3)], 3);
    expect(unreadIn(log, 1).map((one) => one.seq)).toEqual([3]);
    expect(lastSeq(log)).toBe(3);
  });
});

describe("rows", () => {
  const at = Date.UTC(2026, 10, 21, 3, 30);

  test("a letter whose copy is in the log is drawn once, under the letter's key", () => {
    const log = merge(emptyLog, [mine(1, "a")], 1);
    const rows = rowsOf(log, [], [letter("a", at)], null);
    expect(rows.map((row) => [row.key, row.state])).toEqual([["a", "sent"]]);
  });

  test("an acknowledged letter stays visible until its copy comes", () => {
    const rows = rowsOf(emptyLog, [letter("a", at)], [letter("b", at + 1)], null);
    expect(rows.map((row) => [row.key, row.state])).toEqual([["a", "sent"], ["b", "waiting"]]);
  });

  test("own messages are seen up to the agents' mark", () => {
    const log = seenUpTo(merge(emptyLog, [mine(1, "a"), mine(2, "b")], 2), 1);
    expect(rowsOf(log, [], [], null).map((row) => row.state)).toEqual(["seen", "sent"]);
  });

  test("a form that waits is no message", () => {
    const form = { ...letter("p", at), profile: { name: "Uyên" } };
    expect(rowsOf(emptyLog, [], [form], null)).toEqual([]);
  });

  test("a run by one author has one name and one time", () => {
    const log = merge(emptyLog, [message(1), message(2), mine(3, "a")], 3);
    expect(rowsOf(log, [], [], null).map((row) => [row.first, row.last])).toEqual([[true, false], [false, true], [true, true]]);
  });

  test("each day begins with its separator", () => {
    const later = message(2, { at: new Date(Date.UTC(2026, 10, 23, 3)).toISOString() });
    const log = merge(emptyLog, [message(1), later], 2);
    expect(rowsOf(log, [], [], null).map((row) => row.day)).toEqual([true, true]);
  });
});

describe("what became of words", () => {
  test("edited and deleted messages say so, all others nothing", () => {
    const log = merge(emptyLog, [message(1), message(2, { edited: true }), message(3, { text: "", edited: true, gone: true })], 3);
    expect(rowsOf(log, [], [], null).map((row) => row.change)).toEqual([undefined, "edited", "gone"]);
  });
});
