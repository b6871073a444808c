/** The opened chat. `mount` connects at once and draws into the loader's shadow root; show and hide only show and hide. */

import { initials } from "@shared/format";
import { Component, createRef, render } from "preact";

import type { Bridge, Panel } from "./bridge";
import { Chat } from "./chat";
import { Composer } from "./composer";
import { dress } from "./dress";
import { Icon, IconButton } from "./icons";
import { Messages, QuickReplies, rowsFor } from "./messages";
import css from "./panel.css?inline";
import { wordsIn } from "./words";

const FULL = "(max-width: 480px)";
const HELPING_MS = 15 * 60_000;

export async function mount(bridge: Bridge): Promise<Panel> {
  const words = await wordsIn(bridge.language);
  dress(bridge.shadow, css);

  let drawn = false;
  const draw = () => {
    drawn = false;
    render(<App chat={chat} />, bridge.place);
  };
  const chat = new Chat(bridge, words, () => {
    if (drawn) return;
    drawn = true;
    queueMicrotask(draw);
  });
  const fit = () => {
    const view = visualViewport; // what the keyboard leaves of a phone's screen
    if (!view) return;
    bridge.place.style.setProperty("--high", `${view.height}px`);
    bridge.place.style.setProperty("--top", `${view.offsetTop}px`);
  };
  visualViewport?.addEventListener("resize", fit);
  visualViewport?.addEventListener("scroll", fit);
  draw();

  return {
    show(quiet) {
      chat.shown = true;
      chat.quiet = quiet;
      fit();
      draw();
      chat.look();
      if (!quiet) focusFirst(bridge.place);
    },
    hide() {
      chat.shown = false;
      draw();
      chat.look();
    },
    identify: (user) => chat.identify(user),
  };
}

/** The box to write in; on a touch screen the panel itself, so that no keyboard jumps up. */
function focusFirst(place: HTMLElement): void {
  const touch = matchMedia("(pointer: coarse)").matches;
  (place.querySelector<HTMLElement>(touch ? ".p" : ".pf input, textarea") ?? place.querySelector<HTMLElement>(".p"))?.focus();
}

function App({ chat }: { chat: Chat }) {
  const { bridge, shown, dragged } = chat;
  const full = matchMedia(FULL).matches;
  const rows = rowsFor(chat);
  const asks = formWanted(chat);

  const keyed = (event: KeyboardEvent) => {
    event.stopPropagation(); // the page's own shortcuts see only a <div> as the target and would act on our letters
    if (event.key === "Escape" && !event.isComposing) bridge.close();
    else if (event.key === "Tab" && full) trap(event);
  };
  const quiet = (event: Event) => event.stopPropagation();
  const drag = (over: boolean) => (event: DragEvent) => {
    if (asks || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    chat.drag(over);
    if (event.type === "drop") void chat.attach(event.dataTransfer.files);
  };

  return (
    <section
      class={`p${dragged ? " drag" : ""}`}
      hidden={!shown}
      role="dialog"
      aria-modal={full}
      aria-label={shopOf(chat)}
      tabIndex={-1}
      onKeyDown={keyed}
      onKeyUp={quiet}
      onKeyPress={quiet}
      onDragOver={drag(true)}
      onDragLeave={drag(false)}
      onDrop={drag(false)}
    >
      <Header chat={chat} />
      {asks ? (
        <PreChat chat={chat} />
      ) : (
        <>
          <Messages chat={chat} rows={rows} />
          <QuickReplies chat={chat} rows={rows} />
          <Notice chat={chat} />
          <Composer chat={chat} />
        </>
      )}
      {dragged && <div class="dz">{chat.t.dropHere}</div>}
    </section>
  );
}

/** The form before the chat; it draws itself once, beside what Preact keeps. */
class PreChat extends Component<{ chat: Chat }> {
  readonly #place = createRef<HTMLDivElement>();

  override async componentDidMount(): Promise<void> {
    const { chat } = this.props;
    try {
      const { formBefore, looks } = await import("./prechat");
      dress(chat.bridge.shadow, looks);
      const form = formBefore({
        fields: chat.welcome?.account.prechat?.fields ?? [],
        language: chat.bridge.language,
        done: (profile) => {
          if (profile) chat.giveProfile(profile);
          else chat.skipForm();
          setTimeout(focusFirst, 0, chat.bridge.place); // once the composer is drawn
        },
      });
      this.#place.current?.append(form);
      if (chat.shown && !chat.quiet) focusFirst(chat.bridge.place);
    } catch {
      chat.skipForm(); // the form could not be fetched: better to let them write
    }
  }

  override shouldComponentUpdate(): boolean {
    return false;
  }

  override render() {
    return <div class="f" ref={this.#place} />;
  }
}

function formWanted(chat: Chat): boolean {
  const welcome = chat.welcome;
  if (!welcome?.account.prechat?.on || !welcome.account.prechat.fields.length) return false;
  if (chat.asked || welcome.profile_given || welcome.identified) return false;
  return chat.letters.length === 0 && !chat.log.messages.some((message) => message.mine);
}

/** Its name as the hub or the loader knows it; before both were reached there is none. */
function shopOf(chat: Chat): string {
  return chat.welcome?.account.name || chat.bridge.name || chat.t.someone;
}

function Header({ chat }: { chat: Chat }) {
  const { t, bridge } = chat;
  const name = shopOf(chat);
  const [dot, status] = presence(chat);
  return (
    <div class="h">
      <span class="av" aria-hidden="true">{initials(name)}</span>
      <div class="g">
        <h2 class="one">{name}</h2>
        <div class="st" role="status"><i class={dot} />{status}</div>
      </div>
      <IconButton name="down" label={t.close} act={bridge.close} />
    </div>
  );
}

/** The dot and the words under the shop's name. It promises nobody who is not known to be there. */
function presence(chat: Chat): [string, string] {
  const { t, line } = chat;
  if (!navigator.onLine) return ["off", t.offline];
  if (line.state === "refused") return ["off", t.refused];
  if (line.state === "connecting" && !chat.welcome) return ["wait", t.connecting];
  if (line.state !== "open") return ["wait", t.lost];
  const agent = chat.log.messages.findLast((message) => message.author.kind === "agent");
  const fresh = agent && Date.now() - Date.parse(agent.at) < HELPING_MS;
  return ["here", fresh && agent.author.name ? t.helping(agent.author.name) : t.here];
}

/** At most one sentence above the composer: what came back first, then the connection, then the storage. */
function Notice({ chat }: { chat: Chat }) {
  const { t, line } = chat;
  const waiting = chat.letters.length > 0;
  const words =
    chat.note ||
    (!navigator.onLine && t.keptOffline) ||
    (line.state === "refused" && t.keptRefused) ||
    (line.state === "lost" && waiting && t.keptLost) ||
    (chat.busy && waiting && t.keptBusy) ||
    (!chat.lasting() && t.memory);
  if (!words) return <div role="status" />;
  return (
    <div role="status">
      <div class="no">
        <Icon name={chat.note ? "alert" : "cloud"} />
        <span>{words}</span>
        {chat.note && <IconButton name="close" label={t.dismiss} act={() => chat.dismiss()} />}
      </div>
    </div>
  );
}

/** Full screen: Tab goes round inside. */
function trap(event: KeyboardEvent): void {
  const panel = event.currentTarget as HTMLElement;
  const stops = [...panel.querySelectorAll<HTMLElement>("button:not(:disabled), a, textarea, input:not([hidden]), [tabindex='0']")];
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  const here = (panel.getRootNode() as ShadowRoot).activeElement;
  if (here !== edge && here !== panel) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
}
