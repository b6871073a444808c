// One row of the list: who and when, their last words, then what they want, whose it is, and how the answer fares.
import { Clock, Paperclip } from "lucide-preact";
import { memo } from "../../ui/memo";
import { dueTime, listTime } from "../../../shared/format";
import { wishEntry } from "../../actions/focus";
import { currentView, openConversation } from "../../actions/place";
import { draftWords } from "../../store/drafts";
import { outbox } from "../../store/outbox";
import { viewers, visitorsTyping } from "../../store/presence";
import { rowOf } from "../../store/rows";
import { agents, me, teams } from "../../store/session";
import type { Hit, Row } from "../../store/types";
import { unread } from "../../store/views";
import { language, t } from "../../text";
import { Avatar } from "../../ui/Avatar";
import { ChannelMark } from "../../ui/ChannelMark";
import { now } from "../../ui/clock";
import { DeliverySign } from "../../ui/DeliverySign";
import { Icon } from "../../ui/Icon";
import { Marked } from "../../ui/Marked";
import { IntentTag } from "../../ui/IntentTag";
import { PriorityFlag } from "../../ui/PriorityMark";
import { TagSigns } from "../../ui/TagSigns";
import { Typing } from "../../ui/Typing";
import type { Place } from "../../ui/VirtualRows";
import { capped } from "../numbers";

/** After this a waiting customer's time is red. It becomes a setting with the service targets. */
const OVERDUE_MS = 30 * 60_000;

export const ConversationRow = memo(function ConversationRow({ place, hit, typed, selected }: { place: Place; hit: Hit | undefined; typed: string; selected: boolean }) {
  const row = rowOf(place.id)?.value;
  if (!row) return null;
  const fresh = selected ? 0 : unread(row);
  const late = row.waiting !== null && row.state === "open" && now.value.getTime() - Date.parse(row.waiting) > OVERDUE_MS;
  return (
    <div class={`li${selected ? " sel" : ""}${fresh ? " un" : ""}`} role="option" data-id={row.id} aria-selected={selected} aria-posinset={place.index + 1} aria-setsize={place.total}
      tabIndex={place.tabIndex} style={place.style} onClick={() => { if (hit) wishEntry(row.id, hit.message); openConversation(row.id); }}>
      <Avatar name={row.name}><ChannelMark kind={row.channel} /></Avatar>
      <div class="grow">
        <div class="l1"><b class="one">{typed ? <Marked text={row.name} hit={typed} /> : row.name}</b><PriorityFlag level={row.priority} /><time dateTime={row.last} class={late ? "late" : ""}>{listTime(new Date(row.last), now.value, language.value)}</time></div>
        <div class="l2">{hit ? <span class="one"><Marked text={hit.text} hit={typed} /></span> : <LastWords row={row} selected={selected} />}{fresh > 0 && <span class="badge" aria-label={t().unread(fresh)}>{capped(fresh, 99)}</span>}</div>
        <div class="l3"><RowFoot row={row} /></div>
      </div>
    </div>
  );
}, (a, b) => a.hit === b.hit && a.typed === b.typed && a.selected === b.selected && a.place.id === b.place.id && a.place.tabIndex === b.place.tabIndex && a.place.total === b.place.total && a.place.style.transform === b.place.style.transform);

function LastWords({ row, selected }: { row: Row; selected: boolean }) {
  if (visitorsTyping.value.has(row.id)) return <span class="one t-accent"><Typing words={t().typing} /></span>;
  const typing = viewers.value[row.id]?.find((one) => one.typing && one.agent !== me.value?.id);
  if (typing) return <span class="one t-accent"><Typing words={t().typingBy(typing.name)} /></span>;
  const draft = selected ? null : draftWords(row.id);
  if (draft !== null) return <span class="one"><span class="drf">{t().draft}</span> {draft}</span>;
  const sending = outbox.value.findLast((item) => item.conversation === row.id);
  if (sending) return <span class="one">{t().you}: {sending.text || t().files(sending.files.length)}</span>;
  const last = row.preview;
  if (!last) return <span class="one">{t().noWords}</span>;
  const who = last.kind === "note" ? t().noteBy(last.author.name) : last.kind === "out" ? (last.author.id === me.value?.id ? t().you : last.author.name) : null;
  return <span class="one">{row.subject && <><b class="subj">{row.subject}</b> · </>}{who && `${who}: `}{!last.text && last.attachments > 0 && <Icon of={Paperclip} size={12} />}{last.text || (last.attachments > 0 ? t().files(last.attachments) : "")}</span>;
}

function RowFoot({ row }: { row: Row }) {
  const team = teams.value.get(row.team ?? "")?.name;
  const agent = agents.value.get(row.agent ?? "");
  const failed = outbox.value.some((item) => item.conversation === row.id && item.state === "failed");
  const delivery = failed ? "refused" : row.preview?.kind === "out" ? row.preview.delivery : null;
  const loud = delivery === "refused" || delivery === "unknown" || delivery === "read" || delivery === "queued";
  const where = row.state === "snoozed" && row.snoozed_until ? t().snoozedTo(dueTime(new Date(row.snoozed_until), now.value, language.value))
    : row.state === "resolved" && currentView.value !== "resolved" ? [t().state.resolved, team].filter(Boolean).join(" · ")
    : team ?? (agent ? "" : t().view.unassigned);
  const others = viewers.value[row.id]?.filter((one) => one.agent !== me.value?.id) ?? [];
  return (
    <>
      {row.tag && row.tag.band !== "default" && <IntentTag tag={row.tag} />}
      {row.tag && <TagSigns tag={row.tag} />}
      <span class="faint one grow">{where}</span>
      {row.state === "snoozed" && <Icon of={Clock} size={12} />}
      {loud && delivery && <DeliverySign state={delivery} />}
      {others.slice(0, 2).map((one) => <span key={one.agent} role="img" aria-label={t().viewingBy(one.name)} data-tip={t().viewingBy(one.name)} class="seen-by"><Avatar name={one.name} size="xs"><span class="pr" /></Avatar></span>)}
      {agent && <span role="img" aria-label={t().assignedTo(agent.name)} data-tip={t().assignedTo(agent.name)}><Avatar name={agent.name} size="xs" me={agent.id === me.value?.id} /></span>}
    </>
  );
}
