import { describe, expect, it } from "vitest";
import { beginning, linesOf, passages } from "../inbox/actions/passages";

const said = (text: string, visible?: [number, number][]): string[] => passages(text, visible).map((one) => (one.folded ? `…${one.text}` : one.text));

describe("the passages of a mail", () => {
  it("are all of it when nothing says what is new", () => {
    expect(said("Chào shop\n> cũ", [])).toEqual(["Chào shop\n> cũ"]);
    expect(said("Chào shop")).toEqual(["Chào shop"]);
  });

  it("are the new words first, then what is folded", () => {
    const text = "Vâng ạ.\n\nVào T5, Lan viết:\n> Chị lấy mấy hộp?";
    expect(said(text, [[0, 7]])).toEqual(["Vâng ạ.", "…Vào T5, Lan viết:\n> Chị lấy mấy hộp?"]);
  });

  it("keep answers between the quotes where they stand", () => {
    const text = "> Mấy hộp?\n3 hộp\n> Giao đâu?\nHội An";
    expect(said(text, [[11, 16], [29, 35]])).toEqual(["…> Mấy hộp?", "3 hộp", "…> Giao đâu?", "Hội An"]);
  });

  it("count code points, not the two halves of an emoji", () => {
    expect(said("😅😅 ok\n> cũ", [[0, 5]])).toEqual(["😅😅 ok", "…> cũ"]);
  });

  it("leave out what is blank, and lose no word", () => {
    expect(said("\n\nVâng\n\n", [[2, 6]])).toEqual(["Vâng"]);
    expect(said("Vâng\n\n> cũ", [[0, 6]])).toEqual(["Vâng", "…> cũ"]);
  });

  it("keep the spaces that begin a line", () => {
    expect(said("\n  thụt vào", [[0, 11]])).toEqual(["  thụt vào"]);
  });

  it("know how many lines are folded", () => {
    expect([linesOf("a"), linesOf("a\nb\nc")]).toEqual([1, 3]);
  });
});

describe("the beginning of a very long text", () => {
  const lines = (n: number): string => Array.from({ length: n }, (_, at) => `dòng ${at + 1}`).join("\n");

  it("is wanted beyond forty lines only, and is its first thirty", () => {
    expect(beginning(lines(40))).toBeNull();
    expect(beginning(lines(41))).toBe(lines(30));
  });

  it("counts a long line as the lines that it fills, and is cut between its words", () => {
    const text = "mười chữ cái ".repeat(400);
    const head = beginning(text)!;
    expect(head.length).toBeGreaterThan(2300);
    expect(head.length).toBeLessThanOrEqual(2400);
    expect(text.startsWith(`${head} `)).toBe(true);
  });

  it("cuts a word without end, but no emoji into halves", () => {
    const head = beginning(`a${"😅".repeat(4000)}`)!;
    expect(head).toBe(`a${"😅".repeat(1199)}`);
  });

  it("leaves short texts alone, blank lines and all", () => {
    expect(beginning("")).toBeNull();
    expect(beginning("Dạ\n\nvâng")).toBeNull();
  });
});
