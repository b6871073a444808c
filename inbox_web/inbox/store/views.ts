// What a view of the list means: which rows belong to it, and how the API is asked for it. A view is a slug in the address.
import type { Row } from "./types";

export const PLAIN_VIEWS = ["open", "mine", "unassigned", "waiting", "snoozed", "resolved", "all"] as const;
export type PlainView = (typeof PLAIN_VIEWS)[number];

export interface View {
  slug: string;
  view: PlainView;
  team?: string;
  channel?: string;
  label?: string;
}

/** Read a slug: "mine", "team-<id>", "channel-<kind>", "label-<name>"; anything unknown is "open". */
export function viewOf(slug: string): View {
  const [kind, ...rest] = slug.split("-");
  const value = decodeURIComponent(rest.join("-"));
  if (value && kind === "team") return { slug, view: "open", team: value };
  if (value && kind === "channel") return { slug, view: "open", channel: value };
  if (value && kind === "label") return { slug, view: "all", label: value };
  const plain = PLAIN_VIEWS.find((one) => one === slug);
  return { slug: plain ?? "open", view: plain ?? "open" };
}

/** Whether a row belongs to a view, for the agent `me`. It says the same as the server's own filter. */
export function belongs(view: View, row: Row, me: string): boolean {
  if (view.team && row.team !== view.team) return false;
  if (view.channel && row.channel !== view.channel) return false;
  if (view.label && !row.labels.includes(view.label)) return false;
  switch (view.view) {
    case "all": return true;
    case "open": return row.state === "open";
    case "mine": return row.state === "open" && row.agent === me;
    case "unassigned": return row.state === "open" && row.agent === null;
    case "waiting": return row.state === "open" && row.waiting !== null;
    case "snoozed": return row.state === "snoozed";
    case "resolved": return row.state === "resolved";
  }
}

/** Newest first; the id decides between two of one moment, so that the order never flickers. Times are read, not compared as text: the server leaves out zeros. */
export const newestFirst = (a: Row, b: Row): number =>
  (a.last === b.last ? 0 : Date.parse(b.last) - Date.parse(a.last)) || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

/** Customer's words that nobody has read yet; what was done since their last ones (labels, moves, notes) is none. */
export const unread = (row: Row): number => Math.max(0, (row.in_head || row.head) - row.read);
