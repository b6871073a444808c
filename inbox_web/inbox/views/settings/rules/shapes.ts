// Rules as the API speaks them, and what may be chosen where. Nothing here draws or asks.
import { signal } from "@preact/signals";
import { get } from "../../../store/api";
import { accounts, agents, channels, intents, teams } from "../../../store/session";
import { language, t, ts } from "../../../text";

export interface Condition { what: string; is?: string[]; is_not?: string[]; sure?: string; at_least?: number | null; at_most?: number | null; any?: string[]; all?: string[]; none?: string[]; open?: boolean; team?: string | null }
export interface Action { do: string; to?: string; add?: string[]; remove?: string[]; text?: string | Record<string, string>; minutes?: number | null; url?: string; name?: string }
export interface Rule { id: string; name: string; when: string; if: Condition[]; then: Action[]; after_minutes: number | null; on: boolean; order: number; version: number; at: string | null; by: string | null }
export interface Match { message: string; conversation: string; name: string; channel: string; at: string; text: string }
export interface Tried { possible: boolean; looked: number; matched: number; since: string | null; items: Match[] }

export const TRIGGERS = ["arrived", "opened", "tagged", "assigned", "resolved", "idle", "contact_changed", "form_sent", "rated", "refused"];
export const FACTS = ["intent", "wish", "channel", "account", "language", "words", "entity", "label", "priority", "team", "waiting", "hours", "stage", "score", "region", "source", "rating", "changed", "sign"];
export const ACTIONS = ["team", "agent", "label", "unlabel", "priority", "reply", "note", "snooze", "flow", "webhook", "stop"];
export const FREE = new Set(["label", "region", "source"]);
export const SURE = ["certain", "suggested", "any"];
/** What of a customer may change, the details that rules ask about first. */
const DETAILS = ["stage", "score", "region", "source", "name", "email", "phone", "address", "birthday", "company", "note"];
export const RANGES = new Set(["score", "rating"]);

/** One that is not `offered` has a name and is not to be chosen any more. */
export interface Choice { value: string; words: string; offered?: boolean | undefined }

const named = (values: readonly string[]): Choice[] => values.map((value) => ({ value, words: ts().rules.value[value] ?? value }));

/** What a condition on this fact may name; empty where anything may be written. */
export function choices(fact: string): Choice[] {
  switch (fact) {
    case "channel": return [...channels.value.values()].map((one) => ({ value: one.kind, words: one.name[language.value] }));
    case "account": return [...accounts.value.values()].map((one) => ({ value: one.id, words: one.name }));
    case "intent": case "wish": return [...intents.value.values()].map((one) => ({ value: one.name, words: one[language.value], offered: one.offered }));
    case "team": return [{ value: "", words: ts().rules.value[""] ?? "" }, ...teamChoices()];
    case "language": return named(["vi", "en", "other"]);
    case "stage": return Object.entries(t().panel.stages).map(([value, words]) => ({ value, words }));
    case "changed": return DETAILS.map((value) => ({ value, words: t().panel.facts[value] ?? value }));
    case "entity": return named(["phone", "order", "date", "amount", "email", "link"]);
    case "sign": return named(["urgent", "bad", "good"]);
    case "priority": return named(["urgent", "high", "normal", "low"]);
    case "waiting": return named(["customer", "us"]);
    default: return [];
  }
}

/** The flows that a rule may start; asked for when the rules are shown. */
export const flowNames = signal<Choice[]>([]);
export const askFlows = async (): Promise<void> => { flowNames.value = (await get<{ items: { id: string; name: string }[] }>("/flows")).items.map((one) => ({ value: one.id, words: one.name })); };
const flowWords = (name: string): string => flowNames.value.find((one) => one.value === name)?.words ?? name;

export const teamChoices = (): Choice[] => [...teams.value.values()].map((one) => ({ value: one.id, words: one.name }));
export const agentChoices = (): Choice[] => [...agents.value.values()].filter((one) => one.on).map((one) => ({ value: one.id, words: one.name }));
export const wordsOf = (fact: string, value: string): string => choices(fact).find((one) => one.value === value)?.words ?? value;

export function freshCondition(what: string): Condition {
  if (what === "words") return { what, any: [] };
  if (what === "hours") return { what, open: false, team: null };
  if (RANGES.has(what)) return { what, at_least: null, at_most: null };
  return { what, is: [] };
}

