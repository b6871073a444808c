// The live socket: takes batches in order, asks again from its cursor on a gap, and starts over when the server says so.
import { signal } from "@preact/signals";
import { Transport, type Frame, type TransportState } from "../../shared/transport";
import { apply } from "./events/table";
import { forgetPresence, seeAgent, seeVisitor } from "./presence";
import { here } from "./session";
import type { LiveItem } from "./types";

export interface LiveOwner {
  /** Too much was missed: fetch what is shown again. */
  reset: () => void;
  /** The socket is there (again). */
  connected: () => void;
  signedOut: () => void;
}

export const liveState = signal<TransportState>("stopped");
export const lostAt = signal<Date | null>(null);

const NOT_SIGNED_IN = 4401;
const WRONG_ORIGIN = 4403;

let transport: Transport | null = null;
let cursor: number | null = null;

/** Follow the events after `since` until `stopLive`. */
export function startLive(since: number | null, owner: LiveOwner): void {
  stopLive();
  cursor = since;
  transport = new Transport({
    url: () => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`,
    hello: () => ({ t: "hello", since: cursor }),
    onFrame: (frame) => receive(frame, owner),
    onState: (state, code) => become(state, code, owner),
    stopOn: [NOT_SIGNED_IN, WRONG_ORIGIN],
  });
  transport.start();
}

export function stopLive(): void {
  transport?.stop();
  transport = null;
}

/** Say where this agent is and whether they type; lost when offline, and said again by the next beat. */
export const sayWhere = (conversation: string | null, typing: boolean): void =>
  void transport?.send({ t: "viewing", conversation, typing });

function become(state: TransportState, code: number | undefined, owner: LiveOwner): void {
  liveState.value = state;
  if (state === "waiting") {
    lostAt.value ??= new Date();
    forgetPresence();
  }
  if (state === "stopped" && code === NOT_SIGNED_IN) owner.signedOut();
}

function receive(frame: Frame, owner: LiveOwner): void {
  switch (frame.t) {
    case "hello":
      lostAt.value = null;
      cursor = Math.max(cursor ?? 0, frame.n as number);
      owner.connected();
      return;
    case "events":
      take(frame.n as number, frame.items as LiveItem[]);
      return;
    case "reset":
      cursor = frame.n as number;
      owner.reset();
      return;
    case "presence":
      seeAgent(String(frame.conversation), String(frame.agent), String(frame.name), frame.state as "viewing" | "typing" | "gone");
      return;
    case "visitor_typing":
      seeVisitor(String(frame.conversation), true);
      return;
    case "here":
      here.value = frame.agents as string[];
  }
}

/** Apply the batch after the last one; skip one that was seen; on a gap ask again from where this browser stands. */
function take(n: number, items: LiveItem[]): void {
  if (cursor !== null && n <= cursor) return;
  if (cursor !== null && n !== cursor + 1) {
    transport?.reconnect();
    return;
  }
  cursor = n;
  items.forEach(apply);
}
