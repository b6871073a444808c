/** What is wrong with a name, an email or a phone number: a sentence that says what to do, or null. Pure. */

import type { FieldName } from "./wire";
import type { FormWords } from "./words.form";

const LOCAL_DIGITS = 10; // Vietnamese mobile numbers; landlines have 11 with their area code
const LOCAL_LONGEST = 11;
const WORLD_SHORTEST = 8;
const WORLD_LONGEST = 15; // ITU-T E.164

export function problemOf(field: FieldName, value: string, required: boolean, t: FormWords): string | null {
  const text = value.trim();
  if (!text) return required ? t[`${field}Missing`] : null;
  if (field === "email") return emailProblem(text, t);
  if (field === "phone") return phoneProblem(text, t);
  return null;
}

function emailProblem(text: string, t: FormWords): string | null {
  if (/\s/.test(text)) return t.emailSpace;
  if (!/^[^@]+@/.test(text)) return t.emailAt;
  return /^[^@]+@[^@.]+(\.[^@.]+)+$/.test(text) ? null : t.emailDomain;
}

function phoneProblem(text: string, t: FormWords): string | null {
  const number = text.replace(/[\s().-]/g, "");
  if (!/^\+?\d+$/.test(number)) return t.phoneLetters;
  if (number.startsWith("+")) return lengthProblem(number.length - 1, WORLD_SHORTEST, WORLD_LONGEST, t);
  if (!number.startsWith("0")) return t.phoneStart;
  return lengthProblem(number.length, LOCAL_DIGITS, LOCAL_LONGEST, t);
}

function lengthProblem(digits: number, least: number, most: number, t: FormWords): string | null {
  if (digits < least) return t.phoneShort(least - digits);
  return digits > most ? t.phoneLong(digits - most) : null;
}
