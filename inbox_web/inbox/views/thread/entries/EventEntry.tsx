// Something that was done to the conversation: one grey line.
import { Bot, Check, Clock, Contact, Flag, GitMerge, MessageSquarePlus, Pencil, RotateCcw, Star, Tag, Trash2, User, Users } from "lucide-preact";
import { clock } from "../../../../shared/format";
import { showEntry } from "../../../actions/focus";
import { me } from "../../../store/session";
import { t } from "../../../text";
import { Icon, type Glyph } from "../../../ui/Icon";
import type { EntryProps } from "../Lines";

/** What such an event was done to is an entry of its own, named by `to`. */
const ABOUT_ENTRY = new Set(["edited", "deleted"]);

const GLYPHS: Readonly<Record<string, Glyph>> = {
  opened: MessageSquarePlus, assigned: User, unassigned: User, team: Users, routed: Users, resolved: Check, reopened: RotateCcw, snoozed: Clock,
  labelled: Tag, unlabelled: Tag, identified: Contact, merged: GitMerge, edited: Pencil, deleted: Trash2, rated: Star, priority: Flag, flow_started: Bot, flow_ended: Bot,
};

/** By which rule, where its author is not that rule already. */
function because({ author, change }: EntryProps["message"]): string {
  if (!change?.rule || author.kind === "bot") return "";
  return t().how[change.rule_name ?? ""] ?? change.rule_name ?? "";
}

export function EventEntry({ message }: EntryProps) {
  const change = message.change;
  const who = message.author.kind === "system" ? "" : message.author.id === me.value?.id ? t().youUpper : message.author.name;
  const to = change?.to && change.to === me.value?.id ? t().youLower : (change?.to_name ?? change?.to ?? "");
  const ended = change?.verb === "flow_ended" ? (t().flowEnded[change.to ?? ""] ?? change.to ?? "") : null;
  const took = change?.verb === "assigned" && change.to === message.author.id;
  const words = change ? t().event(took ? "took" : change.verb, ended === null ? who : (change.to_name ?? who), ended ?? to, because(message)) : message.text;
  return (
    <div class="ev" data-entry={message.id}>
      <Icon of={GLYPHS[change?.verb ?? ""] ?? Check} size={14} /><span>{words}</span>
      {change?.to && ABOUT_ENTRY.has(change.verb) && <button type="button" class="link" onClick={() => showEntry(change.to!)}>{t().entry.seeEntry}</button>}
      <time dateTime={message.at}>{clock(new Date(message.at))}</time>
    </div>
  );
}
