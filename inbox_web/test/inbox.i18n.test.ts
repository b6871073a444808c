import { describe, expect, it } from "vitest";
import { en } from "../shared/i18n/en";
import { settings as settingsEn } from "../shared/i18n/settings.en";
import { settings as settingsVi } from "../shared/i18n/settings.vi";
import { vi } from "../shared/i18n/vi";

/** Every leaf of a dictionary by its path. */
function leaves(words: object, path = ""): [string, unknown][] {
  return Object.entries(words).flatMap(([name, value]): [string, unknown][] =>
    value !== null && typeof value === "object" ? leaves(value, `${path}${name}.`) : [[path + name, value]]);
}

const pairs = [["inbox", en, vi], ["settings", settingsEn, settingsVi]] as const;

describe.each(pairs)("the words of %s", (_, english, vietnamese) => {
  const left = leaves(english);
  const right = new Map(leaves(vietnamese));

  it("have the same keys in both languages", () => {
    expect([...right.keys()].sort()).toEqual(left.map(([path]) => path).sort());
  });

  it("are functions of as many things in both", () => {
    const arity = (value: unknown): number => (typeof value === "function" ? value.length : -1);
    expect(left.filter(([path, value]) => arity(value) !== arity(right.get(path))).map(([path]) => path)).toEqual([]);
  });

  it("are never empty", () => {
    expect([...left, ...right].filter(([, value]) => value === "").map(([path]) => path)).toEqual([]);
  });

  it("write hoá, tuỳ, huỷ, and never vui lòng", () => {
    const words = [...right.values()].map(String).join("\n");
    expect(words).not.toMatch(/hóa|tùy|hủy|vui lòng|xác thực thất bại|lỗi xảy ra/i);
  });

  it("do not shout", () => {
    expect([...left, ...right].filter(([, value]) => typeof value === "string" && value.endsWith("!")).map(([path]) => path)).toEqual([]);
  });
});
