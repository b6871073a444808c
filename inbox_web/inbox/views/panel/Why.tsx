// Why a conversation is where it is: by which rule, what of its conditions was found, and the message that made it look.
import { listTime, share } from "../../../shared/format";
import { panelOver } from "../../actions/dialogs";
import { wishEntry } from "../../actions/focus";
import { accounts, intents, teams } from "../../store/session";
import type { Reason, Row } from "../../store/types";
import { language, t } from "../../text";
import { channelName } from "../../ui/ChannelMark";
import { now } from "../../ui/clock";

export function Why({ row }: { row: Row }) {
  const { routed } = row;
  if (!routed) return null;
  const see = () => {
    panelOver.value = false;
    wishEntry(row.id, routed.cause);
  };
  const names: Record<string, string> = { ...t().panel.facts, ...t().panel.why };
  return (
    <section class="why"><h3>{t().panel.routed}{routed.cause.startsWith("m_") && <button type="button" class="link" onClick={see}>{t().panel.cause}</button>}</h3>
      <p>{t().panel.routedBy(routed.rule, routed.name)} <span class="faint">{listTime(new Date(routed.at), now.value, language.value)}</span></p>
      {routed.why && routed.why.length > 0 && <dl>{routed.why.map((one) => <div key={`${one.what}${one.value}`}><dt>{names[one.what] ?? one.what}</dt><dd>{found(one)}{one.sure != null && <span class="faint"> · {share(one.sure, language.value)}</span>}</dd></div>)}</dl>}
    </section>
  );
}

/** What was found, as people call it. */
function found({ what, value }: Reason): string {
  switch (what) {
    case "intent": case "wish": return intents.value.get(value)?.[language.value] ?? value;
    case "channel": return channelName(value);
    case "account": return accounts.value.get(value)?.name ?? value;
    case "team": return teams.value.get(value)?.name ?? value;
    case "words": return `“${value}”`;
    case "stage": return stageWords(value);
    case "priority": return (t().priority as Record<string, string>)[value] ?? value;
    default: return t().panel.whyValue[value] ?? value;
  }
}

/** A stage as people call it; one that only the shop's own systems know as it is. */
export const stageWords = (stage: string): string => t().panel.stages[stage] ?? stage;
