// The log: the person's whole history in one scroll. It opens at the first new words, sticks to the bottom only when it is
// there, and older entries come in above without moving what is being read.
import { ArrowDown, TriangleAlert } from "lucide-preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { layOut } from "../../actions/log_layout";
import { entryWish, showEntry } from "../../actions/focus";
import { markRead } from "../../actions/reading";
import { pendingIn } from "../../actions/send";
import { headOf } from "../../store/merge";
import { visitorsTyping } from "../../store/presence";
import { loadNewest, loadOlder, reachConversation, reachMessage, threadOf } from "../../store/threads";
import type { Row } from "../../store/types";
import { sentenceSafe, t } from "../../text";
import { Blank, useLate } from "../../ui/Blank";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Typing } from "../../ui/Typing";
import { Lines } from "./Lines";
import { PendingEntry } from "./entries/PendingEntry";
import { useStick } from "./stick";

export function Log({ row }: { row: Row }) {
  const thread = useMemo(() => threadOf(row.contact), [row.contact]);
  const newAfter = useRef(row.read < row.head ? row.read : null);
  const entries = thread.entries.value;
  const pending = pendingIn(row.id, entries);
  const lines = useMemo(() => layOut(entries, row.id, newAfter.current), [entries, row.id, newAfter.current]);
  const head = headOf(entries, row.id);
  const ready = thread.status.value === "ready";
  const typing = visitorsTyping.value.has(row.id);
  const { box, inner, atEnd, below, toEnd } = useStick({ ready, key: row.id, count: entries.length + pending.length, own: pending.at(-1)?.key ?? "", typing });
  const late = useLate(thread.status.value === "loading");

  // Asked for once it is on screen: of the conversations that a held key runs past, none.
  useEffect(() => void loadNewest(thread), [thread]);
  useEffect(() => {
    if (ready) void reachConversation(thread, row.id);
  }, [ready]);
  useReading(row, head, atEnd, newAfter);
  const wish = entryWish.value;
  useEffect(() => {
    if (!ready || wish?.conversation !== row.id) return;
    void reachMessage(thread, wish.message).then(() => requestAnimationFrame(() => {
      if (entryWish.peek() !== wish) return;
      entryWish.value = null;
      showEntry(wish.message);
    }));
  }, [ready, wish, row.id]);

  const scroll = () => {
    if (box.current && box.current.scrollTop < 400) void loadOlder(thread);
  };
  if (thread.status.value === "failed") {
    return <div class="log-box"><Blank icon={TriangleAlert} danger title={t().blank.thread} action={<Button kind="primary" onClick={() => { thread.status.value = "loading"; void loadNewest(thread); }}>{t().retry}</Button>}>{sentenceSafe(thread.problem.value)}</Blank></div>;
  }
  return (
    <div class="log-box">
      <div class="log" ref={box} onScroll={scroll} tabIndex={0} role="log" aria-label={t().threadWith(row.name)} aria-busy={!ready}>
        <div class="log-in" ref={inner}>
          {late && <LogSkeleton />}
          {ready && (thread.more.value ? <p class="log-top">{thread.older.value ? t().loadingOlder : <button type="button" class="link" onClick={() => void loadOlder(thread)}>{t().older}</button>}</p> : <p class="log-top">{t().beginning(row.name)}</p>)}
          {ready && <Lines lines={lines} />}
          {pending.map((item) => <PendingEntry key={item.key} item={item} />)}
          {typing && <div class="m in"><div class="b b-typing"><Typing words={t().typing} /></div></div>}
        </div>
      </div>
      {below && <button type="button" class="to-end" onClick={toEnd}><Icon of={ArrowDown} size={14} />{t().toEnd}</button>}
    </div>
  );
}

/** Mark as read what is at the end of a visible, focused page; keep a "new" line for what came while nobody looked. */
function useReading(row: Row, head: number, atEnd: { current: boolean }, newAfter: { current: number | null }): void {
  useEffect(() => {
    const look = () => {
      const there = document.visibilityState === "visible" && document.hasFocus();
      if (!there && newAfter.current === null && head > row.read) newAfter.current = row.read;
      if (there && atEnd.current && head > 0) void markRead(row.id, head);
    };
    look();
    addEventListener("focus", look);
    const log = document.querySelector(".log");
    log?.addEventListener("scroll", look, { passive: true });
    return () => {
      removeEventListener("focus", look);
      log?.removeEventListener("scroll", look);
    };
  }, [row.id, head]);
}

function LogSkeleton() {
  return <div class="log-skel" aria-hidden="true"><span class="skel in" /><span class="skel out" /><span class="skel in s" /><span class="skel out s" /></div>;
}
