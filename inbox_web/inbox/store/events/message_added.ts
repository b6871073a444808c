// A message entered the log.
import { seeVisitor } from "../presence";
import { hearMessage } from "../threads";
import type { LiveItem, Message } from "../types";

const MOST_TOLD = 500;

let listener: (message: Message) => void = () => undefined;
const told = new Set<string>(); // a message is told again when its tag came late, or when its telling was in doubt

/** Call `then` for each message that comes in while the page is open, once. */
export const whenMessageComes = (then: (message: Message) => void): void => void (listener = then);

export function messageAdded(item: LiveItem): void {
  const message = item.data.message as Message;
  hearMessage(message);
  if (!told.has(message.id)) listener(message);
  told.add(message.id);
  if (told.size > MOST_TOLD) told.delete(told.values().next().value!);
  if (message.kind === "in") seeVisitor(message.conversation, false);
}
