// Where the agent is: the address read as a place, and the ways from one place to another.
import { computed, signal } from "@preact/signals";
import { rowOf } from "../store/rows";

export type Place =
  | { page: "inbox"; view: string; conversation: string | null }
  | { page: "contacts"; contact: string | null }
  | { page: "settings"; section: string | null }
  | { page: "signin" };

/** Read a path; an unknown one is the inbox. */
export function placeOf(path: string): Place {
  const [page, first, second] = path.split("/").filter(Boolean).map(decodeURIComponent);
  if (page === "contacts") return { page, contact: first ?? null };
  if (page === "settings") return { page, section: first ?? null };
  if (page === "signin") return { page };
  return { page: "inbox", view: first ?? "open", conversation: second ?? null };
}

const ADDRESS_AFTER_MS = 120;
const first = placeOf(location.pathname);

export const place = signal<Place>(first);

/** The view last seen, so that leaving and coming back finds the same list. */
let lastView = first.page === "inbox" ? first.view : "open";

/** An address that is not in the browser's bar yet. Writing it there costs more than drawing the page, and browsers refuse to do it at the pace of a held key. */
let unwritten: string | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Go where Back and Forward lead. Called once. */
export function startPlace(): void {
  addEventListener("popstate", () => {
    unwritten = null;
    follow(location.pathname);
  });
  addEventListener("pagehide", writeAddress);
}

function follow(path: string): void {
  const next = placeOf(path);
  if (next.page === "inbox") lastView = next.view;
  if (JSON.stringify(next) !== JSON.stringify(place.peek())) place.value = next;
}

/** Go to a path; `replace` leaves no step to go back to. */
export function go(path: string, replace = false): void {
  writeAddress();
  if (path !== location.pathname) history[replace ? "replaceState" : "pushState"](null, "", path);
  follow(path);
}

/** Go from one place to a like one at once; the browser's bar follows when the keys rest. */
function slip(path: string): void {
  unwritten = path;
  clearTimeout(timer);
  timer = setTimeout(writeAddress, ADDRESS_AFTER_MS);
  follow(path);
}

function writeAddress(): void {
  clearTimeout(timer);
  if (unwritten !== null && unwritten !== location.pathname) history.replaceState(null, "", unwritten);
  unwritten = null;
}

export const viewPath = (view: string): string => `/inbox/${encodeURIComponent(view)}`;
export const conversationPath = (view: string, id: string): string => `${viewPath(view)}/${encodeURIComponent(id)}`;
export const contactPath = (id: string): string => `/contacts/${encodeURIComponent(id)}`;

export const openView = (view: string): void => go(viewPath(view));
export const openInbox = (): void => go(viewPath(lastView));

/** Open a conversation in the view at hand. From one conversation to the next leaves one step in the history, not a hundred. */
export function openConversation(id: string, view: string = currentView.peek()): void {
  const path = conversationPath(view, id);
  if (currentConversation.peek() === null) go(path);
  else slip(path);
}

export const currentPage = computed(() => place.value.page);
export const currentView = computed(() => (place.value.page === "inbox" ? place.value.view : lastView));
export const currentConversation = computed(() => (place.value.page === "inbox" ? place.value.conversation : null));
export const currentRow = computed(() => (currentConversation.value ? (known.value, rowOf(currentConversation.value)?.value) : undefined));

/** Counts rows that became known, so that a computed which found none looks again. */
const known = signal(0);
export const rowBecameKnown = (): void => void known.value++;

/** The ids as the list shows them now; what j and k walk along. */
export const shownIds = signal<readonly string[]>([]);
let lastIndex = 0;

/** The conversation `step` rows away from the open one; where that one left the list, its old neighbour. */
export function neighbour(step: number): string | undefined {
  const ids = shownIds.peek();
  const at = ids.indexOf(currentConversation.peek() ?? "");
  if (at >= 0) lastIndex = at;
  const from = at >= 0 ? at + step : step > 0 ? Math.min(lastIndex, ids.length - 1) : lastIndex - 1;
  return ids[Math.max(0, from)] ?? ids.at(-1);
}
