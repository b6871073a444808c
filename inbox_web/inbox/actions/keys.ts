// Keys. Single keys sleep while somebody writes, while an input method composes, while a dialog or menu is open, and for
// good when the agent switched them off.
import { tinykeys } from "tinykeys";
import { phase } from "../store/session";
import { prefs } from "../store/prefs";
import { COMMANDS, type Command } from "./commands";
import { dialog, menu } from "./dialogs";

/** True while a key belongs to an input method: Telex and VNI must never trigger anything. */
export const isComposing = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229;

/** True where letters are letters. */
export function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit"].includes(target.type);
}

/** Whether a command may act on this key now. */
export function mayAct(command: Command, event: KeyboardEvent): boolean {
  if (event.defaultPrevented || isComposing(event) || phase.peek() !== "ready") return false;
  const withModifier = command.key!.includes("$mod");
  if (!withModifier) {
    if (!prefs.peek().shortcuts || isWriting(event.target) || event.ctrlKey || event.metaKey || event.altKey) return false;
    if (dialog.peek() || menu.peek() || document.querySelector("dialog[open]")) return false;
  }
  return command.when?.() ?? true;
}

/** Listen on the whole page. Called once. */
export function startKeys(): void {
  const bindings = COMMANDS.flatMap((command) => notations(command.key).map((keys): [string, (event: KeyboardEvent) => void] => [
    keys,
    (event) => {
      if (!mayAct(command, event)) return;
      event.preventDefault();
      command.run();
    },
  ]));
  // Two keys before one: "g i" goes to the inbox, and its second key, taken by then, does not begin a note.
  bindings.sort(([a], [b]) => b.length - a.length);
  tinykeys(window, Object.fromEntries(bindings));
}

/** tinykeys compares modifiers exactly; "?" needs Shift on most keyboards and none on some. */
const notations = (key: string | undefined): string[] => (key === "?" ? ["?", "Shift+?"] : key ? [key] : []);
