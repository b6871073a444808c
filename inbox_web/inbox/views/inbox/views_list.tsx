// The views an agent can choose: the same lines for the column, the menu and the phone's strip.
import { CircleHelp, CircleCheck, Clock, Inbox, Moon, User } from "lucide-preact";
import { counts } from "../../store/counts";
import { accounts, teams } from "../../store/session";
import { viewOf } from "../../store/views";
import { t } from "../../text";
import { channelName, ChannelMark } from "../../ui/ChannelMark";
import { Icon } from "../../ui/Icon";

export interface ViewLine { slug: string; words: string; count: number | undefined; hot?: boolean; group: "plain" | "teams" | "channels"; mark: preact.ComponentChild }

/** Every view with its count; teams and channels only where there are some. */
export function viewLines(): ViewLine[] {
  const now = counts.value;
  const names = t().view;
  const kinds = [...new Set([...accounts.value.values()].map((account) => account.kind))];
  return [
    { slug: "open", words: names.open, count: now?.open, group: "plain", mark: <Icon of={Inbox} /> },
    { slug: "mine", words: names.mine, count: now?.mine, group: "plain", mark: <Icon of={User} /> },
    { slug: "unassigned", words: names.unassigned, count: now?.unassigned, hot: true, group: "plain", mark: <Icon of={CircleHelp} /> },
    { slug: "waiting", words: names.waiting, count: now?.waiting, group: "plain", mark: <Icon of={Clock} /> },
    { slug: "snoozed", words: names.snoozed, count: now?.snoozed, group: "plain", mark: <Icon of={Moon} /> },
    { slug: "resolved", words: names.resolved, count: undefined, group: "plain", mark: <Icon of={CircleCheck} /> },
    ...[...teams.value.values()].map((team): ViewLine => ({ slug: `team-${team.id}`, words: team.name, count: now?.teams[team.id] ?? 0, group: "teams", mark: <span class="ring" /> })),
    ...kinds.map((kind): ViewLine => ({ slug: `channel-${kind}`, words: channelName(kind), count: now?.channels[kind] ?? 0, group: "channels", mark: <ChannelMark kind={kind} quiet /> })),
  ];
}

/** The name of a view, also of one that the lines do not offer (a label). */
export function viewName(slug: string): string {
  const { view, team, channel, label } = viewOf(slug);
  if (team) return teams.value.get(team)?.name ?? t().view.open;
  return channel ? channelName(channel) : label ?? t().view[view];
}
