// Which questions of a channel are asked first, which belong behind "further settings", and what is sent. Pure.
import type { Bilingual, Language, Question } from "../../../store/types";

type Settings = Readonly<Record<string, unknown>>;
export type Answers = Readonly<Record<string, string>>;

/** A form longer than this is cut in two. */
const SHORT = 6;

/** What most people need of long forms; the rest is found by itself. */
const FIRST: Readonly<Record<string, readonly string[]>> = {
  email: ["address", "name", "sign_in", "password", "client_id", "client_secret", "refresh_token", "history"],
};

/** Questions that make sense only after a certain answer. */
const byToken = (answers: Answers): boolean => (answers.sign_in || "password") !== "password";
const ONLY_IF: Readonly<Record<string, Readonly<Record<string, (answers: Answers) => boolean>>>> = {
  email: { password: (answers) => !byToken(answers), client_id: byToken, client_secret: byToken, refresh_token: byToken, token_url: byToken },
};

export interface Asked { first: Question[]; further: Question[] }

/** The questions that make sense with these answers. */
export function asked(kind: string, fields: readonly Question[], answers: Answers): Asked {
  const sensible = fields.filter((field) => ONLY_IF[kind]?.[field.name]?.(answers) ?? true);
  if (fields.length <= SHORT) return { first: sensible, further: [] };
  const isFirst = (field: Question): boolean => field.required === true || (FIRST[kind]?.includes(field.name) ?? false);
  return { first: sensible.filter(isFirst), further: sensible.filter((field) => !isFirst(field)) };
}

/** What stands in the boxes before anybody wrote: what an account is set to already ("imap_host" is imap.host there), else the channel's proposal. */
export const defaults = (fields: readonly Question[], settings: Settings = {}): Answers =>
  Object.fromEntries(fields.map(({ name, secret, default: proposal = "" }) => [name, secret ? "" : (setTo(name, settings) ?? proposal)]));

function setTo(name: string, settings: Settings): string | undefined {
  const [group = "", ...rest] = name.split("_");
  const inside = settings[group];
  const value = settings[name] ?? (inside && typeof inside === "object" ? (inside as Settings)[rest.join("_")] : undefined);
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** The first question that must be answered and is not. */
export const unanswered = ({ first, further }: Asked, answers: Answers): string | null =>
  [...first, ...further].find((field) => field.required && !answers[field.name]?.trim())?.name ?? null;

/** What is sent: what was asked and answered. A secret is sent as it was typed. */
export const given = ({ first, further }: Asked, answers: Answers): Answers =>
  Object.fromEntries([...first, ...further].flatMap(({ name, secret }) => {
    const value = secret ? (answers[name] ?? "") : (answers[name] ?? "").trim();
    return value.trim() ? [[name, value]] : [];
  }));

/** Words in this language, else in another one. */
export const inLanguage = (words: Bilingual | undefined, language: Language): string | undefined => words?.[language] || words?.en || words?.vi || undefined;
