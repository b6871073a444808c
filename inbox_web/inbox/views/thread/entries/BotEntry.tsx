// What a bot answered: on the right like an answer, dashed, with its glyph.
import { Bot } from "lucide-preact";
import { clock } from "../../../../shared/format";
import { Words } from "../../../../shared/render";
import { DeliverySign } from "../../../ui/DeliverySign";
import { Icon } from "../../../ui/Icon";
import type { EntryProps } from "../Lines";
import { Attachments } from "./Attachments";
import { DeliveryStrip } from "./DeliveryStrip";
import { Options } from "./Options";

export function BotEntry({ message, last }: EntryProps) {
  return (
    <article class={`m out bot${last ? "" : " mid"}`} data-entry={message.id}>
      {message.text && <div class="b"><Words text={message.text} /></div>}
      <Attachments files={message.attachments} />
      <Options options={message.options} />
      <DeliveryStrip message={message} />
      {last && <div class="meta"><Icon of={Bot} size={12} /><span>{message.author.name} · <time dateTime={message.at}>{clock(new Date(message.at))}</time></span>{message.delivery && <DeliverySign state={message.delivery} />}</div>}
    </article>
  );
}
