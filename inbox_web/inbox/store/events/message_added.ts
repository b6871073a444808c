// A message entered the log.
import { seeVisitor } from "../presence";
import { addMessage } from "../threads";
import type { LiveItem, Message } from "../types";

export function messageAdded(item: LiveItem): void {
  const message = item.data.message as Message;
  addMessage(message);
  if (message.kind === "in") seeVisitor(message.conversation, false);
}
