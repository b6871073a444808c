// Quick replies that were offered with an answer, as the customer saw them.
export function Options({ options }: { options: readonly string[] }) {
  if (!options?.length) return null;
  return <div class="opts">{options.map((one) => <span class="chip chip-line" key={one}>{one}</span>)}</div>;
}
