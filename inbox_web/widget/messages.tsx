/** The conversation: days, bubbles, files, states. A log for screen readers; it stays where the reader is. */

import { bytes, clock, dayLabel } from "@shared/format";
import { picturesAgain } from "@shared/pictures";
import { Words as Text } from "@shared/render";
import { Component } from "preact";

import type { Chat } from "./chat";
import { Icon } from "./icons";
import { type Plain, type Row, rowsOf } from "./log";

const NEAR_PX = 48;
const THUMB_PX = 220;

export function rowsFor(chat: Chat): Row[] {
  return rowsOf(chat.log, chat.sent, chat.letters, greetingOf(chat));
}

/** The account's greeting as the first bubble; it stands at the time of what follows it. */
function greetingOf(chat: Chat): Plain | null {
  const greeting = chat.welcome?.account.greeting?.[chat.bridge.language];
  if (!greeting) return null;
  const at = chat.log.messages[0]?.at ?? new Date(chat.letters[0]?.n ?? Date.now()).toISOString();
  return { key: "greeting", mine: false, kind: "bot", name: "", at, text: greeting, files: [], options: [], state: null };
}

interface MessagesProps { chat: Chat; rows: Row[] }

export class Messages extends Component<MessagesProps, { below: boolean }> {
  #log: HTMLElement | null = null;
  #stick = true; // the reader is at the end
  #open = true; // the line was, when this was last drawn

  override componentDidMount(): void {
    this.#toEnd();
  }

  /** Follow new words only when the reader is at the end, or wrote them. */
  override componentDidUpdate(before: MessagesProps): void {
    const last = this.props.rows.at(-1);
    const fresh = last?.key !== before.rows.at(-1)?.key;
    if (this.#stick || (fresh && last?.mine)) this.#toEnd();
    else if (fresh) this.setState({ below: true });
    const open = this.props.chat.line.state === "open";
    if (open && !this.#open) picturesAgain(this.#log);
    this.#open = open;
  }

  readonly #toEnd = (): void => {
    if (this.#log) this.#log.scrollTop = this.#log.scrollHeight;
    if (this.state.below) this.setState({ below: false });
  };

  readonly #scrolled = (event: Event): void => {
    const { scrollTop, scrollHeight, clientHeight } = event.currentTarget as HTMLElement;
    this.#stick = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    if (this.#stick && this.state.below) this.setState({ below: false });
  };

  override render({ chat, rows }: MessagesProps) {
    return (
      <div class="f">
        <div class="l" ref={(element) => void (this.#log = element)} onScroll={this.#scrolled} role="log" aria-label={chat.t.log} tabIndex={0}>
          {rows.map((row) => (
            <Message key={row.key} row={row} chat={chat} grown={() => this.#stick && this.#toEnd()} />
          ))}
          {chat.typing && (
            <div class="ty" aria-live="off">
              <span class="dots"><i /><i /><i /></span>
              {chat.t.typing(chat.typing)}
            </div>
          )}
        </div>
        {this.state.below && (
          <button type="button" class="nb" onClick={this.#toEnd}>
            {chat.t.newBelow} <Icon name="down" />
          </button>
        )}
      </div>
    );
  }
}

function Message({ row, chat, grown }: { row: Row; chat: Chat; grown: () => void }) {
  const { t, bridge } = chat;
  const at = new Date(row.at);
  const name = row.mine ? t.you : row.name || (row.kind === "bot" ? t.bot : bridge.name);
  const pending = row.state === "waiting";
  return (
    <>
      {row.day && <div class="d">{dayLabel(at, new Date(), bridge.language)}</div>}
      <div class={`m${row.mine ? " me" : ""}${pending ? " wait" : ""}`}>
        {row.first && <span class={row.mine ? "vh" : "n"}>{name}</span>}
        {row.change === "gone" ? <div class="b gone">{t.gone}</div> : row.text && <div class="b"><Text text={row.text} /></div>}
        {row.files.map((file, i) => <File key={i} file={file} chat={chat} grown={grown} />)}
        {(row.last || row.change === "edited") && (
          <div class="s">
            {row.last && <time dateTime={row.at}>{clock(at)}</time>}
            {row.change === "edited" && <span>{t.edited}</span>}
            {row.last && row.state && <State state={row.state} chat={chat} />}
          </div>
        )}
      </div>
    </>
  );
}

function State({ state, chat }: { state: NonNullable<Row["state"]>; chat: Chat }) {
  const { t } = chat;
  const held = chat.line.state !== "open";
  return (
    <>
      <Icon name={state === "waiting" ? "clock" : state === "sent" ? "check" : "checks"} />
      {state === "waiting" ? (held ? t.waiting : t.sending) : t[state]}
    </>
  );
}

function File({ file, chat, grown }: { file: Row["files"][number]; chat: Chat; grown: () => void }) {
  const { t, bridge } = chat;
  const url = "url" in file ? new URL(file.url, bridge.hub).href : null;
  if (url && /^image\/(png|jpeg|gif|webp)$/.test(file.mime)) {
    const scale = Math.min(1, THUMB_PX / Math.max(file.width || THUMB_PX, file.height || THUMB_PX));
    return (
      <a class="im" href={url} target="_blank" rel="noopener noreferrer" aria-label={t.opens(file.name)}>
        <img
          src={url}
          alt={file.name}
          width={file.width ? Math.round(file.width * scale) : undefined}
          height={file.height ? Math.round(file.height * scale) : undefined}
          onLoad={grown}
        />
      </a>
    );
  }
  const inside = (
    <>
      <Icon name="file" />
      <span class="one">{file.name}</span>
      <small>{bytes(file.bytes, bridge.language)}</small>
    </>
  );
  if (!url) return <span class="fi">{inside}</span>;
  return <a class="fi" href={url} target="_blank" rel="noopener noreferrer" download={file.name} aria-label={t.download(file.name)}>{inside}</a>;
}

/** What can be answered by one press: the options of the last message, or the account's openings. */
export function QuickReplies({ chat, rows }: { chat: Chat; rows: Row[] }) {
  const openings = chat.welcome?.account.quick_replies?.[chat.bridge.language] ?? [];
  const last = rows.at(-1);
  const choices = last && !last.mine && last.options.length ? last.options : rows.some((row) => row.mine) ? [] : openings;
  if (!choices.length) return null;
  return (
    <div class="q" role="group" aria-label={chat.t.quick}>
      {choices.map((choice) => (
        <button type="button" key={choice} onClick={() => chat.choose(choice)}>{choice}</button>
      ))}
    </div>
  );
}
