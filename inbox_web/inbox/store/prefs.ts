// How this agent likes the screen, kept in this browser. /theme.js reads the same record before the first paint.
import { signal } from "@preact/signals";
import type { Language } from "../../shared/format";
import { keep, recall } from "./keep";

export interface Prefs {
  theme: "system" | "light" | "dark";
  density: "comfortable" | "cosy" | "compact";
  shortcuts: boolean;      // single-key shortcuts (WCAG 2.1.4: they can be switched off)
  enterSends: boolean;
  notify: boolean;         // these two are the agent's now (`likes`): they count until the agent says something else
  undo_s: number;
  panel: boolean;
  views: boolean;
  language: Language | null;
}

const NAME = "hub.prefs";
const FIRST: Prefs = { theme: "system", density: "comfortable", shortcuts: true, enterSends: false, notify: false, undo_s: 0, panel: true, views: true, language: null };

export const prefs = signal<Prefs>({ ...FIRST, ...recall<Partial<Prefs>>(NAME, {}) });

/** Change some of it, here and in the browser's storage. */
export function prefer(change: Partial<Prefs>): void {
  prefs.value = { ...prefs.value, ...change };
  keep(NAME, prefs.value);
}
