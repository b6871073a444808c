// A colleague answered after this reply was begun: who, when, their words, and three ways on. The draft is never lost.
import { clock } from "../../../shared/format";
import { discardDraft, sendAnyway } from "../../actions/send";
import { showEntry } from "../../actions/focus";
import { openConversation } from "../../actions/place";
import type { Message, Row } from "../../store/types";
import { t } from "../../text";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";

export function StaleBanner({ row, answers }: { row: Row; answers: readonly Message[] }) {
  const last = answers.at(-1);
  if (!last) return null;
  const see = () => { if (!showEntry(last.id)) openConversation(last.conversation); };
  return (
    <Banner tone="warn" class="stale" actions={<><Button kind="quiet" small onClick={() => discardDraft(row)}>{t().stale.discard}</Button><Button small onClick={() => sendAnyway(row)}>{t().stale.send}</Button><Button small onClick={see}>{t().stale.see}</Button></>}>
      <p><b>{t().stale.who(last.author.name, clock(new Date(last.at)))}</b>{t().stale.after}</p>
      <p class="said one">“{last.text || t().files(last.attachments.length)}”</p>
    </Banner>
  );
}
