// The lines of a log and the file that draws each kind of entry.
import "../../styles/thread.css";
import { ArrowRight } from "lucide-preact";
import type { ComponentType } from "preact";
import { dayLabel } from "../../../shared/format";
import type { LogLine } from "../../actions/log_layout";
import { conversationPath, openConversation } from "../../actions/place";
import { accounts } from "../../store/session";
import type { Message } from "../../store/types";
import { language, t } from "../../text";
import { channelName, ChannelMark } from "../../ui/ChannelMark";
import { now } from "../../ui/clock";
import { Icon } from "../../ui/Icon";
import { memo } from "../../ui/memo";
import { BotEntry } from "./entries/BotEntry";
import { EventEntry } from "./entries/EventEntry";
import { InEntry } from "./entries/InEntry";
import { MailEntry } from "./entries/MailEntry";
import { NoteEntry } from "./entries/NoteEntry";
import { OutEntry } from "./entries/OutEntry";

export interface EntryProps { message: Message; last: boolean }

const ENTRIES: Readonly<Record<Message["kind"], ComponentType<EntryProps>>> = { in: InEntry, out: OutEntry, note: NoteEntry, event: EventEntry };

function entryOf(message: Message): ComponentType<EntryProps> {
  if (message.kind === "in" && message.channel === "email") return MailEntry;
  return message.kind === "out" && message.author.kind === "bot" ? BotEntry : ENTRIES[message.kind];
}

export function Lines({ lines }: { lines: readonly LogLine[] }) {
  return <>{lines.map((line) => <Line key={line.key} line={line} words={language.value} />)}</>;
}

const Line = memo(function Line({ line }: { line: LogLine; words: string }) {
  switch (line.type) {
    case "day": return <div class="day"><span>{dayLabel(line.at, now.peek(), language.value)}</span></div>;
    case "new": return <div class="new"><span>{t().newLine}</span></div>;
    case "channel": return <ChannelLine line={line} />;
    case "entry": {
      const Entry = entryOf(line.message);
      return <Entry message={line.message} last={line.last} />;
    }
  }
}, (a, b) => a.words === b.words && (a.line === b.line || (a.line.type === "entry" && b.line.type === "entry" && a.line.message === b.line.message && a.line.last === b.line.last) || (a.line.type === b.line.type && a.line.type !== "entry" && a.line.key === b.line.key)));

function ChannelLine({ line }: { line: Extract<LogLine, { type: "channel" }> }) {
  const { message, moved, other } = line;
  const account = accounts.value.get(message.account)?.name;
  const go = (event: MouseEvent) => {
    event.preventDefault();
    openConversation(message.conversation);
  };
  return (
    <div class="sep">
      <ChannelMark kind={message.channel} quiet /><b>{channelName(message.channel)}{account ? ` · ${account}` : ""}</b>
      {moved && <span class="one">{t().channelMoved}</span>}
      {other && <a class="link" href={conversationPath("all", message.conversation)} onClick={go}>{t().otherConversation}<Icon of={ArrowRight} size={12} /></a>}
    </div>
  );
}
