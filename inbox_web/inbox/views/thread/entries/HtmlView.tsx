// A mail as it was laid out, in a frame that can do nothing: no scripts, no forms, no way to us. Links open apart. Pictures
// of other servers tell their sender who looks, so they come only when asked for.
import { useState } from "preact/hooks";
import { t } from "../../../text";

const LEAST_PX = 180;
const MOST_PX = 460;

/** Nobody may look inside to measure it: long mails get a high frame, short ones a low one, and a hand pulls it longer. */
const heightFor = (letters: number): string => `min(${Math.min(MOST_PX, LEAST_PX + letters / 3)}px, 60dvh)`;

export function HtmlView({ url, name, letters }: { url: string; name: string; letters: number }) {
  const [images, setImages] = useState(false);
  return (
    <div class="html">
      <p class="html-i"><span>{images ? t().entry.imagesShown : t().entry.imagesHow}</span>{!images && <button type="button" class="link" onClick={() => setImages(true)}>{t().entry.images}</button>}</p>
      <iframe key={String(images)} src={images ? `${url}?images=1` : url} title={t().entry.frame(name)} sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer" style={{ height: heightFor(letters) }} />
    </div>
  );
}
