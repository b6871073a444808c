// The boxes of a channel's questions: lines, secrets that can be shown, and choices.
import { useState } from "preact/hooks";
import { Words } from "../../../../shared/render";
import type { Question } from "../../../store/types";
import { language, ts } from "../../../text";
import { Choose, Field } from "../../../ui/Field";
import { inLanguage, type Answers } from "./questions";

interface Props { fields: readonly Question[]; answers: Answers; onAnswer: (name: string, value: string) => void; errorOf: (name: string) => string | null }

export function Questions({ fields, answers, onAnswer, errorOf }: Props) {
  return <>{fields.map((field) => <One key={field.name} field={field} value={answers[field.name] ?? ""} onValue={(value) => onAnswer(field.name, value)} error={errorOf(field.name)} />)}</>;
}

function One({ field, value, onValue, error }: { field: Question; value: string; onValue: (value: string) => void; error: string | null }) {
  const label = inLanguage(field.label, language.value) ?? field.name;
  const help = inLanguage(field.help, language.value);
  const about = { label, error, ...(help && { help: help.includes("://") ? <Words text={help} /> : help }) };
  if (field.options?.length) return <Choose {...about} value={value} onValue={onValue} options={field.options.map((one) => ({ value: one, words: optionWords(one) }))} />;
  if (field.secret) return <Secret {...about} name={field.name} value={value} onValue={onValue} required={field.required} />;
  return <Field {...about}>{(ids) => <input {...ids} class="input" name={field.name} value={value} required={field.required} autocomplete="off" autocapitalize="off" spellcheck={false} onInput={(event: Event) => onValue((event.currentTarget as HTMLInputElement).value)} />}</Field>;
}

const optionWords = (value: string): string => (ts().connect.option as Record<string, string>)[value || "auto"] ?? value;

function Secret({ name, value, onValue, required, ...about }: { label: string; name: string; value: string; onValue: (value: string) => void; required: boolean | undefined; error: string | null }) {
  const [shown, setShown] = useState(false);
  const words = shown ? ts().connect.hide : ts().connect.show;
  return (
    <Field {...about} aside={<button type="button" class="link secret" aria-pressed={shown} aria-label={`${words}: ${about.label}`} onClick={() => setShown(!shown)}>{words}</button>}>
      {(ids) => <input {...({ type: shown ? "text" : "password" } as object)} {...ids} class="input mono" name={name} value={value} required={required} autocomplete="new-password" spellcheck={false} onInput={(event: Event) => onValue((event.currentTarget as HTMLInputElement).value)} />}
    </Field>
  );
}
