/** Ids of letters and uploads. */

/** randomUUID is missing on plain-http pages; the bytes are as good. */
export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return [...bytes].map((byte, i) => (/^(4|6|8|10)$/.test(String(i)) ? "-" : "") + byte.toString(16).padStart(2, "0")).join("");
}
