import { afterEach, describe, expect, it } from "vitest";
import { prefer } from "../inbox/store/prefs";
import { boot, likes } from "../inbox/store/session";
import type { Bootstrap } from "../inbox/store/types";

afterEach(() => {
  boot.value = null;
  prefer({ undo_s: 0, notify: false });
});

describe("how an agent likes to work", () => {
  it("is as this browser kept it until the agent says something", () => {
    prefer({ undo_s: 5, notify: true });
    boot.value = { agent: { id: "a" }, preferences: {} } as unknown as Bootstrap;
    expect(likes.value).toEqual({ undo_s: 5, notify: true });
  });

  it("is what the agent said, in whatever browser, also when that was no", () => {
    prefer({ undo_s: 5, notify: true });
    boot.value = { agent: { id: "a" }, preferences: { undo_s: 0, notify: false } } as unknown as Bootstrap;
    expect(likes.value).toEqual({ undo_s: 0, notify: false });
  });
});
