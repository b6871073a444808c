// A customer's message's tag, with the list of intents that hangs on it for whoever knows better.
import { useState } from "preact/hooks";
import { correctTag } from "../../../actions/tagging";
import { fold } from "../../../../shared/format";
import { offeredIntents } from "../../../store/session";
import type { Message } from "../../../store/types";
import { language, t } from "../../../text";
import { IntentTag } from "../../../ui/IntentTag";
import { Menu, type Item } from "../../../ui/Menu";

export function TagOf({ message }: { message: Message }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  if (!message.tag) return null;
  return (
    <>
      <IntentTag tag={message.tag} full open={anchor !== null} onCorrect={setAnchor} />
      {anchor && <Menu title={t().tag.correct} anchor={anchor} items={offered(message.tag.intent)} filter={t().tag.find} onPick={(intent) => void correctTag(message, intent)} onClose={() => setAnchor(null)} />}
    </>
  );
}

/** Every intent in use by its name in the language at work, the other language's beside it: both are found. */
export function offered(current: string): Item[] {
  const mine = language.value;
  const other = mine === "vi" ? "en" : "vi";
  const items = offeredIntents.value.map((one): Item => ({
    id: one.name, words: one[mine], hint: fold(one[other]) === fold(one[mine]) ? undefined : one[other], checked: one.name === current,
  }));
  return items.sort((a, b) => Number(b.checked) - Number(a.checked));
}
