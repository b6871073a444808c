// A note for colleagues: yellow paper across the full width. The customer never sees it.
import { StickyNote } from "lucide-preact";
import { clock } from "../../../../shared/format";
import { t } from "../../../text";
import { Icon } from "../../../ui/Icon";
import type { EntryProps } from "../Lines";
import { Attachments } from "./Attachments";
import { hasWords, Said } from "./Said";

export function NoteEntry({ message }: EntryProps) {
  return (
    <article class="nt" data-entry={message.id}>
      <div class="nh"><Icon of={StickyNote} size={14} /><b>{message.author.name}</b><span>{t().noteWord}</span><time dateTime={message.at}>{clock(new Date(message.at))}</time></div>
      {hasWords(message) && <div class="nt-b"><Said message={message} /></div>}
      <Attachments files={message.attachments} />
    </article>
  );
}
