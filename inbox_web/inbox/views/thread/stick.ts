// Where a log stands while it grows: at its end it stays there, anywhere else what is read stays where it is.
import { useLayoutEffect, useRef, useState } from "preact/hooks";

const END_PX = 48;
const UNFOLD = "unfold";

/** Somebody opens more of an entry: what they look at must not move, not even at the end of the log. */
export const holdStill = (event: Event): void => void event.currentTarget?.dispatchEvent(new CustomEvent(UNFOLD, { bubbles: true }));

export interface StickTo { ready: boolean; key: string; count: number; own: string; typing: boolean }

export function useStick({ ready, key, count, own, typing }: StickTo) {
  const box = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const opened = useRef("");
  const first = useRef<{ node: Element | null; top: number }>({ node: null, top: 0 });
  // Where it stood last: an empty log at 0. To ask the page while it is being changed lays all of it out.
  const last = useRef(0);
  const [below, setBelow] = useState(false);

  const end = () => {
    const node = box.current;
    if (!node) return;
    node.scrollTop = node.scrollHeight;
    last.current = node.scrollTop;
  };
  const toEnd = () => {
    atEnd.current = true;
    end();
  };

  // Opening: at the first new words, else at the end.
  useLayoutEffect(() => {
    if (!ready || opened.current === key || count === 0) return;
    opened.current = key;
    const line = box.current!.querySelector<HTMLElement>(".new");
    end();
    if (line && line.getBoundingClientRect().top < box.current!.getBoundingClientRect().top) line.scrollIntoView({ block: "start" });
    atEnd.current = isAtEnd(box.current!);
  }, [ready, key, count]);

  // Growing: keep the end, or keep the first seen entry at its place.
  useLayoutEffect(() => {
    const node = box.current;
    if (!node || opened.current !== key) return;
    const anchor = first.current;
    if (atEnd.current) end();
    else if (anchor.node?.isConnected) node.scrollTop += anchor.node.getBoundingClientRect().top - anchor.top;
    remember();
  }, [count, typing]);
  useLayoutEffect(() => {
    if (own) toEnd();
  }, [own]);

  useLayoutEffect(() => {
    const node = box.current;
    if (!node) return;
    const scrolled = () => {
      // Only somebody who scrolls up leaves the end: a picture that grew meanwhile does not.
      if (isAtEnd(node)) atEnd.current = true;
      else if (node.scrollTop < last.current) atEnd.current = false;
      last.current = node.scrollTop;
      setBelow(!atEnd.current && node.scrollHeight - node.scrollTop - node.clientHeight > node.clientHeight);
      remember();
    };
    const unfolded = () => { atEnd.current = false; };
    node.addEventListener("scroll", scrolled, { passive: true });
    node.addEventListener(UNFOLD, unfolded);
    // Images, strips and the composer change heights without a new entry.
    const watcher = new ResizeObserver(() => { if (atEnd.current) end(); });
    watcher.observe(node);
    if (inner.current) watcher.observe(inner.current);
    return () => {
      node.removeEventListener("scroll", scrolled);
      node.removeEventListener(UNFOLD, unfolded);
      watcher.disconnect();
    };
  }, [key, ready]);

  /** The first entry in sight and where it stands. */
  function remember(): void {
    const node = box.current;
    if (!node) return;
    const top = node.getBoundingClientRect().top;
    const seen = Array.from(node.querySelectorAll("[data-entry]")).find((one) => one.getBoundingClientRect().bottom > top) ?? null;
    first.current = { node: seen, top: seen?.getBoundingClientRect().top ?? 0 };
  }
  return { box, inner, atEnd, below, toEnd };
}

const isAtEnd = (node: HTMLElement): boolean => node.scrollHeight - node.scrollTop - node.clientHeight < END_PX;
