// What of a mail is new and what is quote or signature. Pure; the ranges count code points, as the server does.

export interface Passage { text: string; folded: boolean }

/** The passages of a text in their order; no range at all: everything is new. Blank passages are left out. */
export function passages(text: string, visible: readonly (readonly [number, number])[] | undefined): Passage[] {
  if (!visible?.length) return [{ text, folded: false }];
  const points = Array.from(text);
  const found: Passage[] = [];
  let at = 0;
  const take = (to: number, folded: boolean): void => {
    const words = bare(points.slice(at, to).join(""));
    if (words) found.push({ text: words, folded });
    at = Math.max(at, to);
  };
  for (const [from, to] of visible) {
    take(from, true);
    take(to, false);
  }
  take(points.length, true);
  return found;
}

/** Without blank lines around it; spaces that begin a line stay. */
const bare = (text: string): string => text.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd();

/** How many lines a folded passage has. */
export const linesOf = (text: string): number => text.split("\n").length;

/** Beyond so many lines a passage is folded; a line is as wide as the log at most. */
const MOST_LINES = 40;
const LINES_SHOWN = 30;
const LINE = 80;

/** The beginning of a very long text, cut at a line's end or between words; null when all of it may stand. */
export function beginning(text: string): string | null {
  if (text.length <= MOST_LINES) return null;
  let shown = -1;
  let lines = 0;
  let at = 0;
  for (const line of text.split("\n")) {
    const high = Math.max(1, Math.ceil(line.length / LINE));
    if (shown < 0 && lines + high > LINES_SHOWN) shown = at + betweenWords(line, (LINES_SHOWN - lines) * LINE);
    lines += high;
    at += line.length + 1;
    if (lines > MOST_LINES) return text.slice(0, shown).trimEnd();
  }
  return null;
}

/** Where to cut a line of which about so much may stay; a word that alone is longer is cut, but no letter of two halves. */
function betweenWords(line: string, most: number): number {
  if (line.length <= most) return line.length;
  const space = line.lastIndexOf(" ", most);
  if (space > most / 2) return space;
  return /[\uD800-\uDBFF]/.test(line[most - 1] ?? "") ? most - 1 : most;
}
