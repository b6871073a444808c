/** What this browser keeps for one account: localStorage under the account's own keys, or memory where storage is closed. */

export interface Drawer {
  /** False once something could only be kept in memory: it is gone when the page closes. */
  lasting(): boolean;
  get(key: string): string | null;
  set(key: string, value: string): void;
  drop(key: string): void;
  keys(prefix: string): string[];
  /** The drawer's key behind a storage event's key; null when it belongs to somebody else. */
  mine(key: string | null): string | null;
}

export function prefixOf(account: string): string {
  return `omnihub.${account}.`;
}

/** The page's localStorage; null where the browser forbids it (reading the property alone may throw). */
export function pageStorage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

export function openDrawer(account: string, storage: Storage | null): Drawer {
  const prefix = prefixOf(account);
  const memory = new Map<string, string>();
  let lasting = storage !== null;

  return {
    lasting: () => lasting,
    get(key) {
      try {
        return memory.get(key) ?? storage?.getItem(prefix + key) ?? null;
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        if (!storage) throw new Error("closed");
        storage.setItem(prefix + key, value);
        memory.delete(key);
      } catch {
        lasting = false; // private mode or a full quota
        memory.set(key, value);
      }
    },
    drop(key) {
      memory.delete(key);
      try {
        storage?.removeItem(prefix + key);
      } catch {
        lasting = false;
      }
    },
    keys(begin) {
      const found = new Set([...memory.keys()].filter((key) => key.startsWith(begin)));
      try {
        for (let i = 0; storage && i < storage.length; i++) {
          const key = storage.key(i);
          if (key?.startsWith(prefix + begin)) found.add(key.slice(prefix.length));
        }
      } catch {
        lasting = false;
      }
      return [...found];
    },
    mine: (key) => (key?.startsWith(prefix) ? key.slice(prefix.length) : null),
  };
}
