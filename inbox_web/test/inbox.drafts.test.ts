import { beforeEach, describe, expect, it } from "vitest";
import { memoryStorage } from "./inbox.storage";

const storage = memoryStorage();
const { amendDraft, clearDrafts, draftOf, draftWords, flushDrafts, hearDraft, openDrafts } = await import("../inbox/store/drafts");
const words = (text: string) => ({ text, files: [] });
const DAY = 86_400_000;

describe("a draft", () => {
  beforeEach(() => {
    storage.clear();
    openDrafts("lan", 1000);
  });

  it("is there again after a reload", () => {
    amendDraft("c1", { reply: words("Dạ được chị ạ") }, 7, 1000);
    flushDrafts();
    openDrafts("lan", 2000);
    expect(draftWords("c1")).toBe("Dạ được chị ạ");
  });

  it("leaves this browser with its author, and no colleague's with it", () => {
    openDrafts("trang", 1000);
    amendDraft("c1", { reply: words("của Trang") }, 7, 1000);
    openDrafts("lan", 1000);
    amendDraft("c1", { reply: words("của Lan") }, 7, 1000);
    flushDrafts();
    clearDrafts();
    expect(draftWords("c1")).toBeNull();
    openDrafts("lan", 2000);
    expect(draftWords("c1")).toBeNull();
    openDrafts("trang", 2000);
    expect(draftWords("c1")).toBe("của Trang");
  });

  it("remembers what was on screen when its first letter was written", () => {
    amendDraft("c1", { reply: words("D") }, 7, 1000);
    amendDraft("c1", { reply: words("Dạ") }, 9, 1001);
    expect(draftOf("c1").seen).toBe(7);
  });

  it("has seen anew once it was emptied and begun again", () => {
    amendDraft("c1", { reply: words("D") }, 7, 1000);
    amendDraft("c1", { reply: words("") }, 8, 1001);
    amendDraft("c1", { reply: words("E") }, 9, 1002);
    expect(draftOf("c1").seen).toBe(9);
  });

  it("keeps a note apart from a reply", () => {
    amendDraft("c1", { reply: words("cho khách") }, 1, 1000);
    amendDraft("c1", { mode: "note", note: words("cho đội") }, 1, 1001);
    expect([draftOf("c1").reply.text, draftOf("c1").note.text]).toEqual(["cho khách", "cho đội"]);
  });

  it("belongs to one agent", () => {
    amendDraft("c1", { reply: words("của Lan") }, 1, 1000);
    openDrafts("trang", 1001);
    expect(draftWords("c1")).toBeNull();
    openDrafts("lan", 1002);
    expect(draftWords("c1")).toBe("của Lan");
  });

  it("that nobody touched for two months is let go", () => {
    amendDraft("c1", { reply: words("cũ") }, 1, 1000);
    openDrafts("lan", 1000 + 61 * DAY);
    expect(draftWords("c1")).toBeNull();
  });

  it("that another tab wrote shows here", () => {
    const draft = { mode: "reply", reply: words("từ tab kia"), note: words(""), seen: 1, at: 1 };
    hearDraft("hub.drafts.lan.c2", JSON.stringify(draft));
    expect(draftWords("c2")).toBe("từ tab kia");
  });
});
