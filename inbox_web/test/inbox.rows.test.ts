import { beforeEach, describe, expect, it } from "vitest";
import { conversationChanged } from "../inbox/store/events/conversation_changed";
import { askedAt, forgetRows, overlayRow, patchRow, putRow, rowOf } from "../inbox/store/rows";
import { belongs, newestFirst, unread, viewOf } from "../inbox/store/views";
import { row } from "./inbox.make";

const shown = () => rowOf("c1")!.peek();

describe("a row", () => {
  beforeEach(forgetRows);

  it("takes a field only from a head that is not older than the one that set it", () => {
    putRow(row({ head: 5, agent: "lan" }));
    patchRow("c1", 7, { agent: "trang" });
    patchRow("c1", 6, { agent: "bao", team: "t1" });
    expect([shown().agent, shown().team, shown().head]).toEqual(["trang", "t1", 7]);
  });

  it("is not undone by a page that was read before the last event", () => {
    putRow(row({ head: 5 }));
    patchRow("c1", 8, { state: "resolved" });
    putRow(row({ head: 6, state: "open", name: "Phước" }));
    expect(shown().state).toBe("resolved");
  });

  it("keeps what an event of the same head set while it was asked for", () => {
    putRow(row({ head: 5, labels: [] }));
    const asked = askedAt();
    patchRow("c1", 5, { labels: ["gấp"] });
    putRow(row({ head: 5, labels: [], name: "Phước" }), asked);
    expect([shown().labels, shown().name]).toEqual([["gấp"], "Phước"]);
    putRow(row({ head: 5, labels: [] }), askedAt());
    expect(shown().labels).toEqual([]);
  });

  it("becomes unread again when somebody says so", () => {
    putRow(row({ head: 5, in_head: 5, read: 5 }));
    conversationChanged({ type: "conversation.changed", conversation: "c1", data: { head: 5, set: { read: 3, unread: true } } });
    expect([shown().read, unread(shown()), "unread" in shown()]).toEqual([3, 2, false]);
  });

  it("never becomes unread again by an older telling", () => {
    putRow(row({ head: 5, read: 5 }));
    patchRow("c1", 5, { read: 3 });
    expect(shown().read).toBe(5);
  });

  it("shows an agent's change at once and lets go of it when it is refused", () => {
    putRow(row({ state: "open" }));
    const uncover = overlayRow("c1", { state: "resolved" });
    expect(shown().state).toBe("resolved");
    uncover();
    expect(shown().state).toBe("open");
  });

  it("keeps what the server said underneath a change that is on its way", () => {
    putRow(row({ head: 4, agent: null }));
    const uncover = overlayRow("c1", { agent: "lan" });
    patchRow("c1", 5, { agent: "trang", team: "t2" });
    expect([shown().agent, shown().team]).toEqual(["lan", "t2"]);
    uncover();
    expect(shown().agent).toBe("trang");
  });

  it("that is not known says so", () => {
    expect(patchRow("nobody", 1, {})).toBe(false);
  });
});

describe("a view", () => {
  it.each([
    ["mine", { agent: "lan" }, true], ["mine", { agent: "trang" }, false], ["unassigned", { agent: null }, true], ["waiting", { waiting: "2026-11-21T02:00:00Z" }, true],
    ["open", { state: "resolved" as const }, false], ["snoozed", { state: "snoozed" as const }, true], ["team-t1", { team: "t1" }, true], ["team-t1", { team: "t2" }, false],
    ["channel-email", { channel: "email" }, true], ["label-trà sen", { labels: ["trà sen"] }, true],
  ])("%s holds %o: %s", (slug, part, inside) => {
    expect(belongs(viewOf(slug), row(part), "lan")).toBe(inside);
  });

  it("that nobody knows is the open one", () => {
    expect(viewOf("nonsense").view).toBe("open");
  });

  it("is in order of time, not of text", () => {
    const whole = row({ id: "a", last: "2026-11-21T02:54:03Z" });
    const part = row({ id: "b", last: "2026-11-21T02:54:03.111000Z" });
    expect([whole, part].sort(newestFirst).map((one) => one.id)).toEqual(["b", "a"]);
  });

  it("counts no label or note after the customer's last words as unread", () => {
    expect(unread(row({ head: 18, in_head: 4, read: 3 }))).toBe(1);
    expect(unread(row({ head: 18, in_head: 4, read: 4 }))).toBe(0);
  });

  it("counts nothing as unread below zero", () => {
    expect(unread(row({ head: 3, read: 5 }))).toBe(0);
  });
});
