// How soon a conversation must be looked at: a red flag for urgent, an amber one for high, none in the list below that.
import { ArrowDown, Flag } from "lucide-preact";
import type { Priority } from "../store/types";
import { t } from "../text";
import { Icon } from "./Icon";

export const LEVELS: readonly Priority[] = ["urgent", "high", "normal", "low"];

/** The glyph before a level's name. */
export function PriorityMark({ level }: { level: Priority }) {
  return <span class={`prio ${level}`}><Icon of={level === "low" ? ArrowDown : Flag} /></span>;
}

/** The flag of a row, with its words. */
export function PriorityFlag({ level }: { level: Priority | undefined }) {
  if (level !== "urgent" && level !== "high") return null;
  const words = t().prioritySign(t().priority[level]);
  return <span class={`prio ${level}`} role="img" aria-label={words} data-tip={words}><Icon of={Flag} size={12} /></span>;
}
