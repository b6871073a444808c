// Buttons: primary (one per region), plain, quiet, danger. A busy one keeps its label and its width.
import type { ComponentChildren, ButtonHTMLAttributes } from "preact";
import { Icon, type Glyph } from "./Icon";

type Native = Omit<ButtonHTMLAttributes, "icon" | "size" | "onClick" | "class">;

export interface ButtonProps extends Native {
  kind?: "primary" | "plain" | "quiet" | "danger" | "link";
  small?: boolean;
  icon?: Glyph;
  busy?: boolean;
  keys?: string | undefined;
  tip?: string;
  class?: string;
  onClick?: ((event: MouseEvent) => void) | undefined;
  children?: ComponentChildren;
}

/** A button with words. */
export function Button({ kind = "plain", small, icon, busy, keys, tip, class: more, disabled, children, ...rest }: ButtonProps) {
  const look = kind === "link" ? "link" : `btn btn-${kind}${small ? " btn-s" : ""}`;
  return (
    <button type="button" {...rest} class={`${look}${busy ? " is-busy" : ""}${more ? ` ${more}` : ""}`} disabled={disabled || busy} aria-busy={busy || undefined} data-tip={tip}>
      {icon && <Icon of={icon} />}
      {children}
      {keys && <kbd>{keys}</kbd>}
    </button>
  );
}

/** A button with a glyph alone; its name is read aloud and shown as its tip. */
export function IconButton({ label, icon, keys, kind = "quiet", small, size, class: more, ...rest }: Omit<ButtonProps, "icon"> & { label: string; icon: Glyph; size?: number }) {
  return (
    <button type="button" {...rest} class={`btn btn-${kind} btn-i${small ? " btn-s" : ""}${more ? ` ${more}` : ""}`} aria-label={label} data-tip={keys ? `${label}  ${keys}` : label}>
      <Icon of={icon} size={size ?? 16} />
    </button>
  );
}
