// How an outgoing message fares: a glyph and a word, never colour alone.
import { Check, CheckCheck, ChevronUp, CircleHelp, Clock, TriangleAlert } from "lucide-preact";
import type { DeliveryState } from "../store/types";
import { t } from "../text";
import { Icon, type Glyph } from "./Icon";

const GLYPHS: Readonly<Record<DeliveryState, Glyph>> = {
  queued: Clock, sending: ChevronUp, sent: Check, delivered: CheckCheck, read: CheckCheck, refused: TriangleAlert, unknown: CircleHelp,
};

export function DeliverySign({ state, at }: { state: DeliveryState; at?: string }) {
  return <span class={`dlv ${state}`}><Icon of={GLYPHS[state]} size={12} />{t().delivery[state]}{at && ` ${at}`}</span>;
}
