/**
 * The short form before the chat: asks little, explains a mistake in a sentence, and can be skipped if nothing is
 * required. Plain DOM and fetched only when a shop asks for it, so that others do not pay for it.
 */

import { problemOf } from "./fields";
import looks from "./prechat.css?inline";
import type { AccountLook, FieldName, Language, Profile } from "./wire";
import { formWords, type FormWords } from "./words.form";

export { looks };

export interface FormOptions {
  fields: NonNullable<AccountLook["prechat"]>["fields"];
  language: Language;
  done: (profile: Profile | null) => void; // null: skipped, or nothing was written
}

const TYPE = { name: "text", email: "email", phone: "tel" } as const;
const FILL = { name: "name", email: "email", phone: "tel" } as const;

export function formBefore({ fields, language, done }: FormOptions): HTMLFormElement {
  const words = formWords[language];
  const form = document.createElement("form");
  const must = fields.some((field) => field.required);
  const asked = fields.map(({ name, required }) => ({ name, required, ...field(name, required, must, words) }));
  const start = button("bp", words.start, "submit");
  form.className = "pf";
  form.noValidate = true;
  form.append(made("p", "", words.ask), ...asked.map(({ box }) => box), start);
  if (!must) {
    const later = button("sk", words.skip, "button");
    later.onclick = () => done(null);
    form.append(later);
  }
  form.onsubmit = (event) => {
    event.preventDefault();
    const given: Profile = {};
    let first: HTMLInputElement | undefined;
    for (const { name, required, input, why } of asked) {
      const problem = problemOf(name, input.value, required, words);
      why.textContent = problem;
      input.ariaInvalid = problem ? "true" : null;
      if (problem) first ??= input;
      else if (input.value.trim()) given[name] = input.value.trim();
    }
    if (first) first.focus();
    else done(Object.keys(given).length ? given : null);
  };
  return form;
}

function field(name: FieldName, required: boolean, must: boolean, words: FormWords) {
  const box = made("div", "fd", "");
  const label = made("label", "", words[name]) as HTMLLabelElement;
  const input = document.createElement("input");
  const why = made("div", "er", "");
  label.htmlFor = input.id = name;
  if (must && !required) label.append(made("small", "", ` (${words.optional})`));
  input.type = TYPE[name];
  input.autocomplete = FILL[name];
  input.required = required;
  why.id = `${name}-why`;
  input.setAttribute("aria-describedby", why.id);
  box.append(label, input, why);
  return { box, input, why };
}

function made(tag: string, name: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = text;
  return element;
}

function button(name: string, text: string, type: "button" | "submit"): HTMLButtonElement {
  const element = made("button", name, text) as HTMLButtonElement;
  element.type = type;
  return element;
}
