// What is chosen stands at once where it was put, and goes back with a sentence when it could not be kept.
import { useRef, useState } from "preact/hooks";
import { patch } from "../../store/api";
import { refresh } from "../../store/session";
import type { Account } from "../../store/types";
import { ts } from "../../text";
import { useSaving } from "./parts";

/** Several choices in a hurry are kept one after the other, so the last one stands on both sides. */
export function useChosen<T>(kept: T, keep: (value: T) => Promise<unknown>, said: () => string | undefined = () => ts().saved) {
  const { save, general } = useSaving();
  const [wish, setWish] = useState<{ value: T } | null>(null);
  const line = useRef<Promise<unknown>>(Promise.resolve());
  const newest = useRef(0);
  const choose = (value: T): void => {
    const mine = ++newest.current;
    setWish({ value });
    line.current = line.current.then(() => save(() => keep(value), said())).then(() => {
      if (mine === newest.current) setWish(null);
    });
  };
  return { value: wish ? wish.value : kept, choose, fault: general([]) };
}

/** Switching an account on and off. */
export function useTurning(account: Account) {
  const { value: on, choose: turn, fault } = useChosen(account.on, async (next) => {
    await patch(`/accounts/${encodeURIComponent(account.id)}`, { on: next });
    await refresh();
  });
  return { on, turn, fault };
}
