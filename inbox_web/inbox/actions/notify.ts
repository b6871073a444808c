// Telling of new words while the page is out of sight, by the browser's own notifications; only for whoever asked for it.
import { rowOf } from "../store/rows";
import { like, likes, me } from "../store/session";
import type { Message } from "../store/types";
import { openConversation } from "./place";

export type Notifying = "on" | "off" | "denied" | "missing";
const MOST_LETTERS = 120;
const ICON = "/assets/icon-1.svg";

/** Whether notifications come, and why not. */
export function notifying(): Notifying {
  if (typeof Notification === "undefined") return "missing";
  if (Notification.permission === "denied") return "denied";
  return likes.value.notify && Notification.permission === "granted" ? "on" : "off";
}

/** Switch them on (each browser asks its user once) or off; raises Problem. */
export async function letNotify(on: boolean): Promise<void> {
  if (on && (await Notification.requestPermission()) !== "granted") return;
  await like({ notify: on });
}

/** A message came: tell of it when nobody looks, and it is no colleague's conversation, no machine's words, and news. */
export function notify(message: Message): void {
  if (notifying() !== "on" || document.visibilityState === "visible") return;
  if (message.kind !== "in" || message.history || message.auto) return;
  const row = rowOf(message.conversation)?.peek();
  if (row?.agent && row.agent !== me.peek()?.id) return;
  try {
    const words = message.text.trim() || message.attachments.map((file) => file.name).join(", ");
    const shown = new Notification(message.author.name || row?.name || "", { body: words.slice(0, MOST_LETTERS), tag: message.conversation, icon: ICON });
    shown.onclick = () => {
      window.focus();
      openConversation(message.conversation, "all");
      shown.close();
    };
  } catch {
    // Phones want a service worker for it: there the list itself is what tells.
  }
}
