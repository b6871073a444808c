// What the tagger thinks: a solid outline was sure enough to route, a dashed one with "?" is a suggestion. Warm colours only
// where somebody is hurt or loses money. In the thread it also says how sure, and which words carried it.
import { share } from "../../shared/format";
import { intents } from "../store/session";
import type { Tag } from "../store/types";
import { language, t } from "../text";

export function IntentTag({ tag, full = false }: { tag: Tag; full?: boolean }) {
  const intent = intents.value.get(tag.intent);
  const name = intent?.[language.value] ?? tag.intent;
  const sure = tag.band === "route";
  const tone = sure && intent && intent.tone !== "plain" ? ` ${intent.tone}` : "";
  const look = `intent${sure ? tone : " maybe"}`;
  const words = `${name}${sure ? "" : "?"}`;
  if (!full) return <span class={look}>{words}</span>;
  const figure = share(tag.confidence, language.value);
  const why = tag.words.length ? t().tag.because(`${name} ${figure}`, tag.words) : t().tag.plain(`${name} ${figure}`);
  return <span class={look} tabIndex={0} role="note" aria-label={why} data-tip={why}>{words} <span class="num">{figure}</span></span>;
}
