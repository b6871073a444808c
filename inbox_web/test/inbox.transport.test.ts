// The socket that comes back: what it says when the browser knows that there is no network.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Transport, type TransportState } from "../shared/transport";

class FakeSocket {
  readyState = 1;
  onopen: (() => void) | null = null;
  onmessage = null;
  onclose = null;
  onerror = null;
  send(): void {}
  close(): void {}
}

const heard = new Map<string, Set<() => void>>();
const tell = (what: string): void => heard.get(what)?.forEach((hear) => hear());

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("addEventListener", (what: string, hear: () => void) => heard.set(what, (heard.get(what) ?? new Set()).add(hear)));
  vi.stubGlobal("removeEventListener", (what: string, hear: () => void) => heard.get(what)?.delete(hear));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  heard.clear();
});

function opened(): { states: TransportState[]; transport: Transport; sockets: FakeSocket[] } {
  const states: TransportState[] = [];
  const sockets: FakeSocket[] = [];
  const connect = (): WebSocket => {
    const socket = new FakeSocket();
    sockets.push(socket);
    return socket as unknown as WebSocket;
  };
  const transport = new Transport({ url: () => "ws://hub.example/live", hello: () => ({ t: "hello" }), onFrame: () => undefined, onState: (state) => states.push(state), connect });
  transport.start();
  sockets[0]!.onopen!();
  return { states, transport, sockets };
}

describe("a transport without a network", () => {
  it("is waiting as soon as the browser says so, not after a ping", () => {
    const { states } = opened();
    tell("offline");
    expect(states).toEqual(["connecting", "open", "waiting"]);
  });

  it("connects again at once when the network is back", () => {
    const { states, sockets } = opened();
    tell("offline");
    tell("online");
    expect([states.at(-1), sockets.length]).toEqual(["connecting", 2]);
  });

  it("listens no more once it was stopped", () => {
    const { states, transport } = opened();
    transport.stop();
    tell("offline");
    expect(states.at(-1)).toBe("stopped");
  });
});
