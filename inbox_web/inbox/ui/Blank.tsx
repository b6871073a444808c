// Where there is nothing to show: why, and one next step. Also what stands in while something is fetched, after 150 ms.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon, type Glyph } from "./Icon";

export function Blank({ icon, title, danger, children, action }: { icon: Glyph; title: string; danger?: boolean; children?: ComponentChildren; action?: ComponentChildren }) {
  return (
    <div class="blank" role={danger ? "alert" : undefined}>
      <span class={`blank-i${danger ? " danger" : ""}`}><Icon of={icon} size={18} /></span>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action && <div class="row">{action}</div>}
    </div>
  );
}

const SHOW_AFTER_MS = 150;

/** True once something has been awaited long enough that a stand-in helps more than it flickers. */
export function useLate(waiting: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!waiting) return setLate(false);
    const timer = setTimeout(() => setLate(true), SHOW_AFTER_MS);
    return () => clearTimeout(timer);
  }, [waiting]);
  return waiting && late;
}

/** Rows of the geometry that comes, still. */
export function SkeletonRows({ count = 8 }: { count?: number }) {
  return (
    <div aria-hidden="true">
      {Array.from({ length: count }, (_, at) => (
        <div class="li skeleton" key={at}><span class="av" /><div class="grow"><span class={`skel w${(at * 7) % 4}`} /><span class={`skel w${(at * 5 + 2) % 4}`} /></div></div>
      ))}
    </div>
  );
}
