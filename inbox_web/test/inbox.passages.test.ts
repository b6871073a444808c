import { describe, expect, it } from "vitest";
import { linesOf, passages } from "../inbox/actions/passages";

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
