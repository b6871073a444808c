// What a customer wrote: white, on the left, with what they seem to want.
import { clock } from "../../../../shared/format";
import { Words } from "../../../../shared/render";
import { IntentTag } from "../../../ui/IntentTag";
import type { EntryProps } from "../Lines";
import { Attachments } from "./Attachments";

export function InEntry({ message, last }: EntryProps) {
  return (
    <article class={`m in${last ? "" : " mid"}`} data-entry={message.id}>
      {message.text && <div class="b"><Words text={message.text} /></div>}
      <Attachments files={message.attachments} />
      {(last || message.tag) && <div class="meta"><span class="said">{message.author.name}</span><time dateTime={message.at}>{clock(new Date(message.at))}</time>{message.tag && <IntentTag tag={message.tag} full />}</div>}
    </article>
  );
}
