// A message got its tag, or a delivery moved on. The list row shows the delivery of the last words, too.
import { patchRow, rowOf } from "../rows";
import { amendMessage } from "../threads";
import type { LiveItem, Message } from "../types";

export function messageChanged(item: LiveItem): void {
  const id = item.data.message as string;
  const set = item.data.set as Partial<Message>;
  amendMessage(id, set);
  const row = item.conversation ? rowOf(item.conversation)?.peek() : undefined;
  if (row?.preview?.message === id && set.delivery) patchRow(row.id, row.head, { preview: { ...row.preview, delivery: set.delivery } });
}
