// A WebSocket that comes back: backoff with jitter, pings, and a hello with the reader's own cursor on every connection.
// It knows no frame but ping and pong; what a frame means, and what to do about a gap, is its owner's business.

export interface Frame {
  readonly t: string;
  readonly [key: string]: unknown;
}

/** connecting: a socket is being opened · open: the hello went out · waiting: lost, the next try is timed · stopped: for good. */
export type TransportState = "connecting" | "open" | "waiting" | "stopped";

export interface TransportOptions {
  /** The address, asked anew for each connection (a token may change). */
  readonly url: () => string;
  /** The first frame of each connection; it carries `since`, so that nothing is missed in between. */
  readonly hello: () => Frame;
  readonly onFrame: (frame: Frame) => void;
  /** `code` is the close code when a socket was lost, or the code that stopped the transport. */
  readonly onState?: (state: TransportState, code?: number) => void;
  /** Close codes after which another try is pointless (not signed in, wrong origin). */
  readonly stopOn?: readonly number[];
  readonly pingEvery_ms?: number;
  readonly pongWithin_ms?: number;
  readonly openWithin_ms?: number;
  /** Chance and the socket are arguments, so that a test can hold them still. */
  readonly random?: () => number;
  readonly connect?: (url: string) => WebSocket;
}

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 20_000;

/** How long to wait before try number `attempt` (from 0): doubling, capped, spread over the upper half so that a thousand browsers do not return at once. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  return Math.round(wait / 2 + (wait / 2) * random());
}

export class Transport {
  #socket: WebSocket | null = null;
  #state: TransportState = "stopped";
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #heart: ReturnType<typeof setTimeout> | undefined;

  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /** Connect, and stay connected until `stop`. */
  start(): void {
    if (this.#state !== "stopped") return;
    this.#hear("addEventListener");
    this.#open();
  }

  /** Send a frame now; false when there is no open socket (the owner keeps what must not be lost). */
  send(frame: Frame): boolean {
    if (this.#state !== "open" || this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Drop the socket and connect again at once, with a new hello: the way out of a gap. */
  reconnect(): void {
    if (this.#state === "stopped") return;
    this.#attempt = 0;
    this.#open();
  }

  /** Close for good. */
  stop(code?: number): void {
    this.#hear("removeEventListener");
    this.#drop();
    this.#become("stopped", code);
  }

  /** Begin or end to listen for the network going, and for the network, the page and the tab coming back. */
  #hear(how: "addEventListener" | "removeEventListener"): void {
    for (const what of ["online", "pageshow"]) globalThis[how]?.(what, this.#wake);
    globalThis[how]?.("offline", this.#cut);
    globalThis.document?.[how]("visibilitychange", this.#wake);
  }

  #open(): void {
    this.#drop();
    this.#become("connecting");
    const connect = this.#options.connect ?? ((url: string) => new WebSocket(url));
    let socket: WebSocket;
    try {
      socket = connect(this.#options.url());
    } catch {
      this.#lost(0);
      return;
    }
    this.#socket = socket;
    this.#timer = setTimeout(() => this.#lost(0), this.#options.openWithin_ms ?? 10_000);
    socket.onopen = () => {
      clearTimeout(this.#timer);
      this.#become("open");
      this.send(this.#options.hello());
      this.#beat();
    };
    socket.onmessage = (event: MessageEvent) => this.#receive(String(event.data));
    socket.onclose = (event: CloseEvent) => this.#lost(event.code);
  }

  #receive(data: string): void {
    this.#attempt = 0;
    this.#beat();
    const frame = JSON.parse(data) as Frame;
    if (frame.t !== "pong") this.#options.onFrame(frame);
  }

  /** Any frame is a sign of life; after a silence a ping asks for one, and a socket that does not answer is dropped. */
  #beat(): void {
    clearTimeout(this.#heart);
    this.#heart = setTimeout(() => this.#ping(), this.#options.pingEvery_ms ?? 25_000);
  }

  #ping(): void {
    clearTimeout(this.#heart);
    this.send({ t: "ping" });
    this.#heart = setTimeout(() => this.#lost(0), this.#options.pongWithin_ms ?? 8_000);
  }

  #lost(code: number): void {
    this.#drop();
    if (this.#options.stopOn?.includes(code)) {
      this.stop(code);
      return;
    }
    const wait = backoff(this.#attempt++, this.#options.random);
    this.#timer = setTimeout(() => this.#open(), wait);
    this.#become("waiting", code); // last: the owner may answer with `stop`, which clears the timer
  }

  /** The network or the tab came back: try now instead of at the end of the wait, and ask an open socket whether it lives. */
  readonly #wake = (): void => {
    if (globalThis.document?.visibilityState === "hidden") return;
    if (this.#state === "waiting") this.reconnect();
    else if (this.#state === "open") this.#ping();
  };

  /** The network is gone: say so now, not after a ping that nobody answers. */
  readonly #cut = (): void => {
    if (this.#state === "open") this.#lost(0);
  };

  #drop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#heart);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    socket.close();
  }

  #become(state: TransportState, code?: number): void {
    this.#state = state;
    this.#options.onState?.(state, code);
  }
}
