import { describe, expect, it, vi } from "vitest";
import type { VNode } from "preact";

Object.assign(globalThis, {
  location: { pathname: "/inbox/open/c2" }, history: { pushState: vi.fn(), replaceState: vi.fn() }, document: { documentElement: {} },
});

const { CopyLine } = await import("../inbox/views/thread/entries/CopyLine");
const { accounts, boot } = await import("../inbox/store/session");
const { speak } = await import("../inbox/text");

/** What stands in a drawn line, and where its links lead. */
function drawn(node: unknown): string {
  if (Array.isArray(node)) return node.map(drawn).join("");
  if (node === null || typeof node !== "object") return String(node ?? "");
  const { href = "", children } = (node as VNode<{ href?: string; children?: unknown }>).props;
  return href ? `${drawn(children)} (${href})` : drawn(children);
}

const copy = { message: "m1", conversation: "c1", account: "e1" };

describe("a mail that another of our addresses got first", () => {
  it("says which one and leads there, in both languages", async () => {
    boot.value = { accounts: [{ id: "e1", kind: "email", name: "sales@mocan.example" }] } as typeof boot.value;
    expect(accounts.value.size).toBe(1);
    await speak("vi");
    expect(drawn(CopyLine({ of: copy }))).toBe("Cũng tới sales@mocan.example · Mở hội thoại (/inbox/all/c1)");
    await speak("en");
    expect(drawn(CopyLine({ of: copy }))).toBe("Also came to sales@mocan.example · Open conversation (/inbox/all/c1)");
  });

  it("still leads there when that account was removed", async () => {
    await speak("vi");
    expect(drawn(CopyLine({ of: { ...copy, account: "gone" } }))).toBe("Cũng tới hộp thư khác của shop · Mở hội thoại (/inbox/all/c1)");
  });
});
