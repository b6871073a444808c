// From a blank page to a working inbox, and back to the sign-in page.
import { backoff } from "../../shared/transport";
import { post, Problem, whenSignedOut } from "../store/api";
import { fetchRow, forgetContacts } from "../store/contacts";
import { refreshCounts } from "../store/counts";
import { whenMessageComes } from "../store/events/message_added";
import { clearDrafts, drafts, draftWords, flushDrafts, openDrafts } from "../store/drafts";
import { forget, keep, recall } from "../store/keep";
import { forgetLists, reloadLists } from "../store/lists";
import { startLive, stopLive } from "../store/live";
import { clearOutbox, flushOutbox, openOutbox, outbox } from "../store/outbox";
import { prefer, prefs } from "../store/prefs";
import { forgetPresence } from "../store/presence";
import { forgetRows, onRow } from "../store/rows";
import * as session from "../store/session";
import { forgetThreads, openedThread, reloadThreads } from "../store/threads";
import type { Agent, Language } from "../store/types";
import { firstLanguage, language, speak } from "../text";
import { dialog } from "./dialogs";
import { notify } from "./notify";
import { currentRow, go, openInbox, place, rowBecameKnown } from "./place";
import { startTelling } from "./reading";
import { outboxOwner } from "./send";

const UNTOLD = "hub.language";

let stopTelling: () => void = () => undefined;
let again: ReturnType<typeof setTimeout> | undefined;

onRow((_, before) => {
  if (!before) rowBecameKnown();
});

/** Find out who is there and open the inbox, or the sign-in page. Called once, and again by "Try again". */
export async function start(): Promise<void> {
  whenSignedOut(leave);
  session.phase.value = "starting";
  await speak(firstLanguage());
  await enterOrWait(0);
}

/** Enter; what fails shows the page with "Try again" and is tried again by itself, ever more rarely. */
async function enterOrWait(tries: number): Promise<void> {
  try {
    await enter();
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return leave();
    session.phase.value = "failed";
    clearTimeout(again);
    again = setTimeout(() => session.phase.peek() === "failed" && void enterOrWait(tries + 1), backoff(tries + 2, Math.random));
  }
}

/** Open the inbox for the agent whose session this browser has; raises Problem. */
export async function enter(): Promise<void> {
  const shop = await session.refresh();
  const untold = untoldOf(shop.agent.id);
  const chosen = untold ?? shop.agent.language;
  if (chosen !== language.peek()) await speak(chosen);
  prefer({ language: chosen });
  openDrafts(shop.agent.id, Date.now());
  openOutbox(shop.agent.id, outboxOwner);
  whenMessageComes(notify);
  startLive(shop.n, { reset, connected, signedOut: leave });
  stopTelling = startTelling();
  void refreshCounts();
  if (untold) void useLanguage(untold).catch(() => undefined);
  session.phase.value = "ready";
  if (place.peek().page === "signin") openInbox();
}

/** Nobody is signed in here any more. Drafts and the outbox stay in this browser for their owner, who did not ask to leave. */
export function leave(): void {
  stopTelling();
  stopLive();
  flushDrafts();
  [forgetRows, forgetLists, forgetThreads, forgetContacts, forgetPresence].forEach((forget) => forget());
  session.boot.value = null;
  session.phase.value = "signed-out";
}

/** Sign out here; whoever has unsent words in this browser is asked first what becomes of them. */
export async function signOut(): Promise<void> {
  if (unsentHere() > 0) dialog.value = "leave";
  else await signOutNow(false);
}

/** How many conversations have words that were not sent, in this browser. */
export const unsentHere = (): number => new Set([...Object.keys(drafts.peek()).filter((one) => draftWords(one) !== null), ...outbox.peek().map((one) => one.conversation)]).size;

/** Sign out; `clear`: nothing of this agent's words stays behind. When the server cannot be asked, the page is left all the same. */
export async function signOutNow(clear: boolean): Promise<void> {
  if (clear) {
    clearDrafts();
    clearOutbox();
  }
  await session.signOut().catch(() => undefined);
  leave();
  go("/signin", true);
}

/** Use a language from now on, also on the agent's other devices; raises Problem. */
export async function useLanguage(next: Language): Promise<void> {
  const me = session.me.peek();
  prefer({ language: next });
  if (me) keep(UNTOLD, { agent: me.id, language: next });
  await speak(next);
  if (!me) return;
  const { agent } = await post<{ agent: Agent }>("/session/language", { language: next });
  if (untoldOf(me.id) === next) forget(UNTOLD);
  session.amendMe({ language: agent.language });
}

/** The language that this agent chose here and the server has not confirmed: a page that is closed, or offline, must not undo it. */
function untoldOf(agent: string): Language | null {
  const kept = recall<{ agent: string; language: Language } | null>(UNTOLD, null);
  return kept?.agent === agent ? kept.language : null;
}

/** Show the theme, density and language that were chosen. */
export function wear(): void {
  const root = document.documentElement;
  const { theme, density } = prefs.value;
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  root.dataset.density = density;
}

function connected(): void {
  flushOutbox();
  stopTelling();
  stopTelling = startTelling();
}

/** The live socket missed too much: ask again for what is on screen. */
function reset(): void {
  const row = currentRow.peek();
  reloadLists();
  if (row) void fetchRow(row.id).catch(() => undefined);
  reloadThreads(row ? (openedThread(row.contact) ?? null) : null);
  void refreshCounts();
  void session.refresh().catch(() => undefined);
}
