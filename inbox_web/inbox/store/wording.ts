// Healths and refusals come as English sentences; whoever reads Vietnamese gets them in Vietnamese, from a table that is
// fetched when the first of them is shown. The same as inbox_web/wording.py does for errors.
import { signal } from "@preact/signals";
import { get } from "./api";

export type Table = Readonly<Record<string, string>>;

const GAP = "{}";
const table = signal<Table | null>(null);
let asked = false;

/** The sentence in the reader's language; as it is while the table is on its way, or where nobody worded it. */
export function worded(sentence: string, language: string): string {
  if (language !== "vi") return sentence;
  if (!table.value) void fetchOnce();
  return (table.value && fitted(sentence, table.value)) || sentence;
}


async function fetchOnce(): Promise<void> {
  if (asked) return;
  asked = true;
  try {
    table.value = (await get<{ vi: Table }>("/sentences")).vi;
  } catch {
    asked = false; // the English says it as well; the next one asks again
  }
}

/** By the entry with the most words of its own; what stood in its gaps is worded as well. Null when none fits. */
export function fitted(sentence: string, words: Table): string | null {
  if (Object.hasOwn(words, sentence)) return words[sentence]!;
  let best: { template: string; gaps: string[]; own: number } | null = null;
  for (const template of Object.keys(words)) {
    const gaps = gapsOf(template, sentence);
    const own = template.replaceAll(GAP, "").length;
    if (gaps && (!best || own > best.own)) best = { template, gaps, own };
  }
  if (!best) return null;
  const said = best.gaps.map((gap) => fitted(gap, words) ?? gap);
  let turn = 0;
  return words[best.template]!.replace(/\{(\d*)\}/g, (_, place: string) => said[place ? Number(place) : turn++] ?? "");
}

function gapsOf(template: string, sentence: string): string[] | null {
  const pieces = template.split(GAP);
  if (pieces.length === 1 || !pieces.every((piece) => sentence.includes(piece))) return null;
  const form = pieces.map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("([\\s\\S]+?)");
  return new RegExp(`^${form}$`).exec(sentence)?.slice(1) ?? null;
}
