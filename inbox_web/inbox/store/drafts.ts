// Words that were begun and not sent, per conversation, kept in this browser so that a reload, a crash or a long lunch loses none.
import { signal } from "@preact/signals";
import { forget, keep, recallAll } from "./keep";
import type { Upload } from "./types";

export type Mode = "reply" | "note";
export interface Words { text: string; files: Upload[] }
export interface Draft {
  mode: Mode;
  reply: Words;
  note: Words;
  /** The last sequence number that was on screen when the reply was begun: what its author has seen. */
  seen: number | null;
  at: number;
}

const KEPT_MS = 60 * 86_400_000;
const WRITE_AFTER_MS = 250;
const NOTHING: Words = { text: "", files: [] };
const EMPTY: Draft = { mode: "reply", reply: NOTHING, note: NOTHING, seen: null, at: 0 };

export const drafts = signal<Readonly<Record<string, Draft>>>({});

let place = "";
let timer: ReturnType<typeof setTimeout> | undefined;
const unwritten = new Set<string>();

/** Read the drafts of one agent; drafts that nobody touched for two months are let go. */
export function openDrafts(agent: string, now: number): void {
  flushDrafts();
  place = `hub.drafts.${agent}.`;
  const kept = recallAll<Draft>(place);
  for (const [conversation, draft] of kept) {
    if (now - draft.at < KEPT_MS) continue;
    kept.delete(conversation);
    forget(place + conversation);
  }
  drafts.value = Object.fromEntries(kept);
}

/** Take over what another tab wrote (the storage event: its name and its new value). */
export function hearDraft(name: string | null, value: string | null): void {
  if (!place || !name?.startsWith(place)) return;
  const conversation = name.slice(place.length);
  const { [conversation]: _, ...others } = drafts.peek();
  drafts.value = value ? { ...others, [conversation]: JSON.parse(value) as Draft } : others;
}

export const draftOf = (conversation: string): Draft => drafts.value[conversation] ?? EMPTY;
export const isBlank = (words: Words): boolean => words.text.trim() === "" && words.files.length === 0;

/** The words that the list shows behind "Draft": the reply first; null when there are none. */
export function draftWords(conversation: string): string | null {
  const draft = drafts.value[conversation];
  if (!draft) return null;
  const words = isBlank(draft.reply) ? draft.note : draft.reply;
  return isBlank(words) ? null : words.text.trim() || words.files.map((file) => file.name).join(", ");
}

/** Change a draft. `head` is what is on screen now: it becomes `seen` when the reply's first letter is written. */
export function amendDraft(conversation: string, change: Partial<Pick<Draft, "mode" | "reply" | "note" | "seen">>, head: number, now: number): void {
  const next: Draft = { ...(drafts.peek()[conversation] ?? EMPTY), ...change, at: now };
  if (isBlank(next.reply)) next.seen = null;
  else if (next.seen === null) next.seen = head;
  const { [conversation]: _, ...others } = drafts.peek();
  const nothing = isBlank(next.reply) && isBlank(next.note) && next.mode === "reply";
  drafts.value = nothing ? others : { ...others, [conversation]: next };
  unwritten.add(conversation);
  clearTimeout(timer);
  timer = setTimeout(flushDrafts, WRITE_AFTER_MS);
}

/** Forget every draft, on this screen and in this browser: their author signed out and wants nothing left behind. */
export function clearDrafts(): void {
  clearTimeout(timer);
  unwritten.clear();
  for (const conversation of recallAll<Draft>(place).keys()) forget(place + conversation);
  drafts.value = {};
}

/** Write what is not written yet (also when the page goes away). */
export function flushDrafts(): void {
  clearTimeout(timer);
  for (const conversation of unwritten) {
    const draft = drafts.peek()[conversation];
    if (draft) keep(place + conversation, draft);
    else forget(place + conversation);
  }
  unwritten.clear();
}
