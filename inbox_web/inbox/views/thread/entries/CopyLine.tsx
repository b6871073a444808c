// Under a mail that another of our addresses got first: which one, and the way to the conversation there.
import { conversationPath, openConversation } from "../../../actions/place";
import { accounts } from "../../../store/session";
import type { CopyOf } from "../../../store/types";
import { t } from "../../../text";

export function CopyLine({ of }: { of: CopyOf }) {
  const go = (event: MouseEvent) => {
    event.preventDefault();
    openConversation(of.conversation);
  };
  return (
    <p class="mail-c"><span>{t().entry.alsoCame(accounts.value.get(of.account)?.name ?? "")} · </span><a class="link" href={conversationPath("all", of.conversation)} onClick={go}>{t().entry.openCopy}</a></p>
  );
}
