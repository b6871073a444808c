/** The shapes of the chat line: what the hub says and what the widget says. No behaviour lives here. */

export type Language = "vi" | "en";

export interface FileOf {
  name: string;
  mime: string;
  bytes: number;
  width?: number | null;
  height?: number | null;
  url: string;
}

export interface Uploaded {
  id: string;
  name: string;
  mime: string;
  bytes: number;
}

export interface ChatMessage {
  id: string;
  client?: string | null;
  seq: number;
  mine: boolean;
  author: { kind: "contact" | "agent" | "bot" | "system"; name: string };
  at: string;
  text: string;
  files: FileOf[];
  options: string[];
  edited?: boolean; // it says something else now than when it was written
  gone?: boolean; // it was deleted
}

export type FieldName = "name" | "email" | "phone";

export interface AccountLook {
  name: string;
  color?: string;
  greeting?: Partial<Record<Language, string>>;
  prechat?: { on: boolean; fields: { name: FieldName; required: boolean }[] };
  quick_replies?: Partial<Record<Language, string[]>>;
  language?: "auto" | Language;
}

export interface SignedUser {
  data: string;
  signature: string;
}

export type Profile = Partial<Record<FieldName, string>>;

export interface Hello {
  t: "hello";
  token: string | null;
  since: number;
  language: Language;
  page: string;
  user?: SignedUser;
}

export type ClientFrame =
  | Hello
  | { t: "send"; id: string; text: string; files: string[] }
  | ({ t: "profile"; id: string } & Profile)
  | { t: "typing" }
  | { t: "read"; seq: number }
  | { t: "ping" };

export interface Welcome {
  t: "welcome";
  token: string;
  account: AccountLook;
  cursor: number;
  messages: ChatMessage[];
  seen: number;
  identified?: boolean;
  profile_given?: boolean;
}

export type ServerFrame =
  | Welcome
  | { t: "ack"; id: string }
  | { t: "nack"; id: string; slug: string; detail: string; retry: boolean }
  | { t: "messages"; messages: ChatMessage[]; cursor: number }
  | { t: "typing"; name: string }
  | { t: "seen"; seq: number }
  | { t: "pong" }
  | { t: "error"; slug: string; detail: string };
