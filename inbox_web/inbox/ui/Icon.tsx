// One way to draw a glyph: 16 px box, 1.5 px line, the colour of the words beside it, unseen by screen readers.
import type { ComponentType } from "preact";

/** Any icon of the library; its own prop types are wider than what is used here. */
export type Glyph = ComponentType<any>;

export function Icon({ of: Drawing, size = 16 }: { of: Glyph; size?: number }) {
  return <Drawing size={size} strokeWidth={size < 14 ? 1.7 : 1.5} absoluteStrokeWidth aria-hidden="true" class="i" />;
}
