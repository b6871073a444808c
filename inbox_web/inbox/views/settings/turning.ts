// Switching an account on and off: the switch stands at once where it was put, and goes back when that could not be stored.
import { useState } from "preact/hooks";
import { patch } from "../../store/api";
import { refresh } from "../../store/session";
import type { Account } from "../../store/types";
import { ts } from "../../text";
import { useSaving } from "./parts";

export function useTurning(account: Account) {
  const { save, general } = useSaving();
  const [wish, setWish] = useState<boolean | null>(null);
  const turn = (on: boolean): void => {
    setWish(on);
    void save(async () => {
      await patch(`/accounts/${encodeURIComponent(account.id)}`, { on });
      await refresh();
    }, ts().saved).then(() => setWish(null));
  };
  return { on: wish ?? account.on, turn, fault: general([]) };
}
