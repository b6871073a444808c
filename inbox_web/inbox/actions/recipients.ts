// How a message fares with each of several recipients. Pure.
import type { Delivery, DeliveryState, Message } from "../store/types";

export interface Fate { to: string; state: DeliveryState; why: string | null }

const WORST: readonly DeliveryState[] = ["refused", "unknown", "queued", "sending", "sent", "delivered", "read"];

/** Each recipient once, with the worst of what became of the parts. */
export function fates(deliveries: readonly Delivery[]): Fate[] {
  const found = new Map<string, Fate>();
  for (const { to, state, why } of deliveries) {
    const known = found.get(to);
    if (!known || WORST.indexOf(state) < WORST.indexOf(known.state)) found.set(to, { to, state, why });
  }
  return [...found.values()];
}

/** Whether it says something to name the recipients: there are several, or they are people's own addresses. */
export const namesRecipients = (message: Message): boolean => message.channel === "email" || fates(message.deliveries).length > 1;

export interface Count { emoji: string; names: string[] }

/** Each emoji once, in the order in which they came, with who put it there. */
export function tally(reactions: readonly { emoji: string; name: string; by: string }[] | undefined): Count[] {
  const found = new Map<string, string[]>();
  for (const one of reactions ?? []) found.set(one.emoji, [...(found.get(one.emoji) ?? []), one.name || one.by]);
  return [...found].map(([emoji, names]) => ({ emoji, names }));
}
