// How many conversations each view holds. Known changes are counted here; what cannot be known is asked for, seldom.
import { signal } from "@preact/signals";
import { get } from "./api";
import { onRow } from "./rows";
import { me } from "./session";
import type { Counts, Row } from "./types";
import { belongs, viewOf } from "./views";

const ASK_AT_MOST_EVERY_MS = 3_000;
export const CAP = 1000;

export const counts = signal<Counts | null>(null);

let asked: ReturnType<typeof setTimeout> | undefined;

/** Ask for the counts now. A failure keeps the old ones: they are a hint, not a ledger. */
export async function refreshCounts(): Promise<void> {
  counts.value = await get<Counts>("/counts").catch(() => counts.peek());
}

/** Ask soon, once for many reasons. */
export function askForCounts(): void {
  asked ??= setTimeout(() => {
    asked = undefined;
    void refreshCounts();
  }, ASK_AT_MOST_EVERY_MS);
}

/** Count a row that moved from one view to another. */
onRow((after, before) => {
  const now = counts.peek();
  if (!now || !before) return;
  const moved = (slug: string): number => Number(inView(slug, after)) - Number(inView(slug, before));
  const step = (value: number | undefined, by: number): number => ((value ?? 0) >= CAP ? CAP : Math.max(0, (value ?? 0) + by));
  const next: Counts = {
    open: step(now.open, moved("open")), mine: step(now.mine, moved("mine")), unassigned: step(now.unassigned, moved("unassigned")),
    waiting: step(now.waiting, moved("waiting")), snoozed: step(now.snoozed, moved("snoozed")), teams: { ...now.teams }, channels: { ...now.channels },
  };
  for (const team of new Set([after.team, before.team])) if (team) next.teams[team] = step(now.teams[team], moved(`team-${team}`));
  next.channels[after.channel] = step(now.channels[after.channel], moved(`channel-${after.channel}`));
  counts.value = next;
});

const inView = (slug: string, row: Row): boolean => belongs(viewOf(slug), row, me.peek()?.id ?? "");
