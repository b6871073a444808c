// Which dialog or menu is open. One of each at most.
import { signal } from "@preact/signals";

export type MenuKind = "assign" | "team" | "labels" | "priority" | "snooze" | "more" | "views";

export const dialog = signal<"palette" | "help" | "snooze" | "leave" | null>(null);
export const menu = signal<{ kind: MenuKind; anchor: HTMLElement } | null>(null);

/** The panel and the views where they have no place of their own (narrower windows). */
export const panelOver = signal(false);

/** Open a menu on the button that carries it, or on the head of the thread when it is out of sight. */
export function openMenu(kind: MenuKind, anchor?: HTMLElement): void {
  const buttons = Array.from(document.querySelectorAll<HTMLElement>(`[data-menu~="${kind}"]`));
  const on = anchor ?? buttons.find((one) => one.offsetParent !== null) ?? document.querySelector<HTMLElement>(".th");
  if (on) menu.value = { kind, anchor: on };
}
