// What a customer wrote: white, on the left, with what they seem to want.
import { clock } from "../../../../shared/format";
import { TagSigns } from "../../../ui/TagSigns";
import type { EntryProps } from "../Lines";
import { Attachments } from "./Attachments";
import { Laid } from "./Laid";
import { hasWords } from "./Said";
import { hasSigns, Reactions, Signs } from "./Signs";
import { TagOf } from "./TagOf";

export function InEntry({ message, last }: EntryProps) {
  return (
    <article class={`m in${last ? "" : " mid"}`} data-entry={message.id}>
      {(hasWords(message) || message.html) && <div class="b">{message.subject && <b class="sub">{message.subject}</b>}<Laid message={message} /></div>}
      <Attachments files={message.attachments} />
      <Reactions message={message} />
      {(last || message.tag || hasSigns(message)) && <div class="meta"><span class="said">{message.author.name}</span><time dateTime={message.at}>{clock(new Date(message.at))}</time><Signs message={message} />{message.tag && <><TagOf message={message} /><TagSigns tag={message.tag} full /></>}</div>}
    </article>
  );
}
