// A mail as it was laid out, in a frame that can do nothing: no scripts, no forms, no way to us. Links open apart. Pictures
// of other servers tell their sender who looks, so they come only when asked for.
import { useState } from "preact/hooks";
import { t } from "../../../text";

export function HtmlView({ url, name }: { url: string; name: string }) {
  const [images, setImages] = useState(false);
  return (
    <div class="html">
      <p class="html-i"><span>{images ? t().entry.imagesShown : t().entry.imagesHow}</span>{!images && <button type="button" class="link" onClick={() => setImages(true)}>{t().entry.images}</button>}</p>
      <iframe key={String(images)} src={images ? `${url}?images=1` : url} title={t().entry.frame(name)} sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer" loading="lazy" />
    </div>
  );
}
