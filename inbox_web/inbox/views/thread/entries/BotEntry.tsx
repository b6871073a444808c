// What a bot answered: on the right like an answer, dashed, with its glyph.
import { Bot } from "lucide-preact";
import { clock } from "../../../../shared/format";
import { DeliverySign } from "../../../ui/DeliverySign";
import { Icon } from "../../../ui/Icon";
import type { EntryProps } from "../Lines";
import { Attachments } from "./Attachments";
import { DeliveryStrip } from "./DeliveryStrip";
import { Options } from "./Options";
import { hasWords, Said } from "./Said";
import { Reactions } from "./Signs";

export function BotEntry({ message, last }: EntryProps) {
  return (
    <article class={`m out bot${last ? "" : " mid"}`} data-entry={message.id}>
      {hasWords(message) && <div class="b">{message.subject && <b class="sub">{message.subject}</b>}<Said message={message} /></div>}
      <Attachments files={message.attachments} />
      <Options options={message.options} />
      <Reactions message={message} />
      <DeliveryStrip message={message} />
      {last && <div class="meta"><Icon of={Bot} size={12} /><span>{message.author.name} · <time dateTime={message.at}>{clock(new Date(message.at))}</time></span>{message.delivery && <DeliverySign state={message.delivery} />}</div>}
    </article>
  );
}
