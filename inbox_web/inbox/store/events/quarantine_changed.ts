// An arrival went into quarantine or came out of it. The event carries no count: ask for the shop, which has it.
import { quarantined, refresh } from "../session";
import type { LiveItem } from "../types";

export function quarantineChanged(item: LiveItem): void {
  const count = item.data.count;
  if (typeof count === "number") quarantined.value = count;
  else void refresh().catch(() => undefined);
}
