// The words of an entry as they stand now: the newest of a mail, what an edit made of them. What was folded away or said
// before is one button further, and so is the rest of very many words.
import { ChevronDown, ChevronUp, Ellipsis } from "lucide-preact";
import { useMemo, useState } from "preact/hooks";
import { Words } from "../../../../shared/render";
import { clock } from "../../../../shared/format";
import { beginning, linesOf, passages, type Passage } from "../../../actions/passages";
import type { Message } from "../../../store/types";
import { t } from "../../../text";
import { Icon } from "../../../ui/Icon";
import { holdStill } from "../stick";

export function Said({ message }: { message: Message }) {
  if (message.amended) return <Amended message={message} />;
  return <>{passages(message.text, message.visible).map((one, at) => (one.folded ? <Folded key={at} passage={one} /> : <Long key={at} text={one.text} />))}</>;
}

/** A passage of people's words; of one that would fill the log several times only the beginning stands at first. */
export function Long({ text }: { text: string }) {
  const [open, setOpen] = useState(false);
  const head = useMemo(() => beginning(text), [text]);
  if (head === null) return <p class="said-p"><Words text={text} /></p>;
  const turn = (event: MouseEvent) => {
    const button = event.currentTarget as HTMLElement;
    holdStill(event);
    setOpen(!open);
    if (open) requestAnimationFrame(() => button.scrollIntoView({ block: "nearest" })); // where they were reading there is something else now
  };
  return (
    <>
      <p class="said-p"><Words text={open ? text : `${head} …`} /></p>
      <button type="button" class="fold" aria-expanded={open} onClick={turn}><Icon of={open ? ChevronUp : ChevronDown} size={14} />{open ? t().entry.less : t().entry.more}</button>
    </>
  );
}

function Folded({ passage }: { passage: Passage }) {
  const [open, setOpen] = useState(false);
  const words = open ? t().entry.hideQuoted : t().entry.quoted(linesOf(passage.text));
  return (
    <>
      <button type="button" class="fold" aria-expanded={open} onClick={(event: Event) => { holdStill(event); setOpen(!open); }}><Icon of={Ellipsis} size={14} />{words}</button>
      {open && <blockquote class="quote"><Words text={passage.text} /></blockquote>}
    </>
  );
}

function Amended({ message }: { message: Message }) {
  const [open, setOpen] = useState(false);
  const { text, at, gone } = message.amended!;
  const when = clock(new Date(at));
  const differs = message.text !== "" && (gone || message.text !== text);
  return (
    <>
      {gone ? <p class="said-p gone">{t().entry.gone}</p> : <Long text={text} />}
      <span class="was"><span>{gone ? t().entry.goneAt(when) : t().entry.edited(when)}</span>
        {differs && <button type="button" class="link" aria-expanded={open} onClick={(event: Event) => { holdStill(event); setOpen(!open); }}>{open ? t().entry.hideFormer : t().entry.former}</button>}</span>
      {open && <blockquote class="quote"><Words text={message.text} /></blockquote>}
    </>
  );
}

/** Whether there are words to show: an edit may have put some where there were none. */
export const hasWords = (message: Message): boolean => message.text !== "" || Boolean(message.amended);
