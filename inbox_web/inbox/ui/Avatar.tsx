// A person: initials on grey, with the channel's mark or a presence dot at the lower right. Colour says nothing here.
import type { ComponentChildren } from "preact";
import { initials } from "../../shared/format";

export function Avatar({ name, size = "m", me = false, children }: { name: string; size?: "xs" | "s" | "m" | "l"; me?: boolean; children?: ComponentChildren }) {
  return <span class={`av av-${size}${me ? " me" : ""}`} aria-hidden={children ? undefined : "true"}><span aria-hidden="true">{initials(name)}</span>{children}</span>;
}
