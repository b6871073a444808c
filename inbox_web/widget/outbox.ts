/**
 * Letters that the visitor wrote and the hub has not acknowledged. A letter is kept before it is sent and dropped only
 * on its `ack` or a final refusal. Each has a key of its own, so that two tabs never overwrite each other's letters.
 */

import type { Drawer } from "./keep";
import type { ClientFrame, Profile, Uploaded } from "./wire";

export interface Letter {
  id: string;
  n: number; // milliseconds since 1970, raised where needed so that the order written is the order sent
  text: string;
  files: Uploaded[];
  profile?: Profile;
}

const KEY = "out.";

export class Outbox {
  #last = 0;

  readonly #drawer: Drawer;

  constructor(drawer: Drawer) {
    this.#drawer = drawer;
  }

  /** Every letter still to be acknowledged, in the order written. */
  all(): Letter[] {
    const letters: Letter[] = [];
    for (const key of this.#drawer.keys(KEY)) {
      const letter = read(this.#drawer.get(key));
      if (letter) letters.push(letter);
    }
    return letters.sort((a, b) => a.n - b.n || (a.id < b.id ? -1 : 1));
  }

  put(letter: Omit<Letter, "n">, now: number): Letter {
    this.#last = Math.max(now, this.#last + 1, ...this.all().map((kept) => kept.n + 1));
    const kept = { ...letter, n: this.#last };
    this.#drawer.set(KEY + kept.id, JSON.stringify(kept));
    return kept;
  }

  drop(id: string): void {
    this.#drawer.drop(KEY + id);
  }
}

/** True for a storage key that holds a letter. */
export function isLetterKey(key: string): boolean {
  return key.startsWith(KEY);
}

export function frameOf(letter: Letter): ClientFrame {
  if (letter.profile) return { t: "profile", id: letter.id, ...letter.profile };
  return { t: "send", id: letter.id, text: letter.text, files: letter.files.map((file) => file.id) };
}

function read(value: string | null): Letter | null {
  try {
    const letter = JSON.parse(value ?? "null") as Letter | null;
    return letter && typeof letter.id === "string" && Array.isArray(letter.files) ? letter : null;
  } catch {
    return null; // another script wrote under our key; it is not a letter
  }
}
