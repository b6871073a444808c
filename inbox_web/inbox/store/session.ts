// Who is signed in, and what the shop looks like: agents, teams, accounts, channels, intents, labels.
import { computed, signal } from "@preact/signals";
import { get, post, remove } from "./api";
import { prefs } from "./prefs";
import type { Account, Agent, Bootstrap, Channel, Intent, Preferences, Team } from "./types";

export type Phase = "starting" | "signed-out" | "ready" | "failed";

export const phase = signal<Phase>("starting");
export const boot = signal<Bootstrap | null>(null);
export const me = computed<Agent | null>(() => boot.value?.agent ?? null);
export const isAdministrator = computed(() => me.value?.role === "administrator");
export const here = signal<string[]>([]);
export const quarantined = signal(0);

const byId = <T extends { id: string }>(things: T[] | undefined): Map<string, T> => new Map(things?.map((one) => [one.id, one]));
export const agents = computed<Map<string, Agent>>(() => byId(boot.value?.agents));
export const teams = computed<Map<string, Team>>(() => byId(boot.value?.teams));
export const accounts = computed<Map<string, Account>>(() => byId(boot.value?.accounts));
export const channels = computed<Map<string, Channel>>(() => new Map(boot.value?.channels.map((one) => [one.kind, one])));
/** Every intent that tags may name. */
export const intents = computed<Map<string, Intent>>(() => new Map(boot.value?.intents.map((one) => [one.name, one])));
/** Those that are to be chosen now. */
export const offeredIntents = computed<Intent[]>(() => [...intents.value.values()].filter((one) => one.offered !== false));

/** What the agent said, in whatever browser; else what this browser kept of before the hub remembered it. */
export const likes = computed<Required<Preferences>>(() => ({ undo_s: prefs.value.undo_s, notify: prefs.value.notify, ...boot.value?.preferences }));

let asked = 0;
let taken = 0;

/** Fetch the shop; raises Problem. The first time it decides whether somebody is signed in. */
export async function refresh(): Promise<Bootstrap> {
  const mine = ++asked;
  const answer = await get<Bootstrap>("/bootstrap");
  if (mine < taken && boot.value) return boot.value; // a later question was answered sooner
  taken = mine;
  boot.value = answer;
  here.value = answer.here ?? [];
  quarantined.value = answer.quarantined ?? 0;
  return answer;
}

export const signIn = (email: string, password: string, language: string): Promise<{ agent: Agent }> =>
  post("/session", { email, password }, { language });

export const signOut = (): Promise<void> => remove("/session");

/** Change something about the agent at work without asking for everything again. */
export function amendMe(change: Partial<Agent>): void {
  if (boot.value) boot.value = { ...boot.value, agent: { ...boot.value.agent, ...change } };
}

/** Change how the agent likes to work, in every browser; raises Problem. */
export async function like(change: Preferences): Promise<void> {
  const preferences = await post<Preferences>("/session/preferences", change);
  if (boot.value) boot.value = { ...boot.value, preferences };
}

/** Remember a label that somebody just made, so that it is offered at once. */
export function learnLabels(labels: string[]): void {
  const known = boot.value?.labels;
  if (!boot.value || !known) return;
  const fresh = labels.filter((label) => !known.includes(label));
  if (fresh.length) boot.value = { ...boot.value, labels: [...known, ...fresh].sort() };
}
