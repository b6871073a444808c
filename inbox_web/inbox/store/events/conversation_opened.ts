// A conversation began.
import { askForCounts } from "../counts";
import { putRow } from "../rows";
import type { LiveItem, Row } from "../types";

export function conversationOpened(item: LiveItem): void {
  putRow(item.data.row as Row);
  askForCounts();
}
