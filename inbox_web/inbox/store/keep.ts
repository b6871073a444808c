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
