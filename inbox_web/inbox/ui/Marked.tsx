// A text with the part that was searched for marked, blind to accents and case.
import { fold } from "../../shared/format";

export function Marked({ text, hit }: { text: string; hit: string }) {
  const wanted = fold(hit.trim());
  const letters = Array.from(text.normalize("NFC"));
  if (!wanted) return <>{text}</>;
  // One folded letter per letter, so that places in the folded text are places in the text.
  const folded = letters.map((letter) => fold(letter) || letter);
  const start = folded.join("").indexOf(wanted);
  if (start < 0) return <>{text}</>;
  let from = 0;
  for (let passed = 0; passed < start; from++) passed += folded[from]!.length;
  let to = from;
  for (let passed = 0; passed < wanted.length && to < letters.length; to++) passed += folded[to]!.length;
  return <>{letters.slice(0, from).join("")}<mark>{letters.slice(from, to).join("")}</mark>{letters.slice(to).join("")}</>;
}
