// The browser's own dialog: focus stays inside, Esc closes, and focus goes back to where it was. A calm one is for reading:
// the focus goes to its words, not to a button.
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { X } from "lucide-preact";
import { handOver } from "../actions/ahead";
import { t } from "../text";
import { IconButton } from "./Button";

export function Dialog({ title, onClose, children, foot, wide, bare, calm }: { title: string; onClose: () => void; children: ComponentChildren; foot?: ComponentChildren; wide?: boolean; bare?: boolean; calm?: boolean }) {
  const box = useRef<HTMLDialogElement>(null);
  const name = useId();
  useLayoutEffect(() => {
    const before = document.activeElement;
    box.current?.showModal();
    void handOver();
    // Once the dialog is out of the page: until then all the rest is inert, and takes no focus.
    return () => queueMicrotask(() => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    });
  }, []);
  const outside = (event: MouseEvent) => {
    if (event.target === box.current) onClose();
  };
  return (
    <dialog ref={box} class={`dialog${wide ? " wide" : ""}${bare ? " bare" : ""}`} {...(bare ? { "aria-label": title } : { "aria-labelledby": name })} onClose={onClose} onCancel={onClose} onMouseDown={outside}>
      {bare ? children : (
        <div class="dialog-in">
          <div class="dialog-h"><h2 id={name}>{title}</h2><IconButton label={t().close} icon={X} onClick={onClose} /></div>
          <div class="dialog-b" {...(calm && { tabIndex: -1, autofocus: true })}>{children}</div>
          {foot && <div class="dialog-f">{foot}</div>}
        </div>
      )}
    </dialog>
  );
}
