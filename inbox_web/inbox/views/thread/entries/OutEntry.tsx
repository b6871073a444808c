// What an agent answered: accent tint, on the right, with how it fares.
import { after, clock } from "../../../../shared/format";
import { DeliverySign } from "../../../ui/DeliverySign";
import type { EntryProps } from "../Lines";
import { Attachments } from "./Attachments";
import { DeliveryStrip } from "./DeliveryStrip";
import { Laid } from "./Laid";
import { Options } from "./Options";
import { hasWords } from "./Said";
import { hasSigns, Reactions, Signs } from "./Signs";

export function OutEntry({ message, last }: EntryProps) {
  const { delivery } = message;
  const troubled = delivery === "refused" || delivery === "unknown";
  const at = delivery === "read" ? message.deliveries.find((one) => one.state === "read")?.at : undefined;
  return (
    <article class={`m out${last ? "" : " mid"}`} data-entry={message.id}>
      {(hasWords(message) || message.html) && <div class="b">{message.subject && <b class="sub">{message.subject}</b>}<Laid message={message} /></div>}
      <Attachments files={message.attachments} />
      <Options options={message.options} />
      <Reactions message={message} />
      <DeliveryStrip message={message} />
      {(last || hasSigns(message)) && <div class="meta"><span>{message.author.name} · <time dateTime={message.at}>{clock(new Date(message.at))}</time></span><Signs message={message} />{delivery && !troubled && <DeliverySign state={delivery} {...(at && { at: after(new Date(at), new Date(message.at)) })} />}</div>}
    </article>
  );
}
