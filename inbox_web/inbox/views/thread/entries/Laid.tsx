// The words of an entry that was also laid out: as text, or in a frame as its sender made it. The frame is fetched when asked for.
import { useState } from "preact/hooks";
import type { Message } from "../../../store/types";
import { t } from "../../../text";
import { Lazy } from "../../../ui/Lazy";
import { htmlView } from "../../parts";
import { hasWords, Said } from "./Said";

export function Laid({ message }: { message: Message }) {
  const [laid, setLaid] = useState(false);
  if (!message.html) return hasWords(message) ? <Said message={message} /> : null;
  return (
    <>
      {laid ? <Lazy load={htmlView} props={{ url: message.html, name: message.author.name }} /> : hasWords(message) && <Said message={message} />}
      <button type="button" class="link laid" aria-pressed={laid} onClick={() => setLaid(!laid)}>{laid ? t().entry.asText : t().entry.asSent}</button>
    </>
  );
}
