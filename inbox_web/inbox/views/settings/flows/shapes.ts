// Bots' flows as the API speaks them, and what becomes of a step's way when steps change places. Nothing here draws or asks.

export type Words = Partial<Record<"vi" | "en", string>>;
export interface Choice { text: Words; go?: string | null; label?: string | null }
export interface Step { do: string; id: string; text?: Words; choices?: Choice[]; keep?: string | null; go?: string | null; to?: string }
export interface Flow { id: string; name: string; steps: Step[]; on: boolean; version: number; at: string | null; by: string | null }

export const KINDS = ["say", "ask", "hand_over", "end"];
export const KEEPS = ["name", "phone", "email", "address", "birthday", "company", "note"];
export const MOST_CHOICES = 8;

/** A step that is new; its id is free in this flow. */
export function freshStep(kind: string, steps: readonly Step[], team: string): Step {
  let n = steps.length + 1;
  while (steps.some((one) => one.id === `s${n}`)) n++;
  const id = `s${n}`;
  if (kind === "say") return { do: "say", id, text: { vi: "", en: "" } };
  if (kind === "ask") return { do: "ask", id, text: { vi: "", en: "" }, choices: [], keep: null };
  return kind === "hand_over" ? { do: "hand_over", id, to: team, text: { vi: "", en: "" } } : { do: "end", id };
}

/** Ways that no longer lead forward (a step was moved or taken out) lead to the next step again. */
export function mended(steps: readonly Step[]): Step[] {
  return steps.map((one, place) => {
    const later = new Set(steps.slice(place + 1).map((step) => step.id));
    const way = <T extends { go?: string | null }>(from: T): T => (from.go && !later.has(from.go) ? { ...from, go: null } : from);
    return one.choices ? { ...way(one), choices: one.choices.map(way) } : way(one);
  });
}

const filled = (words: Words | undefined): Words => Object.fromEntries(Object.entries(words ?? {}).filter(([, text]) => text.trim()));

/** What is sent: without empty languages, and without ways, labels and facts that nobody chose. */
export function sent(flow: Flow): unknown {
  const steps = flow.steps.map((one) => {
    const { do: kind, id } = one;
    const go = one.go ? { go: one.go } : {};
    if (kind === "say") return { do: kind, id, text: filled(one.text), ...go };
    if (kind === "hand_over") return { do: kind, id, to: one.to, text: filled(one.text) };
    if (kind !== "ask") return { do: kind, id };
    const choices = (one.choices ?? []).map((choice) => ({ text: filled(choice.text), ...(choice.go && { go: choice.go }), ...(choice.label?.trim() && { label: choice.label.trim() }) }));
    return { do: kind, id, text: filled(one.text), choices, ...(one.keep && { keep: one.keep }), ...go };
  });
  return { name: flow.name, steps, on: flow.on, version: flow.version };
}

/** "steps[2].choices[0].text" as its step and what of it is meant. */
export function placeOf(field: string | null): { step: number; rest: string } | null {
  const found = /^steps\[(\d+)\]\.?(.*)$/.exec(field ?? "");
  return found ? { step: Number(found[1]), rest: found[2]! } : null;
}
