import { describe, expect, it } from "vitest";
import { asked, defaults, given, inLanguage, unanswered } from "../inbox/views/settings/connect/questions";
import type { Question } from "../inbox/store/types";

const field = (name: string, more: Partial<Question> = {}): Question => ({ name, label: { vi: name, en: name }, ...more });
const BOT = [field("token", { secret: true, required: true }), field("note", { required: false })];
const MAIL = [
  field("address", { required: true }), field("sign_in", { options: ["password", "google"], default: "password" }), field("password", { secret: true }),
  field("imap_host"), field("smtp_host"), field("client_id"), field("refresh_token", { secret: true }),
];
const names = (fields: readonly Question[]): string[] => fields.map((one) => one.name);

describe("the questions of a channel", () => {
  it("are all asked at once where there are few", () => {
    expect(asked("telegram", BOT, {})).toEqual({ first: BOT, further: [] });
  });

  it("begin with what most people need where there are many", () => {
    const now = asked("email", MAIL, defaults(MAIL));
    expect(names(now.first)).toEqual(["address", "sign_in", "password"]);
    expect(names(now.further)).toEqual(["imap_host", "smtp_host"]);
  });

  it("follow how somebody signs in", () => {
    const now = asked("email", MAIL, { sign_in: "google" });
    expect(names(now.first)).toEqual(["address", "sign_in", "client_id", "refresh_token"]);
  });

  it("keep what must be answered in sight, for a kind that nobody knows too", () => {
    const many = [...Array.from({ length: 8 }, (_, at) => field(`extra${at}`)), field("key", { required: true })];
    expect(names(asked("fax", many, {}).first)).toEqual(["key"]);
  });
});

describe("answers", () => {
  it("are missing where a needed one is blank", () => {
    const now = asked("telegram", BOT, {});
    expect(unanswered(now, { token: "  " })).toBe("token");
    expect(unanswered(now, { token: "1:a" })).toBe(null);
  });

  it("are sent without blanks and without what was not asked; a secret as it was typed", () => {
    const answers = { address: " a@x ", sign_in: "password", password: " pass ", client_id: "left over", imap_host: "" };
    expect(given(asked("email", MAIL, answers), answers)).toEqual({ address: "a@x", sign_in: "password", password: " pass " });
  });

  it("begin with what the channel proposes", () => {
    expect(defaults(MAIL).sign_in).toBe("password");
    expect(defaults(MAIL).address).toBe("");
  });

  it("begin with what an account is set to, but never with a secret", () => {
    const before = defaults(MAIL, { address: "a@x", imap: { host: "imap.x", port: 993 }, password: "geheim" });
    expect([before.address, before.imap_host, before.smtp_host, before.password]).toEqual(["a@x", "imap.x", "", ""]);
  });
});

describe("a channel's words", () => {
  it("are in the language at work, else in one that there is", () => {
    expect([inLanguage({ vi: "a", en: "b" }, "vi"), inLanguage({ en: "b" }, "vi"), inLanguage(undefined, "vi")]).toEqual(["a", "b", undefined]);
  });
});
