// A note for colleagues: yellow paper across the full width. The customer never sees it.
import { StickyNote } from "lucide-preact";
import { clock } from "../../../../shared/format";
import { Words } from "../../../../shared/render";
import { t } from "../../../text";
import { Icon } from "../../../ui/Icon";
import type { EntryProps } from "../Lines";
import { Attachments } from "./Attachments";

export function NoteEntry({ message }: EntryProps) {
  return (
    <article class="nt" data-entry={message.id}>
      <div class="nh"><Icon of={StickyNote} size={14} /><b>{message.author.name}</b><span>{t().noteWord}</span><time dateTime={message.at}>{clock(new Date(message.at))}</time></div>
      {message.text && <p><Words text={message.text} /></p>}
      <Attachments files={message.attachments} />
    </article>
  );
}
