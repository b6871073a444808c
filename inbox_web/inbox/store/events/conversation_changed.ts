// Fields of a conversation changed. A row that this browser has never seen is fetched, a few at a time: under a flood the
// list is as good as its next reload, and the server is not asked once per message.
import { askForCounts } from "../counts";
import { patchRow, unreadRow } from "../rows";
import { fetchRow } from "../contacts";
import type { LiveItem, Row } from "../types";

const AT_ONCE = 3;
const MOST_WAITING = 60;

const wanted = new Set<string>();
let running = 0;

export function conversationChanged(item: LiveItem): void {
  const id = item.conversation;
  if (!id) return;
  const { unread, ...set } = item.data.set as Partial<Row> & { unread?: boolean };
  if (unread && set.read !== undefined) unreadRow(id, set.read);
  if (patchRow(id, Number(item.data.head), set)) return;
  askForCounts();
  if (wanted.size < MOST_WAITING) wanted.add(id);
  if (running < AT_ONCE) void fetchNext();
}

async function fetchNext(): Promise<void> {
  const id = wanted.values().next().value;
  if (id === undefined) return;
  wanted.delete(id);
  running++;
  try {
    await fetchRow(id);
  } catch {
    // Not ours to see, or gone: the row stays unknown, and the next change asks again.
  } finally {
    running--;
  }
  if (wanted.size > 0) void fetchNext();
}
