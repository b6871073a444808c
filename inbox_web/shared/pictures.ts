// Pictures whose hub was away while they were loaded: a browser tries each once, and never again by itself.

/** Load once more what is broken; called when the hub is back. */
export function picturesAgain(inside: ParentNode | null): void {
  for (const one of inside?.querySelectorAll("img") ?? []) {
    const { src } = one;
    if (one.complete && !one.naturalWidth) one.src = src;
  }
}
