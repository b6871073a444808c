// Records for the inbox's tests: everything that a test does not name is plain.
import type { Message, Row } from "../inbox/store/types";

export function row(part: Partial<Row> = {}): Row {
  return {
    id: "c1", account: "w1", channel: "webchat", contact: "p1", name: "Trần Minh Phước", to: "x", opened: "2026-11-21T02:00:00.000Z", last: "2026-11-21T02:54:00.000Z",
    head: 4, read: 4, in_head: 4, state: "open", waiting: null, team: null, agent: null, labels: [], tag: null, preview: null, snoozed_until: null, ...part,
  };
}

export function message(part: Partial<Message> = {}): Message {
  const seq = part.seq ?? 1;
  return {
    id: `${part.conversation ?? "c1"}-${seq}`, conversation: "c1", seq, kind: "in", author: { kind: "contact", id: "p1", name: "Phước" }, account: "w1", channel: "webchat", contact: "p1",
    at: new Date(Date.UTC(2026, 10, 21, 2, seq)).toISOString(), order: seq * 60_000_000, text: `words ${seq}`, attachments: [], options: [], tag: null, change: null, delivery: null, deliveries: [], ...part,
  };
}

export const agent = (id: string) => ({ kind: "agent" as const, id, name: id });
