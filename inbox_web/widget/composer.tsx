/** Where the visitor writes. Enter sends and Shift+Enter breaks the line; keys of an input method are left alone. */

import { bytes } from "@shared/format";
import { Component } from "preact";

import type { Picked } from "./attach";
import type { Chat } from "./chat";
import { Icon, IconButton } from "./icons";

const TALLEST_PX = 120;

export class Composer extends Component<{ chat: Chat }> {
  #area: HTMLTextAreaElement | null = null;
  #input: HTMLInputElement | null = null;

  override componentDidMount(): void {
    this.componentDidUpdate();
  }

  /** As tall as its words, up to a limit; by CSSOM, which a strict style-src allows. */
  override componentDidUpdate(): void {
    const { style } = this.#area as HTMLTextAreaElement;
    style.height = "auto";
    style.height = `${Math.min((this.#area as HTMLTextAreaElement).scrollHeight + 2, TALLEST_PX)}px`;
  }

  readonly #send = (event: Event): void => {
    event.preventDefault();
    const { chat } = this.props;
    if (!chat.ready()) return;
    chat.say(chat.draft);
    chat.write("");
    this.#area?.focus();
  };

  readonly #keyed = (event: KeyboardEvent): void => {
    // 229: some input methods end their composition with the same Enter, isComposing already false
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) this.#send(event);
  };

  readonly #pasted = (event: ClipboardEvent): void => {
    const files = event.clipboardData?.files;
    if (!files?.length) return;
    event.preventDefault();
    void this.props.chat.attach(files);
  };

  readonly #chosen = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement;
    void this.props.chat.attach(input.files ?? []);
    input.value = "";
  };

  override render({ chat }: { chat: Chat }) {
    const { t } = chat;
    const picked = chat.attachments?.picked ?? [];
    return (
      <form class="c" onSubmit={this.#send}>
        {picked.length > 0 && (
          <ul class="up">{picked.map((one) => <Upload key={one.id} one={one} chat={chat} />)}</ul>
        )}
        <div class="cr">
          <IconButton name="clip" label={t.attach} act={() => this.#input?.click()} />
          <input ref={(element) => void (this.#input = element)} type="file" multiple hidden aria-label={t.attach} onChange={this.#chosen} />
          <textarea
            ref={(element) => void (this.#area = element)}
            rows={1}
            value={chat.draft}
            aria-label={t.message}
            placeholder={t.write}
            maxLength={10000}
            enterkeyhint="send"
            onInput={(event) => chat.write(event.currentTarget.value)}
            onKeyDown={this.#keyed}
            onPaste={this.#pasted}
          />
          <button type="submit" class="go" aria-label={t.send} title={t.send} disabled={!chat.ready()}>
            <Icon name="send" />
          </button>
        </div>
      </form>
    );
  }
}

function Upload({ one, chat }: { one: Picked; chat: Chat }) {
  const { t, attachments, bridge } = chat;
  return (
    <li class={one.why ? "bad" : ""}>
      <Icon name={one.why ? "alert" : "file"} />
      <span class="one">{one.name}</span>
      {!one.why && <small>{bytes(one.size, bridge.language)}</small>}
      {one.again && (
        <IconButton name="again" label={t.retry(one.name)} act={() => attachments?.retry()} />
      )}
      <IconButton name="close" label={t.remove(one.name)} act={() => attachments?.remove(one.id)} />
      {one.why && <span class="why" role="alert">{one.why}</span>}
      {!one.why && !one.done && <progress value={one.share} max={1} aria-label={t.uploading} />}
    </li>
  );
}
