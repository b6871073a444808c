// From entries to what the log shows, line by line: days, channels, the "new" line, groups. Pure.
import { daysAgo } from "../../shared/format";
import type { Message } from "../store/types";
import { withAlbums } from "./albums";

export type LogLine =
  | { type: "day"; key: string; at: Date }
  | { type: "channel"; key: string; message: Message; moved: boolean; other: boolean }
  | { type: "new"; key: string }
  | { type: "entry"; key: string; message: Message; last: boolean };

const GROUP_MS = 4 * 60_000;

/** The lines of a log. `conversation` is the open one; `newAfter` the sequence number after which its words were new. */
export function layOut(entries: readonly Message[], conversation: string | null, newAfter: number | null): LogLine[] {
  const lines: LogLine[] = [];
  let day: Date | null = null;
  let talk: Message | null = null;
  let marked = newAfter === null;
  const shown = withAlbums(entries);
  shown.forEach((message, at) => {
    const when = new Date(message.at);
    if (!day || daysAgo(day, when) !== 0) lines.push({ type: "day", key: `d${message.id}`, at: when });
    day = when;
    if (message.kind !== "event" && talk?.conversation !== message.conversation) {
      const moved = talk !== null && talk.channel !== message.channel;
      lines.push({ type: "channel", key: `c${message.id}`, message, moved, other: conversation !== null && message.conversation !== conversation });
      talk = message;
    }
    if (!marked && message.conversation === conversation && message.kind === "in" && message.seq > newAfter!) {
      lines.push({ type: "new", key: "new" });
      marked = true;
    }
    lines.push({ type: "entry", key: message.id, message, last: endsGroup(message, shown[at + 1]) });
  });
  return lines;
}

/** Whether the time and the author stand under this message: at the end of what one person wrote in one go. */
function endsGroup(message: Message, next: Message | undefined): boolean {
  if (!next || next.kind !== message.kind || next.author.id !== message.author.id || next.conversation !== message.conversation) return true;
  if (message.delivery !== next.delivery || message.tag || message.subject || message.delivery === "refused" || message.delivery === "unknown") return true;
  return Date.parse(next.at) - Date.parse(message.at) > GROUP_MS;
}
