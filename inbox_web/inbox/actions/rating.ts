// Asking a customer for stars, where the channel's buttons give them; what they gave stands in the log.
import { uuid } from "../../shared/ids";
import { post } from "../store/api";
import { contactOf } from "../store/contacts";
import { addMessage, openedThread } from "../store/threads";
import type { Message, Row } from "../store/types";
import { sentence, t } from "../text";
import { say } from "./toast";

export const STARS = [5, 4, 3, 2, 1].map((n) => "★".repeat(n));
const RATED_ON = new Set(["telegram"]);
const ASKED = { vi: "Anh/chị thấy em hỗ trợ thế nào ạ? Anh/chị chạm vào số sao giúp em nhé.", en: "How did we do? Tap the stars to tell us." };

export const canRate = (row: Row | undefined): row is Row => row !== undefined && RATED_ON.has(row.channel);

/** Send the question with its buttons, in the customer's language, as an answer like any other. */
export async function askForRating(row: Row, key = uuid()): Promise<void> {
  const text = ASKED[contactOf(row.contact).peek()?.language === "en" ? "en" : "vi"];
  try {
    addMessage(await post<Message>(`/conversations/${encodeURIComponent(row.id)}/messages`, { kind: "reply", text, options: STARS, seen: row.head }, { key }));
    say(t().did.rating);
  } catch (error) {
    say(sentence(error), { words: t().retry, run: () => void askForRating(row, key) });
  }
}

/** The last stars that were given in this conversation, as far as its log is here. */
export function ratingOf(row: Row): { stars: number; at: string } | null {
  const rated = openedThread(row.contact)?.entries.value.findLast((one) => one.conversation === row.id && one.change?.verb === "rated");
  const stars = Number(rated?.change?.to);
  return rated && stars >= 1 && stars <= 5 ? { stars, at: rated.at } : null;
}
