// A text with the part that was searched for marked, blind to accents and case.
import { marks } from "./marks";

export function Marked({ text, hit }: { text: string; hit: string }) {
  const letters = Array.from(text.normalize("NFC"));
  const ranges = marks(letters, hit);
  if (ranges.length === 0) return <>{text}</>;
  const between = (from: number, to?: number) => letters.slice(from, to).join("");
  return (
    <>
      {ranges.map(([from, to], index) => <>{between(index ? ranges[index - 1]![1] : 0, from)}<mark>{between(from, to)}</mark></>)}
      {between(ranges.at(-1)![1])}
    </>
  );
}
