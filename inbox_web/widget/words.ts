/** The words in the visitor's language, fetched alone: nobody downloads what they do not read. */

import type { Language } from "./wire";
import type { Words } from "./words.vi";

export type { Words };

export async function wordsIn(language: Language): Promise<Words> {
  const { words } = await (language === "vi" ? import("./words.vi") : import("./words.en"));
  return words;
}
