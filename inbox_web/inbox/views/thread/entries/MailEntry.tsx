// A mail from a customer: a card with its subject, who wrote it to which of our addresses, and the newest words.
import { clock } from "../../../../shared/format";
import { accounts } from "../../../store/session";
import { t } from "../../../text";
import { TagSigns } from "../../../ui/TagSigns";
import type { EntryProps } from "../Lines";
import { Attachments } from "./Attachments";
import { CopyLine } from "./CopyLine";
import { Laid } from "./Laid";
import { Reactions, Signs } from "./Signs";
import { TagOf } from "./TagOf";

export function MailEntry({ message }: EntryProps) {
  const account = accounts.value.get(message.account)?.name;
  const { everyone = [] } = message;
  return (
    <article class="mail" data-entry={message.id}>
      <div class="mail-h"><b class="sub">{message.subject || t().entry.noSubject}</b><Signs message={message} />{message.tag && <><TagOf message={message} /><TagSigns tag={message.tag} full /></>}</div>
      <p class="mail-f"><span>{message.author.name}{account && ` → ${account}`}{everyone.length > 0 && ` · ${t().entry.also(everyone.join(", "))}`}</span><time dateTime={message.at}>{clock(new Date(message.at))}</time></p>
      <div class="mail-b"><Laid message={message} /></div>
      <Attachments files={message.attachments} laid={Boolean(message.html)} />
      <Reactions message={message} />
      {message.copy_of && <CopyLine of={message.copy_of} />}
    </article>
  );
}
