/** The panel's line icons: 16 px box, 1.5 px stroke, currentColor. */

const PATHS = {
  down: "M4.2 6.3 8 10l3.8-3.7",
  send: "M8 13V3.2M3.9 7.2 8 3.1l4.1 4.1",
  clip: "M13 7.3 7.7 12.6a3.1 3.1 0 0 1-4.4-4.4l5.3-5.3a2.1 2.1 0 0 1 3 3l-5.2 5.2a1 1 0 0 1-1.5-1.5l4.7-4.7",
  close: "m4.5 4.5 7 7m0-7-7 7",
  check: "m3.2 8.4 3.1 3.1 6.5-7",
  checks: "m1.4 8.6 2.7 2.7 5.6-6.2M7.2 10.8l.6.5L14.2 4.4",
  clock: "M8 13.7A5.7 5.7 0 1 0 8 2.3a5.7 5.7 0 0 0 0 11.4ZM8 4.9V8l2.1 1.4",
  alert: "m8 2.4 6 10.7H2ZM8 6.4v3m0 1.8v.1",
  cloud: "M5 12.6h6.3m1.6-1.1a2.6 2.6 0 0 0-1.5-4.6A4 4 0 0 0 7 4M4.7 5.8a3.5 3.5 0 0 0 .3 6.8M2.6 2.6l10.8 10.8",
  file: "M4 2.3h5.2L12.4 5.500V13.700H4ZM9 2.500v3.200h3.2",
  again: "M12.9 8a4.9 4.9 0 1 1-1.5-3.500l1.5 1.400m0-3v3H9.9",
};

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="i" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

export function IconButton({ name, label, act }: { name: IconName; label: string; act: () => void }) {
  return (
    <button type="button" class="ib" aria-label={label} title={label} onClick={act}>
      <Icon name={name} />
    </button>
  );
}
