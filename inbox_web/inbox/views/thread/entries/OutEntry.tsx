// What an agent answered: accent tint, on the right, with how it fares.
import { clock } from "../../../../shared/format";
import { Words } from "../../../../shared/render";
import { DeliverySign } from "../../../ui/DeliverySign";
import type { EntryProps } from "../Lines";
import { Attachments } from "./Attachments";
import { DeliveryStrip } from "./DeliveryStrip";
import { Options } from "./Options";

export function OutEntry({ message, last }: EntryProps) {
  const { delivery } = message;
  const troubled = delivery === "refused" || delivery === "unknown";
  const at = delivery === "read" ? message.deliveries.find((one) => one.state === "read")?.at : undefined;
  return (
    <article class={`m out${last ? "" : " mid"}`} data-entry={message.id}>
      {message.text && <div class="b"><Words text={message.text} /></div>}
      <Attachments files={message.attachments} />
      <Options options={message.options} />
      <DeliveryStrip message={message} />
      {last && <div class="meta"><span>{message.author.name} · <time dateTime={message.at}>{clock(new Date(message.at))}</time></span>{delivery && !troubled && <DeliverySign state={delivery} {...(at && { at: clock(new Date(at)) })} />}</div>}
    </article>
  );
}
