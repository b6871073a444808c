// Under a message that was refused, or of which nobody knows: the cause, for each recipient where they have names, and at
// most two ways out. Nothing is sent again by itself.
import { CircleHelp, TriangleAlert } from "lucide-preact";
import { useState } from "preact/hooks";
import { fates, namesRecipients, type Fate } from "../../../actions/recipients";
import { markArrived, resend } from "../../../actions/send";
import type { Message } from "../../../store/types";
import { said, t } from "../../../text";
import { Icon } from "../../../ui/Icon";

const ARRIVED = new Set(["sent", "delivered", "read"]);

export function DeliveryStrip({ message }: { message: Message }) {
  const [busy, setBusy] = useState(false);
  const { delivery } = message;
  if (delivery !== "refused" && delivery !== "unknown") return null;
  const run = (what: (message: Message) => Promise<void>) => async () => {
    setBusy(true);
    await what(message);
    setBusy(false);
  };
  const again = <button type="button" class="link" disabled={busy} onClick={run(resend)}>{delivery === "refused" ? t().retry : t().resend}</button>;
  if (delivery === "refused") {
    return <div class="fail"><span><Icon of={TriangleAlert} size={14} /><Refused message={message} /></span><span class="fa">{again}</span></div>;
  }
  const why = message.deliveries.find((one) => one.state === delivery)?.why;
  return (
    <div class="unk">
      <span><Icon of={CircleHelp} size={14} /><span><b>{t().unknownTitle}</b> {why ? `${said(why)} ` : ""}{t().unknownHow}</span></span>
      <span class="fa"><button type="button" class="link" disabled={busy} onClick={run(markArrived)}>{t().arrived}</button>{again}</span>
    </div>
  );
}

function Refused({ message }: { message: Message }) {
  const all = fates(message.deliveries);
  const refused = all.filter((one) => one.state === "refused");
  if (!namesRecipients(message) || refused.length === 0) return <span><b>{t().delivery.refused}.</b> {refused[0]?.why ? said(refused[0].why) : t().refusedHow}</span>;
  const reached = all.filter((one) => ARRIVED.has(one.state));
  return (
    <ul class="fates">
      {refused.map((one) => <RefusedTo key={one.to} fate={one} />)}
      {all.filter((one) => one.state === "unknown").map((one) => <li key={one.to}>{t().entry.unknownTo(one.to)}</li>)}
      {reached.length > 0 && <li>{t().entry.reached(reached.map((one) => one.to).join(", "))}</li>}
    </ul>
  );
}

function RefusedTo({ fate }: { fate: Fate }) {
  return <li><b>{t().entry.notTo(fate.to)}</b> {fate.why ? said(fate.why) : t().refusedHow}</li>;
}
