import { describe, expect, it } from "vitest";
import { layOut, type LogLine } from "../inbox/actions/log_layout";
import { agent, message } from "./inbox.make";

const kinds = (lines: LogLine[]): string[] => lines.map((line) => (line.type === "entry" ? `${line.message.id}${line.last ? "" : "…"}` : line.type));

describe("the lines of a log", () => {
  it("say the day, the channel, and where the new words begin", () => {
    const lines = layOut([message({ seq: 1 }), message({ seq: 2, kind: "out", author: agent("lan") }), message({ seq: 3 })], "c1", 2);
    expect(kinds(lines)).toEqual(["day", "channel", "c1-1", "c1-2", "new", "c1-3"]);
  });

  it("show no new line when nothing was new", () => {
    expect(kinds(layOut([message({ seq: 1 })], "c1", null))).not.toContain("new");
  });

  it("do not call one's own answer new", () => {
    expect(kinds(layOut([message({ seq: 1 }), message({ seq: 2, kind: "out", author: agent("lan") })], "c1", 1))).not.toContain("new");
  });

  it("name the channel again when another conversation begins, and say when it moved", () => {
    const lines = layOut([message({ seq: 1 }), message({ conversation: "c2", seq: 1, channel: "email", order: 99e9, at: "2026-11-21T02:30:00Z" })], "c2", null);
    expect(lines.filter((line) => line.type === "channel").map((line) => [line.moved, line.other])).toEqual([[false, true], [true, false]]);
  });

  it("group what one person wrote in one go", () => {
    expect(kinds(layOut([message({ seq: 1 }), message({ seq: 2 }), message({ seq: 20 })], "c1", null)).slice(2)).toEqual(["c1-1…", "c1-2", "c1-20"]);
  });
});
