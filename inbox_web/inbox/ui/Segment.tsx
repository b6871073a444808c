// Views of one thing side by side; arrows move between them.
export function Segment<T extends string>({ label, value, options, onPick }: { label: string; value: T; options: readonly { value: T; words: string; keys?: string | undefined }[]; onPick: (value: T) => void }) {
  const step = (event: KeyboardEvent) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!by) return;
    event.preventDefault();
    const at = options.findIndex((one) => one.value === value);
    const next = options[(at + by + options.length) % options.length]!;
    onPick(next.value);
    const group = event.currentTarget as HTMLElement;
    requestAnimationFrame(() => group.querySelector<HTMLElement>("[aria-checked=true]")?.focus());
  };
  return (
    <div class="seg" role="radiogroup" aria-label={label} onKeyDown={step}>
      {options.map((one) => (
        <button key={one.value} type="button" role="radio" aria-checked={one.value === value} tabIndex={one.value === value ? 0 : -1} onClick={() => onPick(one.value)}>
          {one.words}{one.keys && <kbd>{one.keys}</kbd>}
        </button>
      ))}
    </div>
  );
}
