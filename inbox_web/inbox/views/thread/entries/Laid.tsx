// The words of an entry that was also laid out: as text, or in a frame as its sender made it. The frame is fetched when asked for.
import { useState } from "preact/hooks";
import type { Message } from "../../../store/types";
import { t } from "../../../text";
import { Lazy } from "../../../ui/Lazy";
import { htmlView } from "../../parts";
import { holdStill } from "../stick";
import { hasWords, Said } from "./Said";

export function Laid({ message }: { message: Message }) {
  const [laid, setLaid] = useState(false);
  if (!message.html) return hasWords(message) ? <Said message={message} /> : null;
  const frame = { url: message.html, name: message.author.name, letters: message.text.length };
  return (
    <>
      {laid ? <Lazy load={htmlView} props={frame} /> : hasWords(message) && <Said message={message} />}
      <button type="button" class="link laid" aria-pressed={laid} onClick={(event: Event) => { holdStill(event); setLaid(!laid); }}>{laid ? t().entry.asText : t().entry.asSent}</button>
    </>
  );
}
