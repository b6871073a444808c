import { beforeEach, describe, expect, it, vi } from "vitest";

const written: string[] = [];
const write = (how: string) => (_: unknown, __: string, path: string) => {
  written.push(`${how} ${path}`);
  globalThis.location.pathname = path;
};
Object.assign(globalThis, { location: { pathname: "/inbox/open" }, history: { pushState: write("push"), replaceState: write("replace") } });
vi.useFakeTimers();

const { currentConversation, go, openConversation } = await import("../inbox/actions/place");

describe("the address", () => {
  beforeEach(() => {
    go("/inbox/open");
    written.length = 0;
  });

  it("is written at once when a conversation is opened from the list", () => {
    openConversation("c1");
    expect(written).toEqual(["push /inbox/open/c1"]);
  });

  it("follows once when keys ran past many", () => {
    ["c1", "c2", "c3"].forEach((id) => openConversation(id));
    expect([currentConversation.peek(), written]).toEqual(["c3", ["push /inbox/open/c1"]]);
    vi.runAllTimers();
    expect(written).toEqual(["push /inbox/open/c1", "replace /inbox/open/c3"]);
  });

  it("holds the last conversation before another page is opened, so that Back leads there", () => {
    ["c1", "c2"].forEach((id) => openConversation(id));
    go("/settings");
    vi.runAllTimers();
    expect(written).toEqual(["push /inbox/open/c1", "replace /inbox/open/c2", "push /settings"]);
  });
});
