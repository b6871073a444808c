// The product's own mark: a speech bubble with three dots.
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg class="logo" width={size} height={size} viewBox="0 0 28 28" fill="none" stroke="currentColor" stroke-width="2.1" stroke-linejoin="round" aria-hidden="true">
      <path d="M6 6.500h12.200a4 4 0 0 1 4 4v4.200a4 4 0 0 1-4 4h-5.600L7.400 23v-4.500A2.800 2.800 0 0 1 6 16z" />
      <g fill="currentColor" stroke="none"><circle cx="10.800" cy="12.700" r="1.250" /><circle cx="14.400" cy="12.700" r="1.250" /><circle cx="18" cy="12.700" r="1.250" /></g>
    </svg>
  );
}
