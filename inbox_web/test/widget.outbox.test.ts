import { describe, expect, test } from "vitest";

import { openDrawer } from "../widget/keep";
import { frameOf, isLetterKey, Outbox } from "../widget/outbox";
import { Full, Kept } from "./widget.storage";

const letter = (id: string, text = id) => ({ id, text, files: [] });

describe("the outbox", () => {
  test("a letter is there after the page was loaded again", () => {
    const storage = new Kept();
    new Outbox(openDrawer("shop", storage)).put(letter("a", "còn hàng không"), 1000);
    expect(new Outbox(openDrawer("shop", storage)).all()).toEqual([{ id: "a", n: 1000, text: "còn hàng không", files: [] }]);
  });

  test("letters of one millisecond, or of a clock that went back, keep the order written", () => {
    const outbox = new Outbox(openDrawer("shop", new Kept()));
    outbox.put(letter("c"), 1000);
    outbox.put(letter("b"), 1000);
    outbox.put(letter("a"), 400);
    expect(outbox.all().map((one) => one.id)).toEqual(["c", "b", "a"]);
  });

  test("two tabs add and drop their letters without touching each other's", () => {
    const storage = new Kept();
    const one = new Outbox(openDrawer("shop", storage));
    const other = new Outbox(openDrawer("shop", storage));
    one.put(letter("a"), 1);
    other.put(letter("b"), 2);
    one.drop("a");
    expect(other.all().map((kept) => kept.id)).toEqual(["b"]);
  });

  test("putting a letter twice keeps one", () => {
    const outbox = new Outbox(openDrawer("shop", new Kept()));
    outbox.put(letter("a"), 1);
    outbox.put(letter("a"), 2);
    expect(outbox.all()).toHaveLength(1);
  });

  test("what another script left under our keys is not a letter", () => {
    const storage = new Kept();
    storage.setItem("omnihub.shop.out.x", "{broken");
    storage.setItem("omnihub.shop.out.y", '{"id":1}');
    expect(new Outbox(openDrawer("shop", storage)).all()).toEqual([]);
  });

  test("a full storage keeps letters in memory and says so", () => {
    const drawer = openDrawer("shop", new Full());
    const outbox = new Outbox(drawer);
    outbox.put(letter("a"), 1);
    expect([outbox.all().length, drawer.lasting()]).toEqual([1, false]);
  });

  test("a forbidden storage keeps letters in memory and says so", () => {
    const drawer = openDrawer("shop", null);
    const outbox = new Outbox(drawer);
    outbox.put(letter("a"), 1);
    outbox.drop("a");
    outbox.put(letter("b"), 2);
    expect([outbox.all().map((one) => one.id), drawer.lasting()]).toEqual([["b"], false]);
  });

  test("a message and a form become their frames, under the letter's own id", () => {
    const file = { id: "f1", name: "hoa.png", mime: "image/png", bytes: 9 };
    expect(frameOf({ id: "a", n: 1, text: "đây ạ", files: [file] })).toEqual({ t: "send", id: "a", text: "đây ạ", files: ["f1"] });
    expect(frameOf({ id: "b", n: 2, text: "", files: [], profile: { name: "Uyên" } })).toEqual({ t: "profile", id: "b", name: "Uyên" });
  });
});

describe("the drawer", () => {
  test("accounts on one page do not see each other's things", () => {
    const storage = new Kept();
    openDrawer("tea", storage).set("token", "t");
    expect(openDrawer("cups", storage).get("token")).toBeNull();
  });

  test("a storage event's key is told apart from other scripts' keys", () => {
    const drawer = openDrawer("tea", new Kept());
    expect([drawer.mine("omnihub.tea.out.1"), drawer.mine("omnihub.cups.out.1"), drawer.mine(null)]).toEqual(["out.1", null, null]);
    expect([isLetterKey("out.1"), isLetterKey("token")]).toEqual([true, false]);
  });
});
