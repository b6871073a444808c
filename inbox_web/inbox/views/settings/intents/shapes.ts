// What the hub tells about the list of intents, and how it is changed. Nothing here draws.
import { fold } from "../../../../shared/format";
import { say } from "../../../actions/toast";
import { patch } from "../../../store/api";
import { refresh, teams } from "../../../store/session";
import type { Team } from "../../../store/types";
import { language, sentence, t } from "../../../text";

export interface Intent {
  name: string; vi: string; en: string; meaning_vi: string; meaning_en: string; tone: string; own: boolean; renamed: boolean; on: boolean; gone: boolean; into: string | null; stays: boolean;
  examples: number; messages: number; missing: number; taught: boolean;
}
export interface IntentList { items: Intent[]; changed: number | null; least: number; enough: number }
export interface Example { id: string; intent: string; text: string; name: string; at: string }
export interface Given { added: Example[]; known: number; elsewhere: Example[] }
export type Change = Partial<Pick<Intent, "vi" | "en" | "tone" | "on" | "gone">> & { meaning?: string; into?: string };

export const UNKNOWN = "unknown";
export const called = (one: Intent): string => one[language.value];
export const meaningOf = (one: Intent): string => (language.value === "vi" ? one.meaning_vi : one.meaning_en);
export const stands = (one: Intent): boolean => one.on && one.into === null && !one.gone;
export const pathOf = (name: string): string => `/settings/intents:${encodeURIComponent(name)}`;
export const teamOf = (name: string): Team | undefined => [...teams.value.values()].find((team) => team.intents.includes(name));

/** Those whose names or meaning hold the words, blind to accents. */
export const fitting = (items: readonly Intent[], typed: string): Intent[] => {
  const wanted = fold(typed.trim());
  return items.filter((one) => fold(`${one.vi} ${one.en} ${meaningOf(one)}`).includes(wanted));
};

/** Send an intent to this team and to no other; "" to nobody. Raises Problem. */
export async function route(intent: string, to: string): Promise<void> {
  const before = teamOf(intent);
  const next = teams.value.get(to);
  if (before) await patch(`/teams/${encodeURIComponent(before.id)}`, { intents: before.intents.filter((one) => one !== intent) });
  if (next) await patch(`/teams/${encodeURIComponent(next.id)}`, { intents: [...next.intents, intent] });
  await refresh();
}

/** Change an intent; `words` say it, and the toast has the way back. Raises Problem. */
export async function change(one: Intent, to: Change, words: string, back: Change, done: () => Promise<void>): Promise<void> {
  await patch(`/intents/${encodeURIComponent(one.name)}`, to);
  await done();
  const undo = () => void patch(`/intents/${encodeURIComponent(one.name)}`, back).then(async () => {
    await done();
    say(t().undone);
  }, (error: unknown) => say(sentence(error)));
  say(words, { words: t().undo, run: undo });
}
