// People's words as safe nodes: links and line breaks, never HTML. The text goes in as text nodes only.
import type { ComponentChildren } from "preact";

const LINK = /\bhttps?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}'…]|\bwww\.[^\s<>"]+\.[^\s<>".,;:!?)\]}'…]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/gi;

/** The address behind a link's words; only http, https and mailto can come out. */
export function href(words: string): string {
  if (/^https?:\/\//i.test(words)) return words;
  return words.includes("@") && !words.startsWith("www.") ? `mailto:${words}` : `https://${words}`;
}

/** Cut a line at its links: plain text at even places, the words of a link at odd ones. */
export function cut(line: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const hit of line.matchAll(LINK)) {
    parts.push(line.slice(from, hit.index), hit[0]);
    from = hit.index + hit[0].length;
  }
  parts.push(line.slice(from));
  return parts;
}

/** A text with its links clickable and its line breaks kept. Links open apart and tell the other site nothing. */
export function Words({ text }: { text: string }) {
  const nodes: ComponentChildren[] = [];
  text.split(/\r?\n/).forEach((line, row) => {
    if (row > 0) nodes.push(<br key={`b${row}`} />);
    cut(line).forEach((part, at) => {
      if (at % 2 === 0) nodes.push(part);
      else nodes.push(<a key={`${row}.${at}`} href={href(part)} target="_blank" rel="noopener noreferrer nofollow">{part}</a>);
    });
  });
  return <>{nodes}</>;
}