export function freshAction(kind: string): Action {
  switch (kind) {
    case "team": return { do: "team", to: teamChoices()[0]?.value ?? "" };
    case "agent": return { do: "agent", to: agentChoices()[0]?.value ?? "" };
    case "label": return { do: "label", add: [] };
    case "unlabel": return { do: "label", remove: [] };
    case "priority": return { do: "priority", to: "high" };
    case "reply": return { do: "reply", text: { vi: "", en: "" } };
    case "note": return { do: "note", text: "" };
    case "snooze": return { do: "snooze", minutes: null };
    case "flow": return { do: "flow", name: flowNames.value[0]?.value ?? "" };
    case "webhook": return { do: "webhook", url: "https://" };
    default: return { do: kind };
  }
}

/** What is sent: without empty languages, and without ends that nobody gave. */
export function sent(rule: Rule): unknown {
  const then = rule.then.map((one) => (one.do === "reply" && typeof one.text === "object" ? { ...one, text: Object.fromEntries(Object.entries(one.text).filter(([, words]) => words.trim())) } : one));
  const plain = rule.if.map((one) => Object.fromEntries(Object.entries(one).filter(([, value]) => value !== null)));
  return { name: rule.name, when: rule.when, if: plain, then, after_minutes: rule.when === "idle" ? rule.after_minutes : null, on: rule.on, version: rule.version };
}

export const listed = (text: string): string[] => text.split(",").map((one) => one.trim()).filter(Boolean);

/** From how sure on an intent counts; nothing where it must route by itself, which is what is meant else. */
function howSure(one: Condition): string {
  if (one.at_least != null) return ` ≥ ${Math.round(one.at_least * 100)} %`;
  return one.sure === "suggested" ? ` (${ts().rules.suggestedToo})` : one.sure === "any" ? ` (${ts().rules.anySure})` : "";
}

/** A condition in plain words. */
export function conditionWords(one: Condition): string {
  const words = ts().rules;
  const fact = words.fact[one.what] ?? one.what;
  if (one.what === "words") return [one.any?.length ? one.any.map((word) => `“${word}”`).join(" / ") : "", one.all?.length ? one.all.map((word) => `“${word}”`).join(" + ") : "", one.none?.length ? `${words.noneOf}: ${one.none.map((word) => `“${word}”`).join(", ")}` : ""].filter(Boolean).join(" · ");
  if (one.what === "hours") return `${one.team ? wordsOf("team", one.team) : words.shop} ${one.open ? words.open : words.closed}`;
  if (RANGES.has(one.what)) return `${fact}${one.at_least != null ? ` ≥ ${one.at_least}` : ""}${one.at_most != null ? ` ≤ ${one.at_most}` : ""}`;
  const sure = one.what === "intent" && one.is?.length ? howSure(one) : "";
  const list = (values: string[] | undefined): string => [...new Set((values ?? []).map((value) => wordsOf(one.what, value)))].join(", ");
  return `${fact}: ${[list(one.is), one.is_not?.length ? `${words.isNot} ${list(one.is_not)}` : ""].filter(Boolean).join(" · ")}${sure}`;
}

/** An action in plain words. */
export function actionWords(one: Action): string {
  const words = ts().rules;
  const removes = one.do === "label" && one.remove?.length;
  const what = words.action[removes ? "unlabel" : one.do] ?? one.do;
  switch (one.do) {
    case "team": return `→ ${wordsOf("team", one.to ?? "")}`;
    case "agent": return `→ ${agents.value.get(one.to ?? "")?.name ?? one.to}`;
    case "flow": return `${what}: ${flowWords(one.name ?? "")}`;
    case "label": return `${what}: ${[...(one.add ?? []), ...(one.remove ?? [])].join(", ")}`;
    case "priority": return `${words.fact["priority"]}: ${words.value[one.to ?? ""] ?? one.to}`;
    case "reply": case "note": return `${what}: “${short(typeof one.text === "object" ? (one.text[language.value] ?? Object.values(one.text)[0] ?? "") : (one.text ?? ""))}”`;
    case "snooze": return one.minutes == null ? what : `${what}: ${lasting(one.minutes)}`;
    case "webhook": return `${what}: ${short(one.url ?? "")}`;
    default: return what;
  }
}

const SHOWN = 48;
const short = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

/** "1 ngày", "24 hours", "90 minutes": the largest unit that fits without a rest. */
function lasting(minutes: number): string {
  const [unit, size]: [string, number] = minutes % 1440 === 0 ? ["day", 1440] : minutes % 60 === 0 ? ["hour", 60] : ["minute", 1];
  return new Intl.NumberFormat(language.value, { style: "unit", unit, unitDisplay: "long" }).format(minutes / size);
}

/** What a rule waits for, in plain words. */
export const triggerWords = (rule: Rule): string => `${ts().rules.trigger[rule.when] ?? rule.when}${rule.when === "idle" && rule.after_minutes ? ` (${lasting(rule.after_minutes)})` : ""}`;
