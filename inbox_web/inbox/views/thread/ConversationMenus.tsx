// The menus of a conversation: whom it belongs to, its labels, when it comes back, and the rest. One is open at a time.
import { useEffect, useState } from "preact/hooks";
import * as act from "../../actions/conversation";
import { dialog, menu, openMenu, panelOver, type MenuKind } from "../../actions/dialogs";
import { currentRow, currentView, openView } from "../../actions/place";
import { askForRating, canRate } from "../../actions/rating";
import { markUnread } from "../../actions/reading";
import { say } from "../../actions/toast";
import { snoozeTimes } from "../../actions/snooze_times";
import { dueTime } from "../../../shared/format";
import { agents, boot, here, me, teams } from "../../store/session";
import type { Priority, Row } from "../../store/types";
import { language, t } from "../../text";
import { Avatar } from "../../ui/Avatar";
import { Menu, type Item } from "../../ui/Menu";
import { LEVELS, PriorityMark } from "../../ui/PriorityMark";
import { width } from "../../ui/width";
import { capped } from "../numbers";
import { viewLines } from "../inbox/views_list";

export function ConversationMenus() {
  const open = menu.value;
  const row = currentRow.value;
  const homeless = open !== null && open.kind !== "views" && !row;
  // Its conversation was left: keys sleep while a menu is open, so it may not stay open unseen.
  useEffect(() => { if (homeless) menu.value = null; }, [homeless]);
  if (!open) return null;
  const close = () => { if (menu.peek() === open) menu.value = null; };
  if (open.kind === "views") return <ViewsMenu key="views" anchor={open.anchor} onClose={close} />;
  if (!row) return null;
  const View = MENUS[open.kind];
  return <View key={`${open.kind}${row.id}`} row={row} anchor={open.anchor} onClose={close} />;
}

interface MenuFor { row: Row; anchor: HTMLElement; onClose: () => void }

function AssignMenu({ row, anchor, onClose }: MenuFor) {
  const mine = me.value;
  const others = [...agents.value.values()].filter((agent) => agent.on && agent.id !== mine?.id).sort((a, b) => a.name.localeCompare(b.name, "vi"));
  const people = (mine ? [mine, ...others] : others).map((agent): Item => ({
    id: `agent ${agent.id}`, words: agent.name, group: t().assign.people, checked: row.agent === agent.id,
    hint: agent.id === mine?.id ? t().assign.me : here.value.includes(agent.id) ? undefined : t().assign.away,
    keys: agent.id === mine?.id ? "M" : undefined,
    mark: <Avatar name={agent.name} size="s" me={agent.id === mine?.id} />,
  }));
  const crews = [...teams.value.values()].map((team): Item => ({ id: `team ${team.id}`, words: team.name, group: t().assign.teams, checked: row.team === team.id, mark: <span class="ring" /> }));
  const nobody: Item[] = row.agent ? [{ id: "agent ", words: t().assign.nobody, group: t().assign.people }] : [];
  const pick = (id: string) => {
    const [kind, who] = id.split(" ");
    void (kind === "team" ? act.assignTeam(row, who || null) : act.assign(row, who || null));
  };
  return <Menu title={t().command.assign} anchor={anchor} items={[...people, ...nobody, ...crews]} filter={t().assign.find} onPick={pick} onClose={onClose} />;
}

function TeamMenu({ row, anchor, onClose }: MenuFor) {
  const items = [...teams.value.values()].map((team): Item => ({ id: team.id, words: team.name, checked: row.team === team.id, mark: <span class="ring" /> }));
  const none: Item[] = row.team ? [{ id: "", words: t().assign.noTeam }] : [];
  return <Menu title={t().command.team} anchor={anchor} items={[...items, ...none]} filter={t().assign.findTeam} onPick={(id) => void act.assignTeam(row, id || null)} onClose={onClose} />;
}

