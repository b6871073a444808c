// When a snoozed conversation may come back. Pure: the moment is an argument.

const LATER_HOURS = 3;
const MORNING = 8;

export interface SnoozeTime { id: "today" | "tomorrow" | "monday"; at: Date }

/** Later today (in three hours, on the half hour, while that is still today), tomorrow 8:00, next Monday 8:00. */
export function snoozeTimes(now: Date): SnoozeTime[] {
  const later = new Date(now);
  later.setHours(now.getHours() + LATER_HOURS, now.getMinutes() < 30 ? 30 : 60, 0, 0);
  const morning = (days: number): Date => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING);
  const untilMonday = (8 - now.getDay()) % 7 || 7;
  return [
    ...(later.getDate() === now.getDate() ? [{ id: "today", at: later } as const] : []),
    { id: "tomorrow", at: morning(1) },
    ...(untilMonday > 1 ? [{ id: "monday", at: morning(untilMonday) } as const] : []),
  ];
}
