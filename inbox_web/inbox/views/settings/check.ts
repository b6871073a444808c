// Trying an account for real, because somebody asked.
import { useState } from "preact/hooks";
import { say } from "../../actions/toast";
import { post } from "../../store/api";
import type { Account } from "../../store/types";
import { said, ts } from "../../text";
import { useSaving } from "./parts";

const CHECKED_WITHIN_MS = 60_000;

/** Run a check; `wrong` is what it found, or why it could not be run. */
export function useCheck(account: Account) {
  const { busy, save, general } = useSaving();
  const [found, setFound] = useState<string | null>(null);
  const run = (): void => void save(async () => {
    setFound(null);
    const { health } = await post<{ health: string | null }>(`/accounts/${encodeURIComponent(account.id)}/check`, {}, { within_ms: CHECKED_WITHIN_MS });
    setFound(health);
    if (!health) say(`${account.name}: ${ts().accounts.checked}`);
  });
  return { busy, run, wrong: general([]) ?? (!found || found === account.health ? null : said(found)) };
}
