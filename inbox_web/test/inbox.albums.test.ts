import { describe, expect, it } from "vitest";
import { asOne, withAlbums } from "../inbox/actions/albums";
import { fates, namesRecipients, tally } from "../inbox/actions/recipients";
import { retold } from "../inbox/store/merge";
import type { DeliveryState, FileState } from "../inbox/store/types";
import { message } from "./inbox.make";

const file = (name: string, state: FileState = "here") => ({ name, mime: "image/png", bytes: 1, url: `/${name}`, state });
const picture = (seq: number, text = "", more = {}) => message({ seq, group: "g", text, attachments: [file(`${seq}.png`)], ...more });
const delivery = (to: string, state: DeliveryState, why: string | null = null, part = 0) => ({ part, to, state, at: "2026-11-21T02:01:00Z", why });

describe("an album", () => {
  it("is one entry where its first picture stands, with all its pictures and words", () => {
    const shown = withAlbums([message({ seq: 1 }), picture(2, "Ba kiểu hộp"), picture(3), message({ seq: 4, kind: "event" }), picture(5)]);
    expect(shown.map((one) => one.seq)).toEqual([1, 2, 4]);
    expect(shown[1]!.text).toBe("Ba kiểu hộp");
    expect(shown[1]!.attachments.map((one) => one.name)).toEqual(["2.png", "3.png", "5.png"]);
  });

  it("is somebody's own: the same name in another conversation is another album", () => {
    expect(withAlbums([picture(1), picture(2, "", { conversation: "c2" })])).toHaveLength(2);
  });

  it("is the same record for the same pictures, so that it is not drawn again", () => {
    const members = [picture(1), picture(2)];
    expect(asOne([...members])).toBe(asOne([...members]));
    expect(asOne([...members, picture(3)]).attachments).toHaveLength(3);
  });

  it("says what an edit made of one caption, and shows no picture that is gone", () => {
    const amended = { text: "Hai kiểu hộp", at: "2026-11-21T03:00:00Z", gone: false };
    const one = asOne([picture(1, "Ba kiểu hộp", { amended }), picture(2), picture(3, "", { amended: { ...amended, text: "", gone: true } })]);
    expect(one.amended).toMatchObject({ text: "Hai kiểu hộp", gone: false });
    expect(one.attachments.map((file) => file.name)).toEqual(["1.png", "2.png"]);
  });
});

describe("recipients", () => {
  it("stand once each, with the worst that became of their parts", () => {
    const all = fates([delivery("a@x", "sent"), delivery("a@x", "refused", "Hộp đầy", 1), delivery("b@x", "sent"), delivery("b@x", "delivered", null, 1)]);
    expect(all).toEqual([{ to: "a@x", state: "refused", why: "Hộp đầy" }, { to: "b@x", state: "sent", why: null }]);
  });

  it("are named where there are several, or where they are addresses that people know", () => {
    const one = { deliveries: [delivery("17", "refused")] };
    expect(namesRecipients(message({ channel: "telegram", ...one }))).toBe(false);
    expect(namesRecipients(message({ channel: "email", ...one }))).toBe(true);
    expect(namesRecipients(message({ channel: "slack", deliveries: [delivery("17", "sent"), delivery("18", "sent")] }))).toBe(true);
  });
});

describe("reactions", () => {
  it("are counted by emoji, in the order in which they came", () => {
    const by = (name: string, emoji: string) => ({ by: name, name, emoji });
    expect(tally([by("Lan", "👍"), by("Huy", "❤️"), by("Minh", "👍")])).toEqual([{ emoji: "👍", names: ["Lan", "Minh"] }, { emoji: "❤️", names: ["Huy"] }]);
    expect(tally(undefined)).toEqual([]);
  });
});

describe("an answer that a live event overtook", () => {
  it("brings back no file that is still on its way", () => {
    const kept = message({ seq: 1, attachments: [file("a.png")] });
    expect(retold(kept, message({ seq: 1, attachments: [file("a.png", "waiting")] })).attachments[0]!.state).toBe("here");
  });

  it("undoes no edit", () => {
    const amended = (text: string, at: string) => ({ text, at, gone: false });
    const kept = message({ seq: 1, amended: amended("mới", "2026-11-21T03:00:00Z") });
    expect(retold(kept, message({ seq: 1, amended: null })).amended?.text).toBe("mới");
    expect(retold(kept, message({ seq: 1, amended: amended("cũ", "2026-11-21T02:00:00Z") })).amended?.text).toBe("mới");
    expect(retold(kept, message({ seq: 1, amended: amended("mới hơn", "2026-11-21T04:00:00Z") })).amended?.text).toBe("mới hơn");
  });
});
