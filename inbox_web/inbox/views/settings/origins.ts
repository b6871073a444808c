// Websites as people type them, one a line. Pure.

/** The origins of the lines (scheme and host only), or the first line that is none. */
export function readOrigins(text: string): { origins: string[]; bad: string | null } {
  const origins: string[] = [];
  for (const line of text.split(/[\n,]/).map((one) => one.trim()).filter((one) => one && !/^https?:\/\/$/.test(one))) {
    const url = parse(line);
    if (!url) return { origins: [], bad: line };
    if (!origins.includes(url.origin)) origins.push(url.origin);
  }
  return { origins, bad: null };
}

/** The hosts, for a line of text. */
export const originLines = (origins: readonly string[] | undefined): string => (origins ?? []).map((one) => one.replace(/^https?:\/\//, "")).join(", ");

function parse(line: string): URL | null {
  const full = /^https?:\/\//i.test(line) ? line : `https://${line}`;
  if (!URL.canParse(full)) return null;
  const url = new URL(full);
  return url.hostname.includes(".") || url.hostname === "localhost" ? url : null;
}
