// Where the words of a search stand in a text, blind to accents and case.
import { fold } from "../../shared/format";

const WORD_LETTER = /[\p{L}\p{N}]/u;

/** Ranges of letters, in order and apart: all that was typed where it stands together, else each word where one begins with it. */
export function marks(letters: readonly string[], hit: string): [number, number][] {
  const wanted = fold(hit.trim());
  if (!wanted) return [];
  // One place per folded letter, so that places in the folded text are places in the text.
  const folded = letters.map((letter) => fold(letter) || letter);
  const text = folded.join("");
  const places = folded.flatMap((letter, index) => Array.from({ length: letter.length }, () => index));
  const range = (start: number, length: number): [number, number] => [places[start]!, places[start + length - 1]! + 1];
  const whole = text.indexOf(wanted);
  if (whole >= 0) return [range(whole, wanted.length)];
  const found = wanted.split(/\s+/).flatMap((word) => {
    const start = beginning(text, word);
    return start < 0 ? [] : [range(start, word.length)];
  });
  return found.sort((a, b) => a[0] - b[0]).filter(([from], index, all) => index === 0 || from >= all[index - 1]![1]);
}

function beginning(text: string, word: string): number {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || !WORD_LETTER.test(text[at - 1]!)) return at;
  }
  return -1;
}
