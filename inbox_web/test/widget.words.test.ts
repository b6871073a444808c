import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { problemOf } from "../widget/fields";
import { words as en } from "../widget/words.en";
import { fileWords } from "../widget/words.files";
import { formWords } from "../widget/words.form";
import { words as vi } from "../widget/words.vi";

const all = {
  vi: { ...vi, ...formWords.vi, ...fileWords.vi },
  en: { ...en, ...formWords.en, ...fileWords.en },
};

describe("the two languages", () => {
  const kinds = (words: object) => Object.entries(words).map(([key, value]) => [key, typeof value]);

  test("have the same words, in the same shape", () => {
    expect(kinds(all.en)).toEqual(kinds(all.vi));
  });

  test("leave nothing empty and beg nobody", () => {
    const said = [...Object.values(all.vi), ...Object.values(all.en)].map((word) => (typeof word === "function" ? word("2" as never, "3" as never) : word));
    expect(said.filter((word) => !word.trim() || /!|vui lòng|please|oops/i.test(word))).toEqual([]);
  });
});

describe("the form's sentences", () => {
  test.each([
    ["phone", "0912 34", "Số này thiếu 4 chữ số."],
    ["phone", "091234567890", "Số này thừa 1 chữ số."],
    ["phone", "091a", "Số điện thoại chỉ gồm chữ số."],
    ["phone", "912345678", "Số trong nước bắt đầu bằng 0, số nước ngoài bằng dấu +."],
    ["email", "uyen.example.com", "Địa chỉ này thiếu dấu @."],
    ["email", "uyen@gmail", "Sau dấu @ cần tên miền, như gmail.com."],
    ["email", "u yen@gmail.com", "Địa chỉ email không có khoảng trắng."],
  ] as const)("%s %s: %s", (field, value, sentence) => {
    expect(problemOf(field, value, false, formWords.vi)).toBe(sentence);
  });

  test.each([
    ["phone", "0912.345.678"],
    ["phone", "+49 30 1234567"],
    ["email", "uyen+tra@gmail.com"],
    ["name", "Ễ"],
    ["email", "  "],
  ] as const)("%s %j is fine", (field, value) => {
    expect(problemOf(field, value, false, formWords.en)).toBeNull();
  });

  test("a required field left empty is asked for", () => {
    expect(problemOf("name", " ", true, formWords.en)).toBe("Tell us your name to start.");
  });

  test("one digit is singular in English", () => {
    expect(problemOf("phone", "091234567", false, formWords.en)).toBe("This number is 1 digit short.");
  });
});

describe("the widget's tokens", () => {
  const tokens = (path: string) => {
    const css = readFileSync(new URL(path, import.meta.url), "utf8");
    const found = [...css.matchAll(/^\s*(--[\w-]+):\s*([^;]+);/gm)].map(([, name, value]) => [name, value?.replace(/\s+/g, " ")] as const);
    return new Map(found.reverse()); // the first of each name counts
  };

  test("have the values of the shared ones, but for what the shop's colour decides", () => {
    const shared = tokens("../shared/tokens.css");
    const apart = [...tokens("../widget/tokens.css")].filter(([name, value]) => !name?.startsWith("--accent") && shared.get(name) !== value);
    expect(apart).toEqual([]);
  });
});
