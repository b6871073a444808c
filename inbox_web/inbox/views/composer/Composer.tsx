// Where an agent writes: a reply or a note, kept as a draft with every letter, sent at once, given back when it cannot be.
import { ArrowUp, Paperclip, StickyNote } from "lucide-preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { handOver } from "../../actions/ahead";
import { attach, detach, dismissUpload, uploading } from "../../actions/attach";
import { composerWish } from "../../actions/focus";
import { isComposing } from "../../actions/keys";
import { stoppedTyping, typed } from "../../actions/reading";
import { sendDraft, staleAnswers, write } from "../../actions/send";
import { draftOf, isBlank, type Mode } from "../../store/drafts";
import { prefs } from "../../store/prefs";
import { accounts } from "../../store/session";
import type { Row } from "../../store/types";
import { t } from "../../text";
import { IconButton } from "../../ui/Button";
import { channelName, ChannelMark } from "../../ui/ChannelMark";
import { Icon } from "../../ui/Icon";
import { Segment } from "../../ui/Segment";
import { width } from "../../ui/width";
import { DraftFiles } from "./DraftFiles";
import { StaleBanner } from "./StaleBanner";

const MOST_HIGH_PX = 260;

export function Composer({ row }: { row: Row }) {
  const draft = draftOf(row.id);
  const mode = draft.mode;
  const words = draft[mode];
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const stale = staleAnswers(row);
  const busy = uploading.value.some((one) => one.conversation === row.id && !one.problem);
  const blank = isBlank(words);

  useGrow(area, row.id, words.text, width.value);
  useWish(area, row);
  const amend = (text: string) => {
    write(row, { [mode]: { ...words, text } });
    typed();
  };
  const send = () => {
    if (blank || busy) return;
    if (sendDraft(row)) stoppedTyping();
    area.current?.focus();
  };
  const key = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    const modified = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && (modified || (prefs.peek().enterSends && !event.shiftKey && width.peek() !== "phone"))) send();
    else if (event.key === "Escape") area.current?.blur();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const take = (files: FileList | null | undefined, event: Event) => {
    if (!files?.length) return;
    event.preventDefault();
    void attach(row, mode, Array.from(files));
  };
  return (
    <div class="comp-box">
      <StaleBanner row={row} answers={stale} />
      <div class={`comp ${mode}${over ? " over" : ""}`} onDragOver={(event: DragEvent) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={(event: DragEvent) => { setOver(false); take(event.dataTransfer?.files, event); }}>
        <div class="ct">
          <Segment<Mode> label={t().composer.mode} value={mode} onPick={(next) => { write(row, { mode: next }); area.current?.focus(); }}
            options={[{ value: "reply", words: t().composer.reply }, { value: "note", words: width.value === "phone" ? t().composer.noteShort : t().composer.note, keys: width.value === "phone" ? undefined : "I" }]} />
          {mode === "reply" ? <Via row={row} /> : <span class="via"><Icon of={StickyNote} size={14} /><span class="one">{t().composer.onlyColleagues}</span></span>}
        </div>
        {mode === "reply" && <Everyone row={row} />}
        <div class="ta-row">
          <textarea key={row.id} ref={area} class="ta" rows={1} value={words.text} aria-label={mode === "reply" ? t().composer.replyTo(row.name) : t().composer.note} placeholder={mode === "reply" ? t().composer.replyTo(row.name) : t().composer.notePlace}
            onInput={(event: Event) => amend((event.currentTarget as HTMLTextAreaElement).value)} onKeyDown={key} onPaste={(event: ClipboardEvent) => take(event.clipboardData?.files, event)} onBlur={stoppedTyping} enterkeyhint={prefs.value.enterSends ? "send" : "enter"} />
        </div>
        <DraftFiles files={words.files} uploads={uploading.value.filter((one) => one.conversation === row.id)} onDetach={(id) => detach(row, mode, id)} onDismiss={dismissUpload} />
        <div class="cb">
          <IconButton label={t().composer.attach} icon={Paperclip} onClick={() => picker.current?.click()} />
          <input ref={picker} type="file" multiple hidden onChange={(event: Event) => { const from = event.currentTarget as HTMLInputElement; take(from.files, event); from.value = ""; }} />
          <span class="grow dr faint" aria-live="polite">{busy ? t().composer.uploading : !blank ? t().composer.saved : ""}</span>
          <button type="button" class="btn btn-primary send" disabled={blank || busy || stale.length > 0} aria-label={mode === "reply" ? t().composer.send : t().composer.addNote} onClick={send}>
            <span class="send-w">{mode === "reply" ? t().composer.send : t().composer.addNote}</span><kbd>{prefs.value.enterSends ? "↵" : "Ctrl ↵"}</kbd><span class="send-i"><Icon of={ArrowUp} size={20} /></span>
          </button>
        </div>
      </div>
    </div>
  );
}

/** The channel, and what tells it apart: whom a mail goes to, elsewhere which of our accounts it leaves by. */
function Via({ row }: { row: Row }) {
  const whither = row.channel === "email" ? row.to : row.channel === "webchat" ? "" : accounts.value.get(row.account)?.name;
  return <span class="via">{t().composer.via}<ChannelMark kind={row.channel} quiet /><b>{channelName(row.channel)}</b>{whither && <span class="faint one">{whither}</span>}</span>;
}

const MOST_NAMED = 3;

/** Who else gets the answer, where it goes to several. */
function Everyone({ row }: { row: Row }) {
  const [all, setAll] = useState(false);
  if (!row.everyone?.length) return null;
  const everyone = [row.to, ...row.everyone];
  const left = all ? 0 : Math.max(0, everyone.length - MOST_NAMED);
  return (
    <p class="cc"><b>{t().composer.replyAll}</b> {everyone.slice(0, everyone.length - left).join(", ")}
      {left > 0 && <>{" "}<button type="button" class="link" onClick={() => setAll(true)}>{t().composer.others(left)}</button></>}</p>
  );
}

/** The box is as high as its words, up to a limit. */
function useGrow(area: { current: HTMLTextAreaElement | null }, conversation: string, text: string, room: string): void {
  useLayoutEffect(() => {
    const node = area.current;
    if (!node) return;
    node.style.height = text ? "auto" : "";
    if (!text) return; // measuring lays the page out, which every step from one conversation to the next would pay for
    node.style.height = `${Math.min(MOST_HIGH_PX, node.scrollHeight)}px`;
  }, [conversation, text, room]);
}

/** Take the focus when a key or the palette asks for it. */
function useWish(area: { current: HTMLTextAreaElement | null }, row: Row): void {
  const wish = composerWish.value;
  useLayoutEffect(() => {
    const node = area.current;
    if (!wish || !node) return;
    composerWish.value = null;
    if (wish.conversation !== row.id) return;
    write(row, { mode: wish.mode });
    node.focus();
    node.setSelectionRange(node.value.length, node.value.length);
    void handOver();
  }, [wish, row.id]);
}
