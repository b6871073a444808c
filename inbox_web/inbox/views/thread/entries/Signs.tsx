// What else is known of an entry: that a machine wrote it, that it was written elsewhere, and what people put on it.
import { Cog, PenLine } from "lucide-preact";
import { tally } from "../../../actions/recipients";
import type { Message } from "../../../store/types";
import { t } from "../../../text";
import { Icon } from "../../../ui/Icon";

/** Whether something must be said of it, also in the middle of a group. */
export const hasSigns = (message: Message): boolean => Boolean(message.auto || message.elsewhere);

export function Signs({ message }: { message: Message }) {
  return (
    <>
      {message.auto && <span class="chip chip-line" tabIndex={0} role="note" aria-label={`${t().entry.auto}. ${t().entry.autoHow}`} data-tip={t().entry.autoHow}><Icon of={Cog} size={12} />{t().entry.auto}</span>}
      {message.elsewhere && <span class="sign"><Icon of={PenLine} size={12} />{t().entry.elsewhere}</span>}
    </>
  );
}

export function Reactions({ message }: { message: Message }) {
  const counts = tally(message.reactions);
  if (counts.length === 0) return null;
  return (
    <ul class="reacts">
      {counts.map(({ emoji, names }) => {
        const who = names.join(", ");
        return <li key={emoji} class="react" tabIndex={0} role="listitem" aria-label={t().entry.reacted(emoji, who)} data-tip={who}>{emoji}{names.length > 1 && <span class="num">{names.length}</span>}</li>;
      })}
    </ul>
  );
}
