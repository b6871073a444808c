// The present moment, as often as words like "waiting 4 minutes" need it.
import { signal } from "@preact/signals";

const TICK_MS = 30_000;

export const now = signal(new Date());

/** Keep the moment fresh. Called once. */
export function startClock(): void {
  setInterval(() => { now.value = new Date(); }, TICK_MS);
  document.addEventListener("visibilitychange", () => { now.value = new Date(); });
}
