/**
 * One visitor's chat: takes in what the hub says, keeps and sends what the visitor writes. The views read it and call
 * its verbs; every change calls `changed`. Other tabs of the same visitor share its token, outbox and read mark.
 */

import { bytes } from "@shared/format";

import type { Attachments } from "./attach";
import type { Bridge } from "./bridge";
import { dress } from "./dress";
import { type Drawer, openDrawer, pageStorage } from "./keep";
import { Line } from "./line";
import { emptyLog, lastSeq, type Log, merge, seenUpTo } from "./log";
import { frameOf, isLetterKey, type Letter, Outbox } from "./outbox";
import { Reading } from "./reading";
import { uuid } from "./uuid";
import type { Hello, Profile, ServerFrame, SignedUser, Welcome } from "./wire";
import type { Words } from "./words";

const AGAIN_MS = 10_000; // an unacknowledged letter goes again
const TICK_MS = 5_000;
const TYPING_EVERY_MS = 3_000;
const TYPING_SHOWN_MS = 6_000;
const LINKS_LAST_MS = 50 * 60_000; // signed file links live an hour

export class Chat {
  readonly line: Line;
  attachments: Attachments | null = null; // with the first file
  welcome: Welcome | null = null;
  log: Log = emptyLog;
  letters: Letter[];
  sent: Letter[] = []; // acknowledged; their copy is not in the log yet
  typing = ""; // who is writing to the visitor
  note = ""; // a sentence above the composer until it is dismissed
  draft: string;
  asked: boolean; // the form before the chat was answered or skipped
  shown = false;
  quiet = false; // shown by itself: the focus belongs to the page
  busy = false; // the hub said that it cannot take a letter now
  dragged = false; // files are held over the panel
  #user: SignedUser | null;
  readonly #base: string; // …/chat/{account}
  #since = 0;
  #linksAt = 0;
  readonly #drawer: Drawer;
  readonly #outbox: Outbox;
  readonly #reading: Reading;
  readonly #made = new Set<string>(); // letters that this tab sends
  #inFlight = { id: "", at: 0 };
  #typedAt = 0;
  #typingTimer = 0;

  constructor(
    readonly bridge: Bridge,
    readonly t: Words,
    readonly changed: () => void,
    readonly newId: () => string = uuid,
  ) {
    this.#user = bridge.user;
    this.#drawer = openDrawer(bridge.account, pageStorage());
    this.#outbox = new Outbox(this.#drawer);
    this.#reading = new Reading(this.#drawer, bridge);
    this.letters = this.#outbox.all();
    this.draft = this.#drawer.get("draft") ?? "";
    this.asked = this.#drawer.get("asked") !== null;
    this.#base = `${bridge.hub}chat/${encodeURIComponent(bridge.account)}`;
    this.line = new Line({
      base: this.#base,
      language: bridge.language,
      token: () => this.#token(),
      hello: () => this.#hello(),
      cursor: () => ({ since: this.log.cursor, seen: this.log.seen }),
      onFrame: (frame) => this.#take(frame),
      onState: () => this.changed(),
    });
    this.#watch();
    this.line.restart();
  }

  // --- what the visitor does ---------------------------------------------------------------------------------------

  /** Keep the words and files as one letter, then send it. */
  say(text: string): void {
    const files = this.attachments?.take() ?? [];
    if (!text.trim() && !files.length) return;
    this.#typedAt = 0; // what is written next is news again
    this.#post({ id: this.newId(), text: text.trim(), files });
  }

  /** A quick reply: its words alone; what is in the composer stays there. */
  choose(text: string): void {
    this.#post({ id: this.newId(), text, files: [] });
  }