function LabelMenu({ row, anchor, onClose }: MenuFor) {
  const known = [...new Set([...row.labels, ...(boot.value?.labels ?? [])])];
  const items = known.map((label): Item => ({ id: label, words: label, checked: row.labels.includes(label) }));
  return <Menu title={t().command.labels} anchor={anchor} items={items} filter={t().labels.find} fresh={t().labels.fresh} stays onPick={(label) => void act.toggleLabel(row, label)} onClose={onClose} />;
}

function PriorityMenu({ row, anchor, onClose }: MenuFor) {
  const items = LEVELS.map((level): Item => ({ id: level, words: t().priority[level], checked: act.priorityOf(row) === level, mark: <PriorityMark level={level} /> }));
  return <Menu title={t().command.priority} anchor={anchor} items={items} onPick={(level) => void act.prioritise(row, level as Priority)} onClose={onClose} />;
}

function SnoozeMenu({ row, anchor, onClose }: MenuFor) {
  const [now] = useState(() => new Date());
  const times = snoozeTimes(now).map(({ id, at }): Item => ({ id: at.toISOString(), words: t().snooze[id], hint: dueTime(at, now, language.value) }));
  const pick = (id: string) => {
    if (id === "custom") dialog.value = "snooze";
    else if (id === "back") void act.reopen(row);
    else void act.snooze(row, new Date(id));
  };
  const back: Item[] = row.state === "snoozed" ? [{ id: "back", words: t().snooze.back }] : [];
  return <Menu title={t().command.snooze} anchor={anchor} items={[...times, { id: "custom", words: t().snooze.custom }, ...back]} onPick={pick} onClose={onClose} />;
}

function MoreMenu({ row, anchor, onClose }: MenuFor) {
  const phone = width.value === "phone";
  const items: Item[] = [
    ...(phone ? [{ id: "assign", words: t().command.assign }, { id: "snooze", words: t().command.snooze }] : []),
    { id: "labels", words: t().command.labels, keys: "L" },
    { id: "priority", words: t().command.priority, keys: "P", hint: t().priority[act.priorityOf(row)] },
    ...(teams.value.size ? [{ id: "team", words: t().command.team, keys: "T" }] : []),
    ...(row.agent !== me.value?.id ? [{ id: "me", words: t().command.assignMe, keys: "M" }] : []),
    ...(row.state !== "open" ? [{ id: "reopen", words: t().command.reopen }] : []),
    ...(row.state !== "resolved" ? [{ id: "next", words: t().command.resolveNext, keys: "Shift E" }] : []),
    { id: "unread", words: t().command.markUnread, keys: "U" },
    ...(canRate(row) ? [{ id: "rating", words: t().command.rating }] : []),
    { id: "panel", words: t().command.panel, keys: "]" },
    { id: "link", words: t().copyLink },
  ];
  const pick = (id: string) => {
    if (id === "me") void act.assign(row, act.myId());
    else if (id === "reopen") void act.reopen(row);
    else if (id === "next") void act.resolveAndNext(row);
    else if (id === "unread") void markUnread(row);
    else if (id === "rating") void askForRating(row);
    else if (id === "panel") panelOver.value = true;
    else if (id === "link") void navigator.clipboard?.writeText(location.href).then(() => say(t().copied));
    else queueMicrotask(() => openMenu(id as MenuKind, anchor));
  };
  return <Menu title={t().more} anchor={anchor} items={items} onPick={pick} onClose={onClose} />;
}

function ViewsMenu({ anchor, onClose }: { anchor: HTMLElement; onClose: () => void }) {
  const head = { plain: undefined, teams: t().view.teams, channels: t().view.channels };
  const items = viewLines().map((line): Item => ({
    id: line.slug, words: line.words, mark: line.mark, checked: line.slug === currentView.value,
    hint: line.count === undefined ? undefined : capped(line.count), ...(head[line.group] && { group: head[line.group]! }),
  }));
  return <Menu title={t().view.label} anchor={anchor} items={items} filter={t().view.find} onPick={(slug) => openView(slug)} onClose={onClose} />;
}

const MENUS = { assign: AssignMenu, team: TeamMenu, labels: LabelMenu, priority: PriorityMenu, snooze: SnoozeMenu, more: MoreMenu } as const;
