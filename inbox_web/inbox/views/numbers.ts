// Counts as they stand beside words.
import { number } from "../../shared/format";
import { CAP } from "../store/counts";
import { language } from "../text";

/** A count with a plus where the server stopped counting. */
export const capped = (n: number, cap: number = CAP): string =>
  n >= cap && cap === CAP ? `${number(CAP, language.value)}+` : n > cap ? `${cap}+` : number(n, language.value);
