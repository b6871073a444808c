// What an agent does to a conversation. Each shows at once, is told with a way back, and is taken back when the server refuses.
import { dueTime } from "../../shared/format";
import { patch, Problem } from "../store/api";
import { askedAt, overlayRow, putRow, rowOf } from "../store/rows";
import { agents, learnLabels, me, teams } from "../store/session";
import type { Priority, Row } from "../store/types";
import { unread } from "../store/views";
import { language, sentence, t } from "../text";
import { neighbour, openConversation } from "./place";
import { say } from "./toast";

interface Change {
  state?: Row["state"]; snoozed_until?: string | null; agent?: string | null; team?: string | null;
  add_labels?: string[]; remove_labels?: string[]; priority?: Priority; seen?: number;
}

/** Send a change with what it looks like meanwhile; `back` is the change that undoes it. */
async function change(row: Row, ask: Change, shown: Partial<Row>, words: string, back?: [Change, Partial<Row>]): Promise<void> {
  const uncover = overlayRow(row.id, shown);
  const undo = back && { words: t().undo, run: () => void change({ ...row, ...shown }, back[0], back[1], t().undone) };
  say(words, undo);
  try {
    await inTurn(row.id, async () => {
      const asked = askedAt();
      putRow(await patch<Row>(`/conversations/${encodeURIComponent(row.id)}`, ask), asked);
    });
  } catch (error) {
    const conflict = error instanceof Problem && error.slug === "conflict";
    say(conflict ? t().problems.conflict : sentence(error), conflict ? undefined : { words: t().retry, run: () => void change(row, ask, shown, words, back) });
  } finally {
    uncover();
  }
}

const turns = new Map<string, Promise<void>>();

/** Do the work when what was asked of this conversation before has been answered: two requests at once may overtake each other. */
function inTurn(id: string, work: () => Promise<void>): Promise<void> {
  const mine = (turns.get(id) ?? Promise.resolve()).then(work);
  const after = mine.catch(() => undefined);
  turns.set(id, after);
  void after.then(() => { if (turns.get(id) === after) turns.delete(id); });
  return mine;
}

const now = (row: Row): Row => rowOf(row.id)?.peek() ?? row;
const settled = (row: Row): Partial<Row> => ({ state: row.state, waiting: row.waiting, snoozed_until: row.snoozed_until });

/** Mark as done; refused when the customer wrote after what is on screen. */
export function resolve(row: Row): Promise<void> {
  const back: Change = row.state === "snoozed" ? { state: "snoozed", snoozed_until: row.snoozed_until } : { state: "open" };
  return change(row, { state: "resolved", seen: row.head }, { state: "resolved", waiting: null, snoozed_until: null }, t().did.resolved, [back, settled(row)]);
}

/** Mark as done and open the one after it. */
export function resolveAndNext(row: Row): Promise<void> {
  const next = neighbour(1);
  const done = resolve(row);
  if (next && next !== row.id) openConversation(next);
  return done;
}

export function reopen(row: Row): Promise<void> {
  const back: Change = row.state === "snoozed" ? { state: "snoozed", snoozed_until: row.snoozed_until } : { state: "resolved", seen: row.head };
  return change(row, { state: "open" }, { state: "open", snoozed_until: null }, t().did.reopened, [back, settled(row)]);
}

export function snooze(row: Row, until: Date): Promise<void> {
  const words = t().did.snoozed(dueTime(until, new Date(), language.peek()));
  const at = until.toISOString();
  const back: Change = row.state === "snoozed" ? { state: "snoozed", snoozed_until: row.snoozed_until } : { state: row.state };
  return change(row, { state: "snoozed", snoozed_until: at }, { state: "snoozed", snoozed_until: at }, words, [back, settled(row)]);
}

/** Hand over to an agent, or to nobody. */
export function assign(row: Row, agent: string | null): Promise<void> {
  const name = agent === me.peek()?.id ? t().youLower : agents.peek().get(agent ?? "")?.name;
  const words = name ? t().did.assigned(name) : t().did.unassigned;
  return change(row, { agent }, { agent }, words, [{ agent: row.agent }, { agent: row.agent }]);
}

/** Hand over to a team, or to none. */
export function assignTeam(row: Row, team: string | null): Promise<void> {
  const name = teams.peek().get(team ?? "")?.name;
  const words = name ? t().did.routed(name) : t().did.unrouted;
  return change(row, { team }, { team }, words, [{ team: row.team }, { team: row.team }]);
}

/** Say how soon it must be looked at. */
export function prioritise(row: Row, priority: Priority): Promise<void> {
  return change(row, { priority }, { priority }, t().did.priority(t().priority[priority]), [{ priority: priorityOf(row) }, { priority: priorityOf(row) }]);
}

/** Rows that were kept before there were priorities are as important as any. */
export const priorityOf = (row: Row): Priority => row.priority ?? "normal";

/** Put a label on, or take it off. */
export function toggleLabel(row: Row, label: string): Promise<void> {
  const { labels } = now(row);
  const on = labels.includes(label);
  const without = labels.filter((one) => one !== label);
  const [ask, back]: [Change, Change] = on ? [{ remove_labels: [label] }, { add_labels: [label] }] : [{ add_labels: [label] }, { remove_labels: [label] }];
  if (!on) learnLabels([label]);
  const words = on ? t().did.unlabelled(label) : t().did.labelled(label);
  return change(row, ask, { labels: on ? without : [...labels, label] }, words, [back, { labels }]);
}

/** The next conversation with words that nobody has read, after the open one. */
export function nextUnread(ids: readonly string[], from: string | null): string | undefined {
  const at = from ? ids.indexOf(from) : -1;
  const around = [...ids.slice(at + 1), ...ids.slice(0, Math.max(0, at))];
  return around.find((id) => unread(rowOf(id)!.peek()) > 0);
}

/** The id of the agent at work; nobody acts without one. */
export const myId = (): string => me.peek()?.id ?? "";
