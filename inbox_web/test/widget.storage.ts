/** Storages to test with: one that keeps, one that is full, one that is forbidden. */

export class Kept implements Storage {
  readonly items = new Map<string, string>();
  get length(): number {
    return this.items.size;
  }
  clear(): void {
    this.items.clear();
  }
  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }
  key(index: number): string | null {
    return [...this.items.keys()][index] ?? null;
  }
  removeItem(key: string): void {
    this.items.delete(key);
  }
  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }
}

export class Full extends Kept {
  override setItem(): void {
    throw new DOMException("full", "QuotaExceededError");
  }
}