  async attach(files: Iterable<File>): Promise<void> {
    const picked = [...files]; // before the wait: the input that held them is emptied at once
    try {
      (await this.#desk()).add(picked);
    } catch {
      this.note = this.t.upNetwork;
      this.changed();
    }
  }

  /** Whether what stands in the composer can leave. */
  ready(): boolean {
    const picked = this.attachments?.picked ?? [];
    const something = this.draft.trim() !== "" || picked.some((one) => one.done);
    return something && picked.every((one) => one.done || (one.why && !one.again)); // refused ones stay behind
  }

  giveProfile(profile: Profile): void {
    this.#post({ id: this.newId(), text: "", files: [], profile });
    this.skipForm();
  }

  skipForm(): void {
    this.asked = true;
    this.#drawer.set("asked", "1");
    this.changed();
  }

  write(text: string): void {
    this.draft = text;
    if (text) this.#drawer.set("draft", text);
    else this.#drawer.drop("draft");
    if (text && Date.now() - this.#typedAt > TYPING_EVERY_MS && this.line.send({ t: "typing" })) this.#typedAt = Date.now();
    this.changed();
  }

  identify(user: SignedUser): void {
    this.#user = user;
    this.#startOver();
  }

  drag(over: boolean): void {
    this.dragged = over;
    this.changed();
  }

  dismiss(): void {
    this.note = "";
    this.changed();
  }

  /** Say what was read, only while the visitor really looks. */
  look(): void {
    const last = lastSeq(this.log);
    if (this.shown && !document.hidden && document.hasFocus() && last > this.#reading.upTo()) {
      this.#reading.read(last);
      this.line.send({ t: "read", seq: last });
    }
    this.#reading.tell(this.log);
  }

  lasting(): boolean {
    return this.#drawer.lasting();
  }

  // --- what the hub says -------------------------------------------------------------------------------------------

  #take(frame: ServerFrame): void {
    if (frame.t === "welcome") this.#greeted(frame);
    else if (frame.t === "messages") this.#received(merge(this.log, frame.messages, frame.cursor));
    else if (frame.t === "seen") this.log = seenUpTo(this.log, frame.seq);
    else if (frame.t === "typing") this.#showTyping(frame.name);
    else if (frame.t === "ack") this.#settled(frame.id, "");
    else if (frame.t === "nack" && frame.id === "identify") console.error(`OmniHub: identity refused: ${frame.detail}`);
    else if (frame.t === "nack" && frame.retry) this.busy = true;
    else if (frame.t === "nack") this.#settled(frame.id, frame.detail || this.t.back);
    else if (frame.t === "error") this.#failed(frame.slug, frame.detail);
    this.changed();
  }

  #greeted(welcome: Welcome): void {
    if ((this.welcome?.token ?? this.#token() ?? welcome.token) !== welcome.token) this.#forget();
    if (this.#token() !== welcome.token) this.#drawer.set("token", welcome.token);
    const known = this.#since === 0 ? emptyLog : this.log;
    if (this.#since === 0) this.#linksAt = Date.now();
    this.welcome = welcome;
    this.#received(seenUpTo(merge(known, welcome.messages, welcome.cursor), welcome.seen));
    for (const letter of this.letters) this.#made.add(letter.id); // whichever tab wrote them: the hub keeps each id once
    this.#inFlight.id = "";
    this.#pump();
    this.attachments?.retry();
    this.bridge.emit("ready", { identified: welcome.identified === true });
  }

  #received(log: Log): void {
    this.log = log;
    const inLog = new Set(log.messages.map((message) => message.client));
    this.sent = this.sent.filter((letter) => !inLog.has(letter.id));
    if (this.#reading.announce(log)) this.typing = "";
    this.look();
  }

  #settled(id: string, why: string): void {
    this.busy = false;
    const letter = this.letters.find((one) => one.id === id);
    this.#outbox.drop(id);
    this.letters = this.#outbox.all();
    if (letter && why) this.#giveBack(letter, why);
    else if (letter && !this.log.messages.some((message) => message.client === id)) this.sent.push(letter);
    this.#inFlight.id = "";
    this.#pump();
  }

  #giveBack(letter: Letter, why: string): void {
    this.note = why;
    if (letter.files.length) void this.#desk().then((desk) => desk.putBack(letter.files));
    if (letter.text) this.write([letter.text, this.draft].filter(Boolean).join("\n"));
  }

  #failed(slug: string, detail: string): void {
    if (slug === "forged" && this.#token()) {
      this.#drawer.drop("token"); // another hub's, or of a key that is gone: begin as a new visitor
      this.#startOver();
    }
    if (slug === "denied" || slug === "not-found") {
      console.error(`OmniHub: ${detail || slug} In the hub under Settings, add ${location.origin} to the pages of account ${this.bridge.account}.`);
    }
  }

  // --- sending -----------------------------------------------------------------------------------------------------

  #post(letter: Omit<Letter, "n">): void {
    this.#outbox.put(letter, Date.now());
    this.#made.add(letter.id);
    this.letters = this.#outbox.all();
    this.#pump();
    this.changed();
  }

