// A menu that hangs on a button: a filter at the top where it pays, arrows and Enter, Esc gives focus back. On a phone a sheet.
import { Check } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { handOver } from "../actions/ahead";
import { fold } from "../../shared/format";
import { t } from "../text";
import { Icon } from "./Icon";
import { Marked } from "./Marked";

export interface Item {
  id: string;
  words: string;
  hint?: string | undefined;
  keys?: string | undefined;
  mark?: ComponentChildren;
  checked?: boolean;
  group?: string;
  /** Why it cannot be chosen now. */
  off?: string | undefined;
}

export interface MenuProps {
  title: string;
  anchor: HTMLElement;
  items: readonly Item[];
  filter?: string;
  /** Offer what was typed as something new. */
  fresh?: (typed: string) => string;
  stays?: boolean;
  onPick: (id: string, fresh: boolean) => void;
  onClose: () => void;
  children?: ComponentChildren;
}

const FRESH = "\u0000fresh";

export function Menu({ title, anchor, items, filter, fresh, stays, onPick, onClose, children }: MenuProps) {
  const box = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const shown = useMemo(() => offer(items, typed, fresh), [items, typed]);
  const active = Math.min(at, shown.length - 1);

  // With the drawing itself: the next key comes to an open menu that has the focus.
  useLayoutEffect(() => {
    const node = box.current!;
    node.showPopover();
    hang(node, anchor);
    (filter ? field.current : node)?.focus();
    void handOver();
    const closed = (event: Event) => {
      if ((event as ToggleEvent).newState === "closed") onClose();
    };
    // Before it closes, not after: "toggle" comes a task later, and a key in between would meet a menu that is gone.
    node.addEventListener("beforetoggle", closed);
    return () => {
      node.removeEventListener("beforetoggle", closed);
      const lost = node.contains(document.activeElement) || document.activeElement === document.body;
      if (lost && anchor.isConnected) anchor.focus();
    };
  }, []);
  useLayoutEffect(() => {
    box.current?.querySelector(".mi.on")?.scrollIntoView({ block: "nearest" });
  }, [active]);

  const pick = (item: Item | undefined) => {
    if (!item || item.off) return;
    onPick(item.id === FRESH ? typed.trim() : item.id, item.id === FRESH);
    if (stays) setTyped("");
    else onClose();
  };
  const key = (event: KeyboardEvent) => {
    if (event.isComposing || event.target instanceof HTMLInputElement && event.target !== field.current) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step) setAt((active + step + shown.length) % Math.max(1, shown.length));
    else if (event.key === "Enter" || (event.key === " " && !filter)) pick(shown[active]);
    else if (event.key === "Tab") return onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const focus = filter
    ? { role: "combobox", "aria-expanded": true, "aria-controls": `${id}-l`, "aria-activedescendant": shown.length ? `${id}-${active}` : undefined, "aria-autocomplete": "list" as const }
    : {};
  return (
    <div ref={box} class="menu" popover="auto" tabIndex={-1} role="dialog" aria-label={title} onKeyDown={key}>
      {filter && (
        <input ref={field} class="menu-f" type="text" placeholder={filter} aria-label={filter} autocomplete="off" value={typed} {...focus as object}
          onInput={(event: Event) => { setTyped((event.currentTarget as HTMLInputElement).value); setAt(0); }} />
      )}
      {shown.length === 0 && <p class="menu-0" role="status">{t().nothingFound(typed)}</p>}
      <div class="menu-l" hidden={shown.length === 0} role="listbox" id={`${id}-l`} aria-label={title} {...(!filter && { tabIndex: 0, "aria-activedescendant": `${id}-${active}` })}>
        {shown.map((item, index) => (
          <Line key={item.id} item={item} head={item.group !== shown[index - 1]?.group ? item.group : undefined} id={`${id}-${index}`} on={index === active} typed={typed} onHover={() => setAt(index)} onPick={() => pick(item)} />
        ))}
      </div>
      {children}
    </div>
  );
}

function Line({ item, head, id, on, typed, onHover, onPick }: { item: Item; head: string | undefined; id: string; on: boolean; typed: string; onHover: () => void; onPick: () => void }) {
  return (
    <>
      {head && <div class="mh" role="presentation">{head}</div>}
      <div id={id} class={`mi${on ? " on" : ""}${item.off ? " off" : ""}`} role="option" aria-selected={item.checked ?? on} aria-disabled={item.off ? true : undefined} onPointerMove={onHover} onClick={onPick}>
        {item.mark}
        <span class="grow one"><Marked text={item.words} hit={typed} />{(item.off ?? item.hint) && <span class="mi-h"> {item.off ?? item.hint}</span>}</span>
        {item.checked && <Icon of={Check} />}
        {item.keys && <kbd>{item.keys}</kbd>}
      </div>
    </>
  );
}

function offer(items: readonly Item[], typed: string, fresh: MenuProps["fresh"]): Item[] {
  const wanted = fold(typed.trim());
  const hits = wanted ? items.filter((item) => fold(`${item.words} ${item.hint ?? ""}`).includes(wanted)) : [...items];
  const exact = items.some((item) => fold(item.words) === wanted);
  return fresh && wanted && !exact ? [...hits, { id: FRESH, words: fresh(typed.trim()) }] : hits;
}

/** Under the anchor, or above where there is no room; never beyond the window. The narrow sheet is the style sheet's. */
function hang(node: HTMLElement, anchor: HTMLElement): void {
  if (innerWidth < 720) return;
  const at = anchor.getBoundingClientRect();
  const size = node.getBoundingClientRect();
  const below = at.bottom + 4 + size.height <= innerHeight - 8 || at.top < innerHeight / 2;
  node.style.top = `${Math.max(8, below ? Math.min(at.bottom + 4, innerHeight - size.height - 8) : at.top - size.height - 4)}px`;
  node.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`;
}
