// A message entered the log.
import { seeVisitor } from "../presence";
import { hearMessage } from "../threads";
import type { LiveItem, Message } from "../types";

let listener: (message: Message) => void = () => undefined;

/** Call `then` for each message that comes in while the page is open. */
export const whenMessageComes = (then: (message: Message) => void): void => void (listener = then);

export function messageAdded(item: LiveItem): void {
  const message = item.data.message as Message;
  hearMessage(message);
  listener(message);
  if (message.kind === "in") seeVisitor(message.conversation, false);
}
