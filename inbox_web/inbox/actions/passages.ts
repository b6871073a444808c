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
