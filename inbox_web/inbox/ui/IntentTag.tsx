// What the tagger thinks: a solid outline was sure enough to route, a dashed one with "?" is a suggestion. Warm colours only
// where somebody is hurt or loses money. In the thread it also says how sure, and which words carried it, or who corrected it;
// there it is a button for whoever knows better.
import { share } from "../../shared/format";
import { intents } from "../store/session";
import type { Tag } from "../store/types";
import { language, t } from "../text";

export interface IntentTagProps {
  tag: Tag;
  full?: boolean;
  /** Whether its list of intents hangs there now. */
  open?: boolean;
  onCorrect?: (button: HTMLElement) => void;
}

export function IntentTag({ tag, full = false, open = false, onCorrect }: IntentTagProps) {
  const intent = intents.value.get(tag.intent);
  const name = intent?.[language.value] ?? tag.intent;
  const sure = tag.band === "route";
  const tone = sure && intent && intent.tone !== "plain" ? ` ${intent.tone}` : "";
  const look = `intent${sure ? tone : " maybe"}`;
  const words = `${name}${sure ? "" : "?"}`;
  if (!full) return <span class={look}>{words}</span>;
  const figure = share(tag.confidence, language.value);
  const why = tag.by ? t().tag.byAgent(name, tag.by) : tag.words.length ? t().tag.because(`${name} ${figure}`, tag.words) : t().tag.plain(`${name} ${figure}`);
  const shown = <>{words} <span class="num">{tag.by ? t().tag.by(tag.by) : figure}</span></>;
  if (!onCorrect) return <span class={look} tabIndex={0} role="note" aria-label={why} data-tip={why}>{shown}</span>;
  const how = t().tag.correctHow(why);
  return <button type="button" class={look} aria-haspopup="dialog" aria-expanded={open} aria-label={how} data-tip={how} onClick={(event: MouseEvent) => onCorrect(event.currentTarget as HTMLElement)}>{shown}</button>;
}
