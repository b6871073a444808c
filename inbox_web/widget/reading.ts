/** How far the visitor has read, shared by their tabs; and what the bubble and the page are told of it. */

import type { Bridge } from "./bridge";
import type { Drawer } from "./keep";
import { type Log, unreadIn } from "./log";

export class Reading {
  readonly #told = new Set<string>(); // ids that the page has heard of

  readonly #drawer: Drawer;
  readonly #bridge: Bridge;

  constructor(drawer: Drawer, bridge: Bridge) {
    this.#drawer = drawer;
    this.#bridge = bridge;
  }

  upTo(): number {
    return Number(this.#drawer.get("read") ?? 0);
  }

  read(seq: number): void {
    this.#drawer.set("read", String(seq));
  }

  /** Another visitor's numbers begin anew. */
  forget(): void {
    this.#drawer.drop("read");
  }

  /** Tell the page of each new message once; true when there was one. */
  announce(log: Log): boolean {
    const fresh = unreadIn(log, this.upTo()).filter((message) => !this.#told.has(message.id));
    for (const { id, text, author } of fresh) {
      this.#told.add(id);
      this.#bridge.emit("message", { text, author: author.name });
    }
    return fresh.length > 0;
  }

  /** The count on the bubble and the last words beside it. */
  tell(log: Log): void {
    const unread = unreadIn(log, this.upTo());
    this.#bridge.unread(unread.length, unread.at(-1)?.text ?? "");
  }
}
