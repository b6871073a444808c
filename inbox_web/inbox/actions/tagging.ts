// An agent knows better than the tagger: the tag is theirs at once, and the tagger learns from it later.
import { post } from "../store/api";
import { overlayRow, rowOf } from "../store/rows";
import { intents, me } from "../store/session";
import { amendMessage } from "../store/threads";
import type { Message, Tag } from "../store/types";
import { language, sentence, t } from "../text";
import { say } from "./toast";

/** Say what a message wants. The toast has the way back; what the server refuses is taken back by itself. */
export async function correctTag(message: Message, intent: string, told?: string): Promise<void> {
  const before = message.tag;
  if (before?.intent === intent && before.band === "route") return;
  const tag = asTold(before, intent);
  const uncover = standsFor(message) ? overlayRow(message.conversation, { tag }) : () => undefined;
  const back = before && before.intent !== intent ? { words: t().undo, run: () => void correctTag({ ...message, tag }, before.intent, t().undone) } : undefined;
  amendMessage(message.id, { tag });
  say(told ?? t().tag.corrected(intents.peek().get(intent)?.[language.peek()] ?? intent), told ? undefined : back);
  try {
    const answer = await post<Message>(`/messages/${encodeURIComponent(message.id)}/tag`, { intent });
    amendMessage(message.id, { tag: answer.tag });
  } catch (error) {
    amendMessage(message.id, { tag: before });
    say(sentence(error), { words: t().retry, run: () => void correctTag(message, intent, told) });
  } finally {
    uncover();
  }
}

/** How the tag looks until the server has answered: the words that spoke for another intent go. */
const asTold = (tag: Tag | null, intent: string): Tag => ({
  language: language.peek(), ...tag, intent, confidence: 1, band: "route", words: tag?.intent === intent ? tag.words : [], by: me.peek()?.name ?? "",
  others: tag?.others?.filter((one) => one.intent !== intent) ?? [],
});

/** Whether the list row shows the tag of this message. */
function standsFor(message: Message): boolean {
  const row = rowOf(message.conversation)?.peek();
  return row !== undefined && message.seq >= row.in_head;
}
