// Who looks at a conversation and who types in it. Every sign fades by itself, so that a lost "gone" does no harm.
import { signal } from "@preact/signals";

const VIEW_FADES_MS = 25_000;
const TYPING_FADES_MS = 7_000;

export interface Viewer { agent: string; name: string; typing: boolean }

export const viewers = signal<Readonly<Record<string, readonly Viewer[]>>>({});
export const visitorsTyping = signal<ReadonlySet<string>>(new Set());

const fading = new Map<string, ReturnType<typeof setTimeout>>();

/** An agent views, types in, or left a conversation. */
export function seeAgent(conversation: string, agent: string, name: string, state: "viewing" | "typing" | "gone"): void {
  const others = (viewers.peek()[conversation] ?? []).filter((one) => one.agent !== agent);
  const now = state === "gone" ? others : [...others, { agent, name, typing: state === "typing" }];
  viewers.value = { ...viewers.peek(), [conversation]: now };
  const fade = `${conversation} ${agent}`;
  clearTimeout(fading.get(fade));
  if (state !== "gone") fading.set(fade, setTimeout(() => seeAgent(conversation, agent, name, "gone"), VIEW_FADES_MS));
}

/** The customer types; a message of theirs ends it at once. */
export function seeVisitor(conversation: string, typing: boolean): void {
  const now = new Set(visitorsTyping.peek());
  const changed = typing ? !now.has(conversation) && now.add(conversation) : now.delete(conversation);
  if (changed) visitorsTyping.value = now;
  clearTimeout(fading.get(conversation));
  if (typing) fading.set(conversation, setTimeout(() => seeVisitor(conversation, false), TYPING_FADES_MS));
}

/** Nobody is known to be anywhere (the socket was lost). */
export function forgetPresence(): void {
  fading.forEach(clearTimeout);
  fading.clear();
  viewers.value = {};
  visitorsTyping.value = new Set();
}
