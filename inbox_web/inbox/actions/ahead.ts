// Keys that come while what will take them is still on its way (a part of the page that is being fetched): kept in order,
// and handed over once it has the focus. Without this the first letters of a fast typist would be lost.
import { dialog, menu } from "./dialogs";
import { composerWish } from "./focus";

const KEYS = ["Enter", "Backspace", "ArrowUp", "ArrowDown"];

const kept: KeyboardEvent[] = [];
let handing = false;

/** Listen before everybody else. Called once. */
export const startAhead = (): void => addEventListener("keydown", keep, true);

/** True while something that takes keys was asked for and is not there yet. */
const isAwaited = (): boolean =>
  composerWish.peek() !== null
  || (menu.peek() !== null && !document.querySelector(".menu:popover-open"))
  || (dialog.peek() !== null && !document.querySelector("dialog[open]"));

function keep(event: KeyboardEvent): void {
  const native = !event.isTrusted || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey;
  if (native) return;
  if (!handing && !isAwaited()) {
    kept.length = 0; // what they were for was left before it came
    return;
  }
  if (event.key === "Escape") giveUp();
  else if (event.key.length === 1 || KEYS.includes(event.key)) kept.push(event);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function giveUp(): void {
  kept.length = 0;
  composerWish.value = null;
  menu.value = null;
  dialog.value = null;
}

/** Hand the kept keys to what has the focus now, one by one: each meets the page as the one before left it. */
export async function handOver(): Promise<void> {
  if (handing) return;
  handing = true;
  while (kept.length) {
    hand(kept[0]!);
    await new Promise((drawn) => setTimeout(drawn));
    kept.shift();
  }
  handing = false;
}

function hand({ key, code, shiftKey }: KeyboardEvent): void {
  const on = document.activeElement ?? document.body;
  const untouched = on.dispatchEvent(new KeyboardEvent("keydown", { key, code, shiftKey, bubbles: true, cancelable: true }));
  const writes = on instanceof HTMLTextAreaElement || (on instanceof HTMLInputElement && on.selectionStart !== null);
  if (!untouched || !writes) return;
  const [start, end] = [on.selectionStart!, on.selectionEnd!];
  if (key.length === 1) on.setRangeText(key, start, end, "end");
  else if (key === "Backspace") on.setRangeText("", start === end ? Math.max(0, start - 1) : start, end, "end");
  else if (key === "Enter" && on instanceof HTMLTextAreaElement) on.setRangeText("\n", start, end, "end");
  else return;
  on.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
