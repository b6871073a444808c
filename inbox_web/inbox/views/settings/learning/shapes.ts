// What the hub tells about learning, and the lines that compare two models. Nothing here draws.
import { number } from "../../../../shared/format";
import { intents } from "../../../store/session";
import { language, ts } from "../../../text";

export interface Correction { id: string; message: string; conversation: string; text: string; before: string | null; after: string; name: string; at: string }
export interface Side { right: number; bare: number; intents: Record<string, number>; bare_intents: Record<string, number> }
export interface Verdict { rows: number; before: Side; after: Side; against: string[]; fresh?: Record<string, { rows: number; right: number }>; taken?: Record<string, number>; gone?: Record<string, number>; served?: { rows: number; before: Side; after: Side } | null }
export interface Training {
  state: "running" | "passed" | "refused" | "failed"; at: string; name: string; corrections: number; former: string; progress: number; what: string;
  changed?: number; ended: string | null; version: string | null; verdict: Verdict | null; why: string | null;
}
export interface Learning { model: string | null; former: string | null; waiting: number; changed: number; total: number; items: Correction[]; training: Training | null }

/** One line of the table: shares before (null: the former model knew nothing of the kind) and after; `lost` when the gate holds it against the new model. */
export interface Compared { key: string; words: string; before: number | null; after: number; lost: boolean }

export const FRESH = "fresh ";
const WORST = 5;
const TELLING = 0.03;

export const nameOf = (intent: string): string => intents.value.get(intent)?.[language.value] ?? intent;

/** All, all without diacritics, then what the gate holds against it and what changed for the worst. */
export function compared({ before, after, against, fresh, taken, served }: Verdict): Compared[] {
  const words = ts().learning;
  const line = (key: string, name: string, from: number, to: number) => ({ key, words: name, before: from, after: to, lost: against.some((one) => one.startsWith(`${key}:`)) });
  const of = (from: Record<string, number>, to: Record<string, number>, key: (intent: string) => string, name: (intent: string) => string) =>
    Object.keys(from).map((intent) => line(key(intent), name(intent), from[intent]!, to[intent] ?? 0));
  const each = [
    ...of(before.intents, after.intents, (one) => one, nameOf),
    ...of(before.bare_intents, after.bare_intents, (one) => `${one} without diacritics`, (one) => words.bareOf(nameOf(one))),
  ].sort((a, b) => Number(b.lost) - Number(a.lost) || (a.after - a.before) - (b.after - b.before));
  const worse = each.filter((one, at) => one.lost || (at < WORST && one.after < one.before));
  const added = Object.entries(fresh ?? {}).map(([intent, { right }]): Compared => ({ key: `${FRESH}${intent}`, words: nameOf(intent), before: null, after: right, lost: false }));
  const both = served
    ? [line("as served", words.served, served.before.right, served.after.right), line("as served without diacritics", words.servedBare, served.before.bare, served.after.bare)]
    : [];
  const lostThere = Object.keys(served?.before.intents ?? {}).flatMap((intent) => [
    line(`as served, ${intent}`, words.servedOf(nameOf(intent)), served!.before.intents[intent]!, served!.after.intents[intent] ?? 0),
    line(`as served, ${intent} without diacritics`, words.servedOf(words.bareOf(nameOf(intent))), served!.before.bare_intents[intent]!, served!.after.bare_intents[intent] ?? 0),
  ]).filter((one) => one.lost);
  const over = (key: string): boolean => against.some((one) => one.startsWith(`${key}:`));
  const went = Object.entries(taken ?? {})
    .map(([intent, share]): Compared => ({ ...goes(intent), before: null, after: share, lost: over(goes(intent).key) }))
    .filter((one) => one.lost || one.after >= TELLING);
  return [line("overall", words.overall, before.right, after.right), line("without diacritics", words.bare, before.bare, after.bare), ...both, ...added, ...went, ...lostThere, ...worse];
}

/** How the gate, and how we, call what goes from an intent ("": from all) to new ones. */
const goes = (intent: string): { key: string; words: string } =>
  intent ? { key: `${intent} to new intents`, words: ts().learning.went(nameOf(intent)) } : { key: "new intents", words: ts().learning.wentAll };

/** What a training learns, and who began it. */
export function learns({ name, corrections, changed = 0 }: Training): string {
  const words = ts().learning;
  return changed > corrections ? words.runningAll(name, number(changed, language.value)) : words.running(name, number(corrections, language.value));
}

/** What the training does now, in words; "" for what has none. */
export function step(what: string): string {
  const words = ts().learning;
  const part = /^fold (\d+) of (\d+)$/.exec(what);
  return part ? words.fold(part[1]!, part[2]!) : words.step[what || "starting"] ?? "";
}
