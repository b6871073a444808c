// Where the keyboard goes when an action asks for it. Views leave their doors here; an action knocks, and whoever opens
// takes the wish away: one that comes while its door is still being fetched is granted later, not lost.
import { signal } from "@preact/signals";
import type { Mode } from "../store/drafts";

/** Asks the composer of a conversation to take the focus in a mode. */
export const composerWish = signal<{ conversation: string; mode: Mode } | null>(null);
/** Asks the list on screen for its search box. */
export const searchWish = signal(false);

/** Asks the log of a conversation to show one of its entries. */
export const entryWish = signal<{ conversation: string; message: string } | null>(null);

export function focusComposer(conversation: string, mode: Mode): void {
  composerWish.value = { conversation, mode };
}

export function focusSearch(): void {
  searchWish.value = true;
}

export function wishEntry(conversation: string, message: string): void {
  entryWish.value = { conversation, message };
}

/** Bring an entry of the log to the middle and give it the focus; false when it is not drawn. */
export function showEntry(id: string): boolean {
  const entry = document.querySelector<HTMLElement>(`[data-entry="${CSS.escape(id)}"]`);
  if (!entry) return false;
  entry.scrollIntoView({ block: "center" });
  entry.tabIndex = -1;
  entry.focus({ preventScroll: true });
  return true;
}
