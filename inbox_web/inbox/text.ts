// The words of the interface in the language at work. Each language is a chunk of its own: only one is ever fetched.
import { signal } from "@preact/signals";
import type { Language } from "../shared/format";
import type { Text } from "../shared/i18n/en";
import type { SettingsText } from "../shared/i18n/settings.en";
import { Problem } from "./store/api";
import { prefs } from "./store/prefs";
import { worded } from "./store/wording";

const text = signal<Text | null>(null);
const settingsText = signal<SettingsText | null>(null);
export const language = signal<Language>("vi");

/** The language before anybody signed in: what was chosen here, else what the browser asks for. */
export const firstLanguage = (): Language =>
  prefs.peek().language ?? (navigator.languages?.some((one) => one.startsWith("vi")) ? "vi" : "en");

/** Switch to a language; the old one stays on screen until the new one is there. */
export async function speak(next: Language): Promise<void> {
  text.value = next === "vi" ? (await import("../shared/i18n/vi")).vi : (await import("../shared/i18n/en")).en;
  if (settingsText.peek()) await speakSettings(next);
  language.value = next;
  document.documentElement.lang = next;
}

/** Fetch the words of the settings pages; called before the first of them is shown. */
export async function speakSettings(next: Language): Promise<void> {
  settingsText.value = next === "vi"
    ? (await import("../shared/i18n/settings.vi")).settings
    : (await import("../shared/i18n/settings.en")).settings;
}

/** The words now. Only called once `speak` has been awaited. */
export const t = (): Text => text.value!;
export const ts = (): SettingsText => settingsText.value!;

/** A sentence of the hub's own (a health, a refusal) in the language at work. */
export const said = (english: string): string => worded(english, language.value);

/** Sentences that say themselves that nothing written is lost. */
const SAYS_SAFE: readonly string[] = ["offline", "timeout"];

/** A sentence for whoever waits for something to be shown: what happened, and that drafts are safe. */
export const sentenceSafe = (error: unknown): string =>
  error instanceof Problem && SAYS_SAFE.includes(error.slug) ? sentence(error) : `${sentence(error)} ${t().draftsSafe}`;

/** A sentence for whoever caused a problem: what happened, what is safe, what to do. */
export function sentence(error: unknown): string {
  const words = t().problems;
  if (!(error instanceof Problem)) return words.unexpected;
  const known = (words as Record<string, unknown>)[error.slug];
  if (error.slug === "too-many" && error.retryAfter_s) return words.wait(error.retryAfter_s);
  if ((error.slug === "bad-input" || error.slug === "conflict") && error.detail) return error.detail;
  return typeof known === "string" ? known : error.detail || words.unexpected;
}
