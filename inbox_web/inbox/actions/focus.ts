// Where the keyboard goes when an action asks for it. Views leave their doors here; an action knocks.
import { signal } from "@preact/signals";
import type { Mode } from "../store/drafts";

/** Asks the composer to take the focus in a mode; the number makes the same wish twice two wishes. */
export const composerWish = signal<{ mode: Mode; n: number } | null>(null);
export const searchWish = signal(0);

export function focusComposer(mode: Mode): void {
  composerWish.value = { mode, n: (composerWish.peek()?.n ?? 0) + 1 };
}

export function focusSearch(): void {
  searchWish.value++;
}
