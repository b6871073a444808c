// Words that the server does not have yet: shown at once, with the truth about where they are. A screen reader is told of
// them when the entry of the server takes this one's place, and not twice.
import { StickyNote, TriangleAlert } from "lucide-preact";
import { clock } from "../../../../shared/format";
import { takeBack } from "../../../actions/send";
import { retry, type Outgoing } from "../../../store/outbox";
import { me } from "../../../store/session";
import { t } from "../../../text";
import { DeliverySign } from "../../../ui/DeliverySign";
import { Icon } from "../../../ui/Icon";
import { Long } from "./Said";

export function PendingEntry({ item }: { item: Outgoing }) {
  const name = me.value?.name ?? "";
  const files = item.files.map((file) => <span class="att" key={file.id}>{file.name}</span>);
  const foot = <span>{name} · <time dateTime={item.at}>{clock(new Date(item.at))}</time></span>;
  if (item.mode === "note") {
    return (
      <article class="nt pending" data-entry={item.key} aria-live="off">
        <div class="nh"><Icon of={StickyNote} size={14} /><b>{name}</b><span>{t().noteWord}</span><span class="end"><DeliverySign state={item.state === "failed" ? "refused" : "queued"} /></span></div>
        <div class="nt-b"><Long text={item.text} /></div>{files}<Failed item={item} />
      </article>
    );
  }
  return (
    <article class="m out pending" data-entry={item.key} aria-live="off">
      {item.text && <div class="b"><Long text={item.text} /></div>}
      {files.length > 0 && <div class="atts">{files}</div>}
      <Failed item={item} />
      {item.until !== undefined && item.state === "waiting" && !item.tried && <div class="fa"><button type="button" class="link" onClick={() => takeBack(item.key)}>{t().undoSend}</button></div>}
      <div class="meta">{foot}{item.state !== "failed" && <DeliverySign state={item.problem || item.state === "waiting" ? "queued" : "sending"} />}</div>
    </article>
  );
}

function Failed({ item }: { item: Outgoing }) {
  if (item.state !== "failed") return null;
  return (
    <div class="fail" role="alert">
      <span><Icon of={TriangleAlert} size={14} /><span><b>{t().sendFailed}</b> {item.detail ?? t().sendFailedHow}</span></span>
      <span class="fa"><button type="button" class="link" onClick={() => retry(item.key)}>{t().retry}</button><button type="button" class="link" onClick={() => takeBack(item.key)}>{t().edit}</button></span>
    </div>
  );
}