  /** Send the oldest letter of ours and wait for its acknowledgement: one at a time keeps the order whatever fails. */
  #pump(): void {
    const now = Date.now();
    const letter = this.letters.find((one) => this.#made.has(one.id) || now - one.n > AGAIN_MS);
    if (!letter || (this.#inFlight.id === letter.id && now - this.#inFlight.at < AGAIN_MS)) return;
    if (this.line.send(frameOf(letter))) this.#inFlight = { id: letter.id, at: now };
  }

  #hello(): Hello {
    this.#since = this.log.cursor;
    return {
      t: "hello",
      token: this.#token(),
      since: this.#since,
      language: this.bridge.language,
      page: location.href.split("#")[0] ?? "",
      ...(this.#user && { user: this.#user }),
    };
  }

  /** Somebody else sits here now (a second user of the same site): nothing of the one before is shown to them. */
  #forget(): void {
    this.log = emptyLog;
    this.sent = [];
    this.#reading.forget();
  }

  #startOver(): void {
    this.log = { ...this.log, cursor: 0 };
    this.line.restart();
  }

  async #desk(): Promise<Attachments> {
    const { Attachments, looks } = await import("./attach");
    if (!this.attachments) dress(this.bridge.shadow, looks);
    const { bridge, t, newId, changed } = this;
    const size = (n: number) => bytes(n, bridge.language);
    const token = () => this.#token();
    this.attachments ??= new Attachments({ base: this.#base, language: bridge.language, words: t, size, token, newId, changed });
    return this.attachments;
  }

  // --- the rest of the page ----------------------------------------------------------------------------------------

  #watch(): void {
    for (const event of ["focus", "visibilitychange"]) addEventListener(event, () => this.look(), true);
    for (const event of ["online", "offline"]) addEventListener(event, () => this.changed());
    addEventListener("storage", (event) => this.#otherTab(this.#drawer.mine(event.key), event.newValue));
    setInterval(() => this.#tick(), TICK_MS);
  }

  #otherTab(key: string | null, value: string | null): void {
    if (key && isLetterKey(key)) this.letters = this.#outbox.all();
    else if (key === "read") this.#reading.tell(this.log);
    else if (key === "token" && value && this.welcome && value !== this.welcome.token) this.#startOver();
    else if (key === "asked") this.asked = true;
    this.changed();
  }

  #tick(): void {
    if (this.letters.length) this.#pump();
    const old = Date.now() - this.#linksAt > LINKS_LAST_MS;
    const files = this.log.messages.some((message) => message.files.length > 0);
    if (old && files && this.shown && !document.hidden && this.line.state === "open") this.#startOver();
  }

  #showTyping(name: string): void {
    this.typing = name || this.t.someone;
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => {
      this.typing = "";
      this.changed();
    }, TYPING_SHOWN_MS) as unknown as number;
  }

  #token(): string | null {
    return this.#drawer.get("token");
  }
}
