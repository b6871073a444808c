// Business hours as people type them: "08:00-12:00, 13:30-17:30", special days one a line. Pure.

export interface Span { opens: string; closes: string }
export interface Special { day: string; spans?: Span[] }
export interface Hours { id: string; zone: string; week: Span[][]; holidays: boolean; special: Special[] }

const SPAN = /^(\d{1,2})(?:[:h.](\d{2}))?h?\s*[-–]\s*(\d{1,2})(?:[:h.](\d{2}))?h?$/;

/** The spans of a line; null when something in it is none. */
export function readSpans(line: string): Span[] | null {
  const spans: Span[] = [];
  for (const part of line.split(",").map((one) => one.trim()).filter(Boolean)) {
    const found = SPAN.exec(part);
    if (!found) return null;
    const opens = clock(found[1]!, found[2], 23);
    const closes = clock(found[3]!, found[4], 24);
    if (!opens || !closes) return null;
    spans.push({ opens, closes });
  }
  return spans;
}

function clock(hour: string, minute: string | undefined, most: number): string | null {
  const minutes = minute ?? "00";
  if (Number(hour) > most || Number(minutes) > 59 || (Number(hour) === 24 && minutes !== "00")) return null;
  return `${hour.padStart(2, "0")}:${minutes}`;
}

export const writeSpans = (spans: readonly Span[]): string => spans.map((one) => `${one.opens}-${one.closes}`).join(", ");

/** Special days, one a line; `bad` is the first line that is none. A day alone, or with any word behind it, is closed. */
export function readDays(text: string): { days: Special[]; bad: string | null } {
  const days: Special[] = [];
  for (const line of text.split("\n").map((one) => one.trim()).filter(Boolean)) {
    const found = /^(\d{4}-\d{2}-\d{2})\s*(.*)$/.exec(line);
    const spans = found ? (/\d/.test(found[2]!) ? readSpans(found[2]!) : []) : null;
    if (!found || spans === null || Number.isNaN(Date.parse(found[1]!))) return { days, bad: line };
    days.push({ day: found[1]!, spans });
  }
  return { days, bad: null };
}

export const writeDays = (days: readonly Special[]): string => days.map((one) => `${one.day} ${writeSpans(one.spans ?? []) || "–"}`).join("\n");
