// The shapes that the API and the live socket speak. Names are the server's; nothing here does anything.
import type { Language } from "../../shared/format";

export type { Language };

export type AuthorKind = "contact" | "agent" | "bot" | "system";
export type MessageKind = "in" | "out" | "note" | "event";
export type DeliveryState = "queued" | "sending" | "sent" | "delivered" | "read" | "refused" | "unknown";
export type ConversationState = "open" | "snoozed" | "resolved";

export interface Author { kind: AuthorKind; id: string; name: string }
export type FileState = "here" | "waiting" | "failed";
export interface FileView {
  name: string; mime: string; bytes: number; url: string; width?: number | null; height?: number | null;
  state?: FileState; why?: string | null; inline?: string | null; again?: boolean;
}
/** What a message says now, after an edit or a deletion (`gone`); its own words stay in `text`. */
export interface Amended { text: string; at: string; gone: boolean }
export interface Reaction { by: string; name: string; emoji: string }
/** The entry that the same mail became on another account of ours, which got it first. */
export interface CopyOf { message: string; conversation: string; account: string }
export interface Tag { intent: string; confidence: number; band: string; language: string; words: string[]; others?: Wish[]; urgent?: boolean; mood?: "good" | "plain" | "bad"; by?: string }
/** A further intent of a message that has several. */
export interface Wish { intent: string; confidence: number }
export interface Change { verb: string; to: string | null; to_name: string | null; rule: string | null; rule_name?: string | null }
export interface Delivery { part: number; to: string; state: DeliveryState; at: string; why: string | null }

export interface Message {
  id: string; conversation: string; seq: number; kind: MessageKind; author: Author;
  account: string; channel: string; contact: string; at: string; order: number; text: string;
  attachments: FileView[]; options: string[]; tag: Tag | null; change: Change | null;
  delivery: DeliveryState | null; deliveries: Delivery[]; client?: string | null;
  history?: boolean; subject?: string | null; html?: string | null; visible?: [number, number][]; everyone?: string[];
  auto?: boolean; group?: string | null; elsewhere?: boolean; copy_of?: CopyOf | null; amended?: Amended | null; reactions?: Reaction[];
}

export interface Preview {
  text: string; kind: MessageKind; author: Author; message: string;
  delivery: DeliveryState | null; attachments: number;
}

export interface Row {
  id: string; account: string; channel: string; contact: string; name: string; to: string;
  opened: string; last: string; head: number; read: number; in_head: number;
  state: ConversationState; waiting: string | null; team: string | null; agent: string | null;
  labels: string[]; tag: Tag | null; preview: Preview | null; snoozed_until: string | null;
  subject?: string | null; everyone?: string[];
  priority?: Priority; routed?: Routed | null;
}
/** Where the words of a search stand in a conversation: the newest message that holds them, and its words around the first of them. */
export interface Hit { message: string; seq: number; at: string; text: string }
export type FoundRow = Row & { hit?: Hit };
/** The rule by which a conversation got its team or agent. */
export interface Routed { rule: string; name: string; cause: string; at: string; why?: Reason[] }
/** One thing that the rule asked about, and what it found. */
export interface Reason { what: string; value: string; sure?: number | null }
export type Priority = "urgent" | "high" | "normal" | "low";

export interface Agent {
  id: string; name: string; email: string; role: "administrator" | "agent";
  teams: string[]; on: boolean; language: Language;
}
export interface Team { id: string; name: string; intents: string[] }

export interface WebchatSettings {
  origins?: string[]; color?: string; greeting?: Partial<Record<Language, string>>;
  prechat?: { on: boolean; fields: { name: "name" | "email" | "phone"; required: boolean }[] };
  quick_replies?: Partial<Record<Language, string[]>>; language?: "auto" | Language;
  mirror?: string; mirror_accounts?: string[]; // of a Slack account: the team's channel, and whose conversations stand there
}
export interface Account {
  id: string; kind: string; name: string; on: boolean; team: string | null;
  health: string | null; settings: WebchatSettings;
  found?: number | null; stored?: number | null; heard?: string | null;
}
export type Bilingual = Partial<Record<Language, string>>;
/** One question of connecting a channel. */
export interface Question { name: string; label: Bilingual; help?: Bilingual; secret?: boolean; required?: boolean; default?: string; options?: string[] }
export interface Channel {
  kind: string; name: Record<Language, string>; icon: string; limits?: { text?: number; attachment_bytes?: number };
  fields?: Question[];
}
/** A merged one is called as what it counts for; neither it nor one that is switched off is `offered`. */
export interface Intent { name: string; vi: string; en: string; tone: "plain" | "care" | "money"; offered?: boolean }

export interface Contact {
  id: string; name: string; language: string | null; facts: Record<string, string>; at: string;
  addresses: { channel: string; value: string; verified: string | null; name: string }[];
  members: string[]; conversations: Row[]; consents?: Consent[];
}
/** A person wants no advertising ("stop"), or a colleague took that back ("lift"). */
export interface Consent {
  id: string; says: "stop" | "lift"; by: Author; at: string; channel: string | null; conversation: string | null; message: string | null;
  sure: boolean; lifts: string | null; reason: string | null;
}

/** How the agent likes to work, in every browser; what they never said is missing. */
export interface Preferences { undo_s?: number; notify?: boolean }
export interface Bootstrap {
  agent: Agent; preferences?: Preferences; agents: Agent[]; teams: Team[]; accounts: Account[]; channels: Channel[]; intents: Intent[];
  labels: string[]; n: number; shop: string; quarantined: number; here: string[]; demo: boolean;
}

export interface Counts {
  open: number; mine: number; unassigned: number; waiting: number; snoozed: number;
  teams: Record<string, number>; channels: Record<string, number>;
}

export interface Quarantined { id: string; account: string; channel: string; at: string; why: string; preview_bytes: number }
export interface Upload { id: string; name: string; mime: string; bytes: number; width?: number | null; height?: number | null }

/** One thing that happened, as the live socket tells it. */
export interface LiveItem { type: string; conversation?: string | null; data: Record<string, unknown> }
