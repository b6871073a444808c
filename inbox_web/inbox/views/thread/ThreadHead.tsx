// The head of the thread: who it is, who else is here, and what is done most.
import { ArrowLeft, Check, ChevronDown, CircleUser, Clock, Ellipsis, Flag, RotateCcw, User } from "lucide-preact";
import { priorityOf, reopen, resolve } from "../../actions/conversation";
import { openMenu, panelOver } from "../../actions/dialogs";
import { currentView, go, viewPath } from "../../actions/place";
import { dueTime } from "../../../shared/format";
import { viewers, visitorsTyping } from "../../store/presence";
import { agents, me } from "../../store/session";
import type { Row } from "../../store/types";
import { language, t } from "../../text";
import { Button, IconButton } from "../../ui/Button";
import { channelName } from "../../ui/ChannelMark";
import { now } from "../../ui/clock";
import { Icon } from "../../ui/Icon";
import { PriorityFlag } from "../../ui/PriorityMark";
import { Typing } from "../../ui/Typing";
import { width } from "../../ui/width";

const open = (kind: "assign" | "priority" | "snooze" | "more") => (event: MouseEvent): void => openMenu(kind, event.currentTarget as HTMLElement);

export function ThreadHead({ row }: { row: Row }) {
  const agent = agents.value.get(row.agent ?? "");
  const phone = width.value === "phone";
  const Name = phone ? "h1" : "h2";
  const done = row.state === "resolved";
  const priority = priorityOf(row);
  return (
    <header class="th">
      {phone && <IconButton label={t().back} icon={ArrowLeft} size={20} onClick={() => go(viewPath(currentView.peek()))} />}
      <div class="grow who-box">
        <Name class="th-n one">{row.name}</Name>
        <p class="who">{phone && <PriorityFlag level={row.priority} />}<WhoIsHere row={row} /></p>
      </div>
      {phone ? (
        <>
          <IconButton label={done ? t().command.reopen : t().command.resolve} icon={done ? RotateCcw : Check} size={20} onClick={() => void (done ? reopen(row) : resolve(row))} />
          <IconButton label={t().command.panel} icon={CircleUser} size={20} onClick={() => { panelOver.value = !panelOver.value; }} />
          <IconButton label={t().more} icon={Ellipsis} size={20} data-menu="more assign team labels priority snooze" onClick={open("more")} />
        </>
      ) : (
        <>
          <Button icon={User} data-menu="assign" tip={`${t().command.assign}  A`} onClick={open("assign")} aria-label={agent ? t().assignedTo(agent.name) : t().command.assign}>
            <span class="one who-b">{agent ? (agent.id === me.value?.id ? t().youUpper : agent.name) : t().command.assign}</span><Icon of={ChevronDown} size={14} />
          </Button>
          <IconButton label={t().prioritySign(t().priority[priority])} keys="P" icon={Flag} class={`prio ${priority}`} data-menu="priority" onClick={open("priority")} />
          <IconButton label={t().command.snooze} keys="Z" icon={Clock} data-menu="snooze" onClick={open("snooze")} />
          <IconButton label={t().more} icon={Ellipsis} data-menu="more team labels" onClick={open("more")} />
          {done
            ? <Button icon={RotateCcw} onClick={() => void reopen(row)}>{t().reopen}</Button>
            : <Button icon={Check} onClick={() => void resolve(row)} tip={`${t().command.resolve}  E`}>{t().done}</Button>}
        </>
      )}
    </header>
  );
}

function WhoIsHere({ row }: { row: Row }) {
  const others = viewers.value[row.id]?.filter((one) => one.agent !== me.value?.id) ?? [];
  const typing = others.find((one) => one.typing);
  if (visitorsTyping.value.has(row.id)) return <span class="t-accent"><Typing words={t().typingBy(row.name)} /></span>;
  return (
    <>
      {typing && <span class="t-accent"><Typing words={t().typingBy(typing.name)} /></span>}
      {!typing && others.length > 0 && <><span class="dot ok" /><span class="one">{t().viewingBy(others.map((one) => one.name).join(", "))}</span></>}
      {!typing && others.length === 0 && <span class="one">{channelName(row.channel)}{row.subject && ` · ${row.subject}`}{row.state === "resolved" && ` · ${t().state.resolved}`}</span>}
      <Waiting row={row} />
    </>
  );
}

function Waiting({ row }: { row: Row }) {
  if (row.state === "snoozed" && row.snoozed_until) return <span class="one">{"· "}{t().snoozedTo(dueTime(new Date(row.snoozed_until), now.value, language.value))}</span>;
  if (row.state !== "open" || !row.waiting) return null;
  return <span class="one">{"· "}{t().waitingFor(Math.max(0, Math.round((now.value.getTime() - Date.parse(row.waiting)) / 60_000)))}</span>;
}
