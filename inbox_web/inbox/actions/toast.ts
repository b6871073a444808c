// One short message at a time about what was just done, with a way back.
import { signal } from "@preact/signals";

export interface Toast { id: number; words: string; action?: { words: string; run: () => void } | undefined }

export const TOAST_MS = 8_000;
export const toast = signal<Toast | null>(null);
let next = 1;

/** Show words until they fade or others come. */
export function say(words: string, action?: Toast["action"]): void {
  toast.value = { id: next++, words, action };
}

export const hush = (): void => {
  toast.value = null;
};
