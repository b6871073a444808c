/** The chat over plain HTTP, for networks that let no WebSocket through: frames by POST, answers by long poll. */

import type { ClientFrame, Hello, Language, ServerFrame } from "./wire";

export interface PollOptions {
  base: string; // …/chat/{account}
  language: Language;
  hello: () => Hello;
  token: () => string | null;
  cursor: () => { since: number; seen: number };
  onFrame: (frame: ServerFrame) => void;
  onDown: () => void; // called once; the poll is over
}

const WAIT_S = 25;
const POLL_TIMEOUT_MS = 40_000;
const SEND_TIMEOUT_MS = 15_000;
const LEAST_PAUSE_MS = 1_000; // from one request to the next: an answer may come at once time after time, empty or with what was shown before

export class Poll {
  readonly #ending = new AbortController();
  #sending: Promise<void>;

  constructor(private readonly options: PollOptions) {
    this.#sending = this.#post("frames", { frames: [options.hello()] }, SEND_TIMEOUT_MS);
    this.#sending.then(() => this.#listen()).catch(() => this.#down());
  }

  /** Frames leave one request after the other, so that their order is kept. */
  send(frame: ClientFrame): void {
    this.#sending = this.#sending.then(() => this.#post("frames", { frames: [frame] }, SEND_TIMEOUT_MS));
    this.#sending.catch(() => this.#down());
  }

  stop(): void {
    this.#ending.abort();
  }

  async #listen(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      const asked = Date.now();
      await this.#post("poll", { ...this.options.cursor(), wait: WAIT_S }, POLL_TIMEOUT_MS);
      const early = LEAST_PAUSE_MS - (Date.now() - asked);
      if (early > 0) await new Promise((done) => setTimeout(done, early));
    }
  }

  #down(): void {
    if (this.#ending.signal.aborted) return;
    this.stop();
    this.options.onDown();
  }

  /** Hand on the frames that come back. A refusal by the hub is handed on as an error frame, then thrown like a lost network. */
  async #post(path: string, body: object, timeoutMs: number): Promise<void> {
    const late = new AbortController();
    const stop = () => late.abort();
    const timer = setTimeout(stop, timeoutMs);
    this.#ending.signal.addEventListener("abort", stop);
    try {
      const token = this.options.token();
      const answer = await fetch(`${this.options.base}/${path}`, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "Accept-Language": this.options.language,
          ...(token && { Authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(body),
        credentials: "omit",
        signal: late.signal,
      });
      if (this.#ending.signal.aborted) return;
      if (!answer.ok) throw await this.#refusal(answer);
      const { frames } = (await answer.json()) as { frames: ServerFrame[] };
      if (this.#ending.signal.aborted) return;
      frames.forEach(this.options.onFrame);
    } finally {
      clearTimeout(timer);
      this.#ending.signal.removeEventListener("abort", stop);
    }
  }

  async #refusal(answer: Response): Promise<Error> {
    if (answer.status < 500) {
      const problem = (await answer.json().catch(() => ({}))) as { type?: string; detail?: string };
      const slug = problem.type?.split("#")[1] ?? "denied";
      this.options.onFrame({ t: "error", slug, detail: problem.detail ?? "" });
    }
    return new Error(`HTTP ${answer.status}`);
  }
}
