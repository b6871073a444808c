// One sentence that stands until its cause is gone, then at most three actions.
import { CircleCheck, Info, TriangleAlert } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { Icon, type Glyph } from "./Icon";

const GLYPHS: Readonly<Record<string, Glyph>> = { info: Info, ok: CircleCheck, warn: TriangleAlert, danger: TriangleAlert };

export function Banner({ tone, icon, children, actions, class: more }: { tone: "info" | "ok" | "warn" | "danger"; icon?: Glyph; children: ComponentChildren; actions?: ComponentChildren; class?: string }) {
  return (
    <div class={`banner ${tone}${more ? ` ${more}` : ""}`} role={tone === "danger" || tone === "warn" ? "alert" : "status"}>
      <Icon of={icon ?? GLYPHS[tone]!} />
      <div class="grow">{children}</div>
      {actions && <div class="banner-a">{actions}</div>}
    </div>
  );
}
