/**
 * The line to the hub: a WebSocket first, after two failed openings frames over HTTP, and the socket again later.
 * It is open only once the hub said welcome. What must not be lost is kept by its owner (outbox.ts).
 */

import { backoff, Transport, type Frame } from "@shared/transport";

import type { Poll } from "./poll";
import type { ClientFrame, Hello, Language, ServerFrame } from "./wire";

/** lost: trying again · refused: the hub does not serve this page; asked again after some minutes. */
export type LineState = "connecting" | "open" | "lost" | "refused";

export interface LineOptions {
  base: string; // https://hub/chat/{account}
  language: Language;
  hello: () => Hello;
  token: () => string | null;
  cursor: () => { since: number; seen: number };
  onFrame: (frame: ServerFrame) => void;
  onState: (state: LineState) => void;
}

const SOCKET_TRIES = 2;
const SOCKET_AGAIN_MS = 60_000;
const REFUSED_AGAIN_MS = 300_000;
const OPEN_WITHIN_MS = 8_000;
const FINAL = ["denied", "not-found"];

export class Line {
  state: LineState = "connecting";
  #socket: Transport | null = null;
  #poll: Poll | null = null;
  #welcomed = false; // this socket
  #failed = 0; // socket openings in a row
  #attempt = 0; // polls in a row
  #timer = 0;
  #turn = 0; // raised at each hanging up

  readonly #options: LineOptions;

  constructor(options: LineOptions) {
    this.#options = options;
    addEventListener("online", () => this.state === "lost" && !this.#socket && this.restart());
  }

  /** Connect anew, at once: a new hello, a new welcome. */
  restart(): void {
    this.#hangUp();
    this.#become("connecting");
    if (this.#failed < SOCKET_TRIES) this.#dial();
    else this.#startPoll();
  }

  /** Send if the line is open; false when it is not. */
  send(frame: ClientFrame): boolean {
    if (this.state !== "open") return false;
    if (!this.#poll) return this.#socket?.send(frame as Frame & ClientFrame) ?? false;
    this.#poll.send(frame);
    return true;
  }

  #dial(): void {
    this.#welcomed = false;
    this.#socket = new Transport({
      url: () => this.#options.base.replace(/^http/, "ws"),
      hello: () => this.#options.hello() as unknown as Frame,
      onFrame: (frame) => this.#fromSocket(frame as unknown as ServerFrame),
      onState: (state) => state === "waiting" && this.#socketLost(),
      openWithin_ms: OPEN_WITHIN_MS,
    });
    this.#socket.start();
  }

  #fromSocket(frame: ServerFrame): void {
    if (frame.t === "welcome") {
      this.#failed = 0;
      this.#welcomed = true;
      this.#dropPoll();
    }
    // A second socket tried beside a working poll has nothing to say before its welcome.
    if (this.#welcomed || !this.#poll) this.#take(frame);
  }

  #socketLost(): void {
    if (!this.#welcomed && navigator.onLine) this.#failed++;
    this.#welcomed = false;
    if (!this.#poll) this.#become("lost");
    if (this.#failed < SOCKET_TRIES) return; // the transport tries again by itself
    this.#dropSocket();
    if (this.#poll) this.#later(SOCKET_AGAIN_MS, () => this.#dial());
    else this.#startPoll();
  }

  /** Few networks need it, so its code is fetched only now. */
  #startPoll(): void {
    const turn = ++this.#turn;
    import("./poll").then(
      ({ Poll }) => {
        if (turn !== this.#turn) return; // hung up meanwhile
        this.#poll = new Poll({ ...this.#options, onFrame: (frame) => this.#take(frame), onDown: () => this.#pollDown() });
        this.#later(SOCKET_AGAIN_MS, () => this.#dial());
      },
      () => turn === this.#turn && this.#pollDown(),
    );
  }

  #pollDown(): void {
    this.#poll = null;
    if (this.state === "refused" || this.#socket) return;
    this.#become("lost");
    this.#failed = SOCKET_TRIES - 1; // perhaps the hub was away: one socket first, then frames again
    this.#later(backoff(this.#attempt++), () => this.restart());
  }

  #take(frame: ServerFrame): void {
    if (frame.t === "welcome") {
      this.#attempt = 0;
      this.#become("open");
    } else if (frame.t === "error") {
      this.#refuse(FINAL.includes(frame.slug));
    }
    this.#options.onFrame(frame);
  }

  /** The hub spoke and then hangs up: ask again soon, or after minutes when the answer will hardly change. */
  #refuse(final: boolean): void {
    this.#hangUp();
    this.#become(final ? "refused" : "lost");
    this.#later(final ? REFUSED_AGAIN_MS : backoff(3 + this.#attempt++), () => this.restart());
  }

  #later(ms: number, act: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, ms) as unknown as number;
  }

  #hangUp(): void {
    clearTimeout(this.#timer);
    this.#dropSocket();
    this.#dropPoll();
  }

  #dropSocket(): void {
    this.#socket?.stop();
    this.#socket = null;
  }

  #dropPoll(): void {
    this.#turn++;
    this.#poll?.stop();
    this.#poll = null;
    clearTimeout(this.#timer);
  }

  #become(state: LineState): void {
    if (state === this.state) return;
    this.state = state;
    this.#options.onState(state);
  }
}
