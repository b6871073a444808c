// What a scrolled list shows: nothing moves under the reader. New rows wait above and are counted.
import { useEffect, useRef, useState } from "preact/hooks";
import { rowOf } from "../../store/rows";
import { myId } from "../../actions/conversation";

/** The ids to show: as they were when the reader scrolled away, less what left, and with pages that came after. */
export function hold(held: readonly string[] | null, ids: readonly string[], open: string | null): readonly string[] {
  if (!held || held === ids) return ids;
  const now = new Set(ids);
  const before = new Set(held);
  const kept = held.filter((id) => now.has(id) || id === open);
  const last = ids.findLastIndex((id) => before.has(id));
  return [...kept, ...ids.slice(last + 1).filter((id) => !before.has(id))];
}

/** Follow a list's ids while it is at its top, hold them while it is scrolled; `fresh` counts what others brought meanwhile. */
export function useHeld(ids: readonly string[], open: string | null, name: string) {
  const [scrolled, setScrolled] = useState(false);
  const held = useRef<{ ids: readonly string[]; top: number } | null>(null);
  useEffect(() => setScrolled(false), [name]);
  if (!scrolled) held.current = null;
  else held.current ??= { ids, top: Date.parse((ids[0] && rowOf(ids[0])?.peek().last) || "") || 0 };
  const shown = hold(held.current?.ids ?? null, ids, open);
  const memo = useRef(shown);
  if (memo.current !== shown && (memo.current.length !== shown.length || memo.current.some((id, at) => id !== shown[at]))) memo.current = shown;
  const top = held.current?.top;
  const fresh = top === undefined ? 0 : countNewer(ids, top);
  return { shown: memo.current, fresh, scrolled, setScrolled };
}

/** How many rows others moved above `top`. The ids are newest first, so only those are looked at. */
function countNewer(ids: readonly string[], top: number): number {
  let count = 0;
  for (const id of ids) {
    const row = rowOf(id)?.peek();
    if (!row || Date.parse(row.last) <= top) break;
    if (row.preview?.author.id !== myId()) count++;
  }
  return count;
}
