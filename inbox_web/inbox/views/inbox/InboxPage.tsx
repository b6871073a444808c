// The inbox: views, list, thread, panel, as many as the width has room for.
import { useComputed } from "@preact/signals";
import { MessagesSquare } from "lucide-preact";
import { panelOver } from "../../actions/dialogs";
import { currentConversation, currentRow, shownIds } from "../../actions/place";
import { prefs } from "../../store/prefs";
import { t } from "../../text";
import { Blank } from "../../ui/Blank";
import { Lazy } from "../../ui/Lazy";
import { width } from "../../ui/width";
import { contactPanel, threadPane } from "../parts";
import { ConversationList } from "./ConversationList";
import { ViewsColumn } from "./ViewsColumn";

export function InboxPage() {
  const open = useComputed(() => currentConversation.value !== null).value;
  const room = width.value;
  const known = useComputed(() => currentRow.value !== undefined).value;
  const some = useComputed(() => shownIds.value.length > 0).value; // beside an empty list there is nothing to choose
  const views = room === "wide" && prefs.value.views;
  const docked = room === "wide" && prefs.value.panel && known;
  const over = room !== "wide" && panelOver.value && known;
  if (room === "phone" && open) {
    return <div class="inbox"><Lazy load={threadPane} props={{}} />{over && <Panel over />}</div>;
  }
  return (
    <div class={`inbox${views ? " has-views" : ""}${docked ? " has-panel" : ""}`}>
      {views && <ViewsColumn />}
      <ConversationList />
      {room !== "phone" && (open ? <Lazy load={threadPane} props={{}} /> : <main class="thread nothing">{some && <Blank icon={MessagesSquare} title={t().blank.choose}>{t().blank.chooseHow}</Blank>}</main>)}
      {(docked || over) && <Panel over={over} />}
    </div>
  );
}

function Panel({ over }: { over: boolean }) {
  const row = currentRow.value;
  return row ? <Lazy load={contactPanel} props={{ row, over }} /> : null;
}
