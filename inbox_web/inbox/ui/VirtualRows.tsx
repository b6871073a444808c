// A list of thousands that draws only what is in sight: rows of one height, placed by arithmetic. A listbox with a roving
// tab stop; the chosen row is always drawn, so that the focus can never fall out of the page.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { prefs } from "../store/prefs";
import { width } from "./width";

const OVERSCAN = 6;
const NEAR_END = 12;
const STEP = 4;

export interface Place { id: string; index: number; total: number; style: { transform: string }; tabIndex: number }

interface Props {
  label: string;
  ids: readonly string[];
  active: string | null;
  more: boolean;
  onEnd: () => void;
  onScrolled: (scrolled: boolean) => void;
  onStep: (id: string) => void;
  onOpen: (id: string) => void;
  children: (place: Place) => ComponentChildren;
}

/** The first row in sight, in steps: most scroll events then draw nothing. */
const steps = (top: number, row: number): number => Math.floor(top / row / STEP) * STEP;

export function VirtualRows({ label, ids, active, more, onEnd, onScrolled, onStep, onOpen, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ from: 0, height: 800, row: 72 });
  // Where the list stands, as its last scroll event told: to ask the page in the middle of a change lays all of it out.
  const top = useRef(0);

  useLayoutEffect(() => {
    const node = box.current!;
    const measure = () => {
      const row = parseFloat(getComputedStyle(node).getPropertyValue("--row")) || 72;
      top.current = node.scrollTop;
      setView({ from: steps(top.current, row), height: node.clientHeight, row });
    };
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(node);
    return () => watcher.disconnect();
  }, [prefs.value.density, width.value]);

  const first = Math.max(0, view.from - OVERSCAN);
  const last = Math.min(ids.length, view.from + STEP + Math.ceil(view.height / view.row) + OVERSCAN);
  const at = active ? ids.indexOf(active) : -1;
  const indexes = Array.from({ length: Math.max(0, last - first) }, (_, n) => first + n);
  if (at >= 0 && (at < first || at >= last)) indexes.push(at);
  const stop = at >= 0 ? at : 0;

  useEffect(() => {
    if (more && last >= ids.length - NEAR_END) onEnd();
  }, [last, ids.length, more]);

  // The open row stays in sight when keys move it, and the focus goes with it when it was in the list.
  useLayoutEffect(() => {
    if (at < 0) return;
    const soon = requestAnimationFrame(() => {
      const node = box.current!;
      const y = at * view.row;
      if (y < top.current) node.scrollTop = top.current = y;
      else if (y + view.row > top.current + view.height) node.scrollTop = top.current = y + view.row - view.height;
      if (node.contains(document.activeElement)) node.querySelector<HTMLElement>(`[data-id="${CSS.escape(active!)}"]`)?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(soon);
  }, [active]);

  const scroll = () => {
    if (!box.current) return;
    top.current = box.current.scrollTop;
    const from = steps(top.current, view.row);
    setView((old) => (old.from === from ? old : { ...old, from }));
    onScrolled(top.current > view.row / 2);
  };
  const key = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: Math.floor(view.height / view.row), PageUp: -Math.floor(view.height / view.row), Home: -ids.length, End: ids.length }[event.key];
    const focused = (event.target as HTMLElement).dataset.id;
    const from = focused ? ids.indexOf(focused) : stop;
    if (event.key === "Enter" || event.key === " " || event.key === "o") {
      if (focused) onOpen(focused);
    } else if (by !== undefined) {
      const id = ids[Math.max(0, Math.min(ids.length - 1, from + by))];
      if (id) onStep(id);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={box} class="ls" onScroll={scroll}>
      <div role="listbox" aria-label={label} class="ls-in" style={{ height: `${ids.length * view.row}px` }} onKeyDown={key}>
        {indexes.map((index) => children({ id: ids[index]!, index, total: ids.length, tabIndex: index === stop ? 0 : -1, style: { transform: `translateY(${index * view.row}px)` } }))}
      </div>
    </div>
  );
}
