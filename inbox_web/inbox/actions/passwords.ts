// A password for somebody else to change: easy to read aloud, 80 bits of chance.

const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"; // no i, l, o, 0, 1: they look alike
const GROUPS = 4;
const GROUP = 4;

/** Four groups of four. */
export function freshPassword(chance: (bytes: Uint8Array) => Uint8Array = (bytes) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>)): string {
  // 31 letters; bytes of 248 and above would favour the first ones, so more are drawn than needed and those are skipped.
  const drawn = Array.from(chance(new Uint8Array(GROUPS * GROUP * 4))).filter((byte) => byte < 248);
  const letters = drawn.slice(0, GROUPS * GROUP).map((byte) => LETTERS[byte % LETTERS.length]!);
  return Array.from({ length: GROUPS }, (_, at) => letters.slice(at * GROUP, (at + 1) * GROUP).join("")).join("-");
}
