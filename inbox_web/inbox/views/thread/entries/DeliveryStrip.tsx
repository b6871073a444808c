// Under a message that was refused, or of which nobody knows: the cause, and at most two ways out. Nothing is sent again by itself.
import { CircleHelp, TriangleAlert } from "lucide-preact";
import { useState } from "preact/hooks";
import { markArrived, resend } from "../../../actions/send";
import type { Message } from "../../../store/types";
import { t } from "../../../text";
import { Icon } from "../../../ui/Icon";

export function DeliveryStrip({ message }: { message: Message }) {
  const [busy, setBusy] = useState(false);
  const { delivery } = message;
  if (delivery !== "refused" && delivery !== "unknown") return null;
  const why = message.deliveries.find((one) => one.state === delivery)?.why;
  const run = (what: (message: Message) => Promise<void>) => async () => {
    setBusy(true);
    await what(message);
    setBusy(false);
  };
  const again = <button type="button" class="link" disabled={busy} onClick={run(resend)}>{delivery === "refused" ? t().retry : t().resend}</button>;
  if (delivery === "refused") {
    return <div class="fail"><span><Icon of={TriangleAlert} size={14} /><span><b>{t().delivery.refused}.</b> {why ?? t().refusedHow}</span></span><span class="fa">{again}</span></div>;
  }
  return (
    <div class="unk">
      <span><Icon of={CircleHelp} size={14} /><span><b>{t().unknownTitle}</b> {why ? `${why} ` : ""}{t().unknownHow}</span></span>
      <span class="fa"><button type="button" class="link" disabled={busy} onClick={run(markArrived)}>{t().arrived}</button>{again}</span>
    </div>
  );
}
