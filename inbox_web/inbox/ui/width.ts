// How much room there is: the four widths of the design, as one signal.
import { signal } from "@preact/signals";

/** wide: five panes · desk: views are a menu, the panel lies over the thread · tablet: the panel is a sheet · phone: one pane. */
export type Width = "wide" | "desk" | "tablet" | "phone";

const ROOM: readonly [Width, string][] = [["wide", "(min-width: 1360px)"], ["desk", "(min-width: 1100px)"], ["tablet", "(min-width: 720px)"]];

const measure = (): Width => ROOM.find(([, query]) => matchMedia(query).matches)?.[0] ?? "phone";

export const width = signal<Width>(measure());

/** Follow the window. Called once. */
export function startWidth(): void {
  for (const [, query] of ROOM) matchMedia(query).addEventListener("change", () => { width.value = measure(); });
}
