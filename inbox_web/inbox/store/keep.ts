// What this browser keeps for itself between visits. A full or forbidden storage must never stop the work.

/** The value kept under a name, or `otherwise` when there is none or it cannot be read. */
export function recall<T>(name: string, otherwise: T, storage: Storage | undefined = globalThis.localStorage): T {
  try {
    const text = storage?.getItem(name);
    return text ? (JSON.parse(text) as T) : otherwise;
  } catch {
    return otherwise;
  }
}

/** Keep a value under a name; false when the storage would not take it. */
export function keep(name: string, value: unknown, storage: Storage | undefined = globalThis.localStorage): boolean {
  try {
    storage?.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** Let go of what is kept under a name. */
export function forget(name: string, storage: Storage | undefined = globalThis.localStorage): void {
  try {
    storage?.removeItem(name);
  } catch {
    // A storage that cannot be written keeps an old copy; it is overwritten or outlives its use.
  }
}

/** Everything kept under names that begin with `prefix`, by the rest of the name. One record each, so that two tabs never overwrite each other's. */
export function recallAll<T>(prefix: string, storage: Storage | undefined = globalThis.localStorage): Map<string, T> {
  const found = new Map<string, T>();
  try {
    for (let at = 0; at < (storage?.length ?? 0); at++) {
      const name = storage!.key(at)!;
      const value = name.startsWith(prefix) ? recall<T | null>(name, null, storage) : null;
      if (value !== null) found.set(name.slice(prefix.length), value);
    }
  } catch {
    // No storage: nothing was kept.
  }
  return found;
}
