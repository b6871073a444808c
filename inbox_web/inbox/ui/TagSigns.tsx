// What else a message tells beside its first intent: further wishes as quieter tags, hurry and anger as a small glyph. Never
// loud: the intent and the priority are what colours speak of. In the list there is room for the glyphs alone.
import { Frown, Zap } from "lucide-preact";
import { share } from "../../shared/format";
import { intents } from "../store/session";
import type { Tag } from "../store/types";
import { language, t } from "../text";
import { Icon, type Glyph } from "./Icon";

export function TagSigns({ tag, full = false }: { tag: Tag; full?: boolean }) {
  return (
    <>
      {full && tag.others?.map((one) => <span key={one.intent} class="intent also" data-tip={t().tag.alsoSure(share(one.confidence, language.value))}><span class="unseen">{t().tag.also} </span>{intents.value.get(one.intent)?.[language.value] ?? one.intent}</span>)}
      {tag.urgent && <Sign of={Zap} words={t().tag.hurry} full={full} />}
      {tag.mood === "bad" && <Sign of={Frown} words={t().tag.upset} full={full} />}
    </>
  );
}

function Sign({ of, words, full }: { of: Glyph; words: string; full: boolean }) {
  if (full) return <span class="tag-sign"><Icon of={of} size={12} />{words}</span>;
  return <span class="tag-sign" role="img" aria-label={words} data-tip={words}><Icon of={of} size={12} /></span>;
}
