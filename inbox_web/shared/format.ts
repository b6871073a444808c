// Times, numbers and names as people read them in Vietnamese and English. Pure: the present moment is an argument.

export type Language = "vi" | "en";

const WEEKDAY: Record<Language, readonly string[]> = {
  vi: ["CN", "T2", "T3", "T4", "T5", "T6", "T7"],
  en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
};
const YESTERDAY: Record<Language, string> = { vi: "Hôm qua", en: "Yesterday" };
const TODAY: Record<Language, string> = { vi: "Hôm nay", en: "Today" };
const TOMORROW: Record<Language, string> = { vi: "ngày mai", en: "tomorrow" };
const LOCALE: Record<Language, string> = { vi: "vi-VN", en: "en-GB" };
const DAY_MS = 86_400_000;

const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

/** The start of the local day of a moment. */
const midnight = (at: Date): number => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();

/** Whole local days from `at` to `now`: 0 today, 1 yesterday, -1 tomorrow (a day of 23 or 25 hours counts as one). */
export const daysAgo = (at: Date, now: Date): number => Math.round((midnight(now) - midnight(at)) / DAY_MS);

/** "09:54" in local time. */
export const clock = (at: Date): string => `${two(at.getHours())}:${two(at.getMinutes())}`;

/** "19/11/2026". */
export const date = (at: Date): string => `${two(at.getDate())}/${two(at.getMonth() + 1)}/${at.getFullYear()}`;

/** A moment that followed another: its time, with its day when that is not the same: 09:54, or 23/11 09:54. */
export const after = (at: Date, first: Date): string =>
  daysAgo(first, at) === 0 ? clock(at) : `${two(at.getDate())}/${two(at.getMonth() + 1)} ${clock(at)}`;

/** The time of a list row: 09:54 today, Hôm qua, T5 19/11 within the week, 19/11/2026 beyond. */
export function listTime(at: Date, now: Date, language: Language): string {
  const days = daysAgo(at, now);
  if (days <= 0 && days > -1) return clock(at);
  if (days === 1) return YESTERDAY[language];
  if (days > 1 && days < 7) return `${WEEKDAY[language][at.getDay()]} ${two(at.getDate())}/${two(at.getMonth() + 1)}`;
  return date(at);
}

/** The time of a moment to come, to stand inside a sentence: 15:30, ngày mai 08:00, T2 08:00 within the week, 19/11/2026 beyond. */
export function dueTime(at: Date, now: Date, language: Language): string {
  const days = -daysAgo(at, now);
  if (days <= 0) return clock(at);
  if (days === 1) return `${TOMORROW[language]} ${clock(at)}`;
  if (days < 7) return `${WEEKDAY[language][at.getDay()]} ${clock(at)}`;
  return `${date(at)} ${clock(at)}`;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter costs a hundred times what using one does. */
function formatter(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = `${language} ${options.year ?? ""}`;
  const known = formatters.get(name) ?? new Intl.DateTimeFormat(LOCALE[language], options);
  formatters.set(name, known);
  return known;
}

/** The words of a day separator: "Hôm nay, thứ Bảy 21 tháng 11"; the year only when it is not this one. */
export function dayLabel(at: Date, now: Date, language: Language): string {
  const year = at.getFullYear() === now.getFullYear() ? undefined : ("numeric" as const);
  const options: Intl.DateTimeFormatOptions = { weekday: "long", day: "numeric", month: "long", ...(year && { year }) };
  let words = formatter(language, options).format(at);
  if (language === "vi") words = words.replace(", ", " ").replace(/^Thứ/, "thứ").replace(/^Chủ Nhật/i, "Chủ nhật");
  const days = daysAgo(at, now);
  if (days === 0) return `${TODAY[language]}, ${words}`;
  if (days === 1) return `${YESTERDAY[language]}, ${words}`;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A whole number with the language's thousands mark: 1.234 in vi, 1,234 in en; the true minus sign. */
export function number(n: number, language: Language): string {
  const mark = language === "vi" ? "." : ",";
  const digits = Math.abs(Math.round(n)).toString().replace(/\B(?=(\d{3})+(?!\d))/g, mark);
  return n < 0 ? `−${digits}` : digits;
}

/** A share with two decimals: 0,88 in vi, 0.88 in en. */
export const share = (n: number, language: Language): string =>
  language === "vi" ? n.toFixed(2).replace(".", ",") : n.toFixed(2);

/** A file's size in the largest fitting unit, one decimal above a megabyte unless it is zero: "12 kB", "1,2 MB", "20 MB". */
export function bytes(n: number, language: Language): string {
  if (n < 1000) return `${n} B`;
  if (n < 999_500) return `${Math.round(n / 1000)} kB`;
  const mega = `${Number((n / 1_000_000).toFixed(1))}`;
  return `${language === "vi" ? mega.replace(".", ",") : mega} MB`;
}

const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}][^\s]*/gu) ?? [];

/** Up to two letters for an avatar: the last two words of a name, as Vietnamese names are called by their end. What stands in brackets is no name. */
export function initials(name: string): string {
  const words = wordsOf(name.replace(/[([{].*?[)\]}]/g, " "));
  const known = words.length > 0 ? words : wordsOf(name);
  return known.slice(-2).map((word) => Array.from(word)[0]!.toLocaleUpperCase("vi")).join("") || "?";
}

/** Text without marks and case, for a search that needs no Vietnamese keyboard: "Đặt hàng" → "dat hang". */
export const fold = (text: string): string =>
  text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
