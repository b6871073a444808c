import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { Line, type LineState } from "../widget/line";
import type { ClientFrame, ServerFrame, Welcome } from "../widget/wire";

/** The browser's WebSocket, as far as the line sees it; the test plays the network. */
class FakeSocket {
  static all: FakeSocket[] = [];
  readyState = 0;
  sent: ClientFrame[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }
  send(data: string): void {
    this.sent.push(JSON.parse(data) as ClientFrame);
  }
  close(): void {
    this.readyState = 3;
  }
  opens(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  says(frame: ServerFrame): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  fails(): void {
    this.readyState = 3;
    this.onclose?.({ code: 1006 });
  }
  static get last(): FakeSocket {
    return FakeSocket.all.at(-1) as FakeSocket;
  }
}

const welcome: Welcome = { t: "welcome", token: "T", account: { name: "Mộc An" }, cursor: 0, messages: [], seen: 0 };
const asked: { path: string; frames: ClientFrame[] }[] = [];
let states: LineState[];
let frames: string[];

/** The hub over HTTP: welcomes, acknowledges, and has nothing new for whoever polls. */
async function hub(url: string, request: { body: string }): Promise<Response> {
  const path = url.split("/").at(-1) as string;
  const body = JSON.parse(request.body) as { frames?: ClientFrame[] };
  asked.push({ path, frames: body.frames ?? [] });
  if (path === "poll") await new Promise((done) => setTimeout(done, 25_000));
  const answers = (body.frames ?? []).map((frame) => (frame.t === "hello" ? welcome : { t: "ack", id: (frame as { id: string }).id }));
  return new Response(JSON.stringify({ frames: answers }));
}

function line(): Line {
  const made = new Line({
    base: "https://hub.example/chat/A",
    language: "vi",
    hello: () => ({ t: "hello", token: null, since: 0, language: "vi", page: "" }),
    token: () => "T",
    cursor: () => ({ since: 0, seen: 0 }),
    onFrame: (frame) => frames.push(frame.t),
    onState: (state) => states.push(state),
  });
  made.restart();
  return made;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("navigator", { onLine: true });
  vi.stubGlobal("fetch", hub);
  [FakeSocket.all, states, frames] = [[], [], []];
  asked.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const fallBack = async () => {
  FakeSocket.last.fails();
  await vi.advanceTimersByTimeAsync(500);
  FakeSocket.last.fails();
  await vi.waitFor(() => expect(states.at(-1)).toBe("open"));
};

describe("the line", () => {
  test("is open once the hub said welcome, not before", () => {
    const made = line();
    FakeSocket.last.opens();
    expect([FakeSocket.last.url, made.send({ t: "typing" })]).toEqual(["wss://hub.example/chat/A", false]);
    FakeSocket.last.says(welcome);
    expect([states, made.send({ t: "typing" })]).toEqual([["open"], true]);
  });

  test("a lost socket is replaced by one socket", async () => {
    line();
    FakeSocket.last.opens();
    FakeSocket.last.says(welcome);
    FakeSocket.last.fails();
    await vi.advanceTimersByTimeAsync(500);
    FakeSocket.last.opens();
    FakeSocket.last.says(welcome);
    await vi.advanceTimersByTimeAsync(5_000);
    expect([states, FakeSocket.all.length]).toEqual([["open", "lost", "open"], 2]);
  });

  test("after two failed openings it speaks HTTP, in order", async () => {
    const made = line();
    await fallBack();
    made.send({ t: "send", id: "a", text: "một", files: [] });
    made.send({ t: "send", id: "b", text: "hai", files: [] });
    await vi.waitFor(() => expect(frames).toEqual(["welcome", "ack", "ack"]));
    expect(asked.flatMap((one) => one.frames).map((frame) => ("id" in frame ? frame.id : frame.t))).toEqual(["hello", "a", "b"]);
  });

  test("it never polls in haste, also where every answer comes at once and with frames", async () => {
    vi.stubGlobal("fetch", async (url: string, request: { body: string }) => {
      if (!url.endsWith("/poll")) return hub(url, request);
      asked.push({ path: "poll", frames: [] });
      return new Response(JSON.stringify({ frames: [{ t: "typing" }] }));
    });
    line();
    await fallBack();
    const before = asked.length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked.length - before).toBeLessThanOrEqual(11);
    expect(frames.length).toBeGreaterThan(5);
  });

  test("it tries the socket again and changes over when that is welcomed", async () => {
    const made = line();
    await fallBack();
    await vi.advanceTimersByTimeAsync(60_000);
    FakeSocket.last.opens();
    FakeSocket.last.says(welcome);
    made.send({ t: "read", seq: 3 });
    expect([made.state, FakeSocket.last.sent.at(-1)]).toEqual(["open", { t: "read", seq: 3 }]);
  });

  test("a page that the hub does not serve is not asked again for minutes", async () => {
    line();
    FakeSocket.last.opens();
    FakeSocket.last.says({ t: "error", slug: "denied", detail: "" });
    await vi.advanceTimersByTimeAsync(200_000);
    expect([states, FakeSocket.all.length]).toEqual([["refused"], 1]);
  });

  test("a hub that is away is asked again", async () => {
    line();
    FakeSocket.last.opens();
    FakeSocket.last.says({ t: "error", slug: "unavailable", detail: "" });
    await vi.advanceTimersByTimeAsync(10_000);
    expect([states.slice(0, 2), FakeSocket.all.length > 1]).toEqual([["lost", "connecting"], true]);
  });

  test("without a network no opening counts as failed", async () => {
    vi.stubGlobal("navigator", { onLine: false });
    line();
    FakeSocket.last.fails();
    await vi.advanceTimersByTimeAsync(500);
    FakeSocket.last.fails();
    await vi.advanceTimersByTimeAsync(5_000);
    expect([states, asked]).toEqual([["lost"], []]);
  });
});
