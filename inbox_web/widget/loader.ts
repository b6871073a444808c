/**
 * The script that a shop embeds: the bubble, its badge and teaser, the page's API. It fetches the panel when it is
 * wanted. Works under a strict Content-Security-Policy: constructed style sheets, no inline style, no HTML strings.
 */

import css from "./bubble.css?inline";
import type { Bridge, Panel, PanelModule } from "./bridge";
import { prefixOf } from "./keep";
import type { Language, SignedUser } from "./wire";

declare const __PANEL_VERSION__: string;

type Heard = (detail?: unknown) => void;
interface Look { name: string; color?: string; language?: string }

const WORDS = {
  vi: { open: "Mở trò chuyện", close: "Đóng trò chuyện", fresh: "tin mới", failed: "Chưa tải được. Anh/chị xem lại mạng rồi bấm lại nhé." },
  en: { open: "Open chat", close: "Close chat", fresh: "new", failed: "Not loaded. Check your network and press again." },
};
const BUBBLE = "M2.4 3.2h11.2v7.5H8.3l-3 2.6v-2.6H2.4zM5.3 7h.1M8 7h.1M10.7 7h.1";
const CROSS = "m4 4 8 8m0-8-8 8";

const script = (document.currentScript ?? document.querySelector("script[data-account]")) as HTMLScriptElement | null;
const page = window as unknown as { OmniHub?: unknown };
if (!script?.dataset.account) console.error("OmniHub: the script tag needs data-account.");
else if (!(page.OmniHub as { open?: unknown } | undefined)?.open) start(script, script.dataset.account);

function start(tag: HTMLScriptElement, account: string): void {
  const hub = new URL(".", tag.src).href;
  const { language: wanted, user, signature } = tag.dataset;
  const heard: Record<string, Heard[]> = {};
  const emit = (event: string, detail?: unknown) => heard[event]?.forEach((hear) => hear(detail));
  let signed: SignedUser | null = user && signature ? { data: user, signature } : null;
  let words = WORDS.vi;
  let bridge: Bridge | undefined; // once the look is known
  let loading: Promise<PanelModule> | undefined;
  let panel: Promise<Panel> | undefined;
  let wish = false; // opened, or to be opened as soon as it can be
  let tries = 0;
  let news = 0;

  const kept = (where: "local" | "session", key: string, value?: string) => {
    try {
      const drawer = window[`${where}Storage`]; // reading the property alone may throw
      return value === undefined ? drawer.getItem(prefixOf(account) + key) : drawer.setItem(prefixOf(account) + key, value);
    } catch {
      return null;
    }
  };
  const leave = (open: string) => kept("session", "open", open); // for the next page of this tab

  const place = document.createElement("div");
  const bubble = element("button", "bub");
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS(icon.namespaceURI as string, "path");
  const badge = element("span", "");
  const teaser = element("button", "tea");

  const load = () =>
    (loading ??= import(/* @vite-ignore */ `${hub}panel.js?v=${__PANEL_VERSION__}${"&".repeat(tries++)}`)); // a module that failed stays failed under its address
  const mount = () =>
    (panel ??= load().then((module) => module.mount(bridge as Bridge)).catch((why: unknown) => {
      loading = panel = undefined;
      throw why;
    }));
  const draw = () => {
    bubble.ariaExpanded = String(wish);
    bubble.ariaLabel = (wish ? words.close : words.open) + (news && !wish ? `, ${news} ${words.fresh}` : "");
    path.setAttribute("d", wish ? CROSS : BUBBLE);
    badge.textContent = news > 99 ? "99+" : String(news);
    badge.hidden = wish || !news;
    teaser.hidden = wish || !teaser.textContent;
  };
  const open = async (quiet?: unknown) => {
    wish = true;
    if (!bridge) return;
    draw();
    try {
      const opened = await mount();
      if (!wish) return;
      opened.show(quiet === true);
      leave("1");
      emit("open");
    } catch {
      wish = false;
      teaser.textContent = words.failed;
      draw();
    }
  };
  const close = () => {
    if (!wish) return;
    wish = false;
    leave("");
    draw();
    bubble.focus();
    emit("close");
    panel?.then((opened) => opened.hide(), () => 0);
  };
  const identify = (data: string, signature: string) => {
    const by = (signed = { data, signature });
    if (bridge) bridge.user = by;
    panel?.then((mounted) => mounted.identify(by), () => 0);
  };
  const on = (event: string, hear: Heard) => void (heard[event] ??= []).push(hear);
  const api: Record<string, (...said: never[]) => unknown> = { open, close, identify, on };
  const push = ([verb, ...said]: [string, ...never[]]) => api[verb]?.(...said);
  const queued = page.OmniHub;
  page.OmniHub = { ...api, push };

  const settle = (look: Look) => {
    const asked = [wanted === "page" ? document.documentElement.lang : wanted, look.language, navigator.language].find((one) => /^(vi|en)/.test(one ?? "")) ?? "en";
    const language = asked.slice(0, 2) as Language;
    words = WORDS[language];
    const host = document.createElement("omnihub-chat");
    const shadow = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    shadow.adoptedStyleSheets = [sheet];
    const wrap = element("div", "w");
    wrap.lang = language;
    host.style.setProperty("--brand", look.color || "#3b4fb8");
    icon.setAttribute("viewBox", "0 0 16 16");
    icon.ariaHidden = "true";
    icon.append(path);
    bubble.append(icon, badge);
    wrap.append(place, teaser, bubble);
    shadow.append(wrap);
    document.body.append(host);
    bubble.onclick = () => (wish ? close() : open());
    teaser.onclick = open;
    bubble.onpointerenter = bubble.onfocus = () => void load().catch(() => (loading = undefined));
    bridge = {
      hub, account, language, shadow, place, close, emit,
      name: look.name,
      user: signed,
      unread(count, last) {
        if (count !== news) emit("unread", count);
        teaser.textContent = count > news ? last : count ? teaser.textContent : "";
        news = count;
        draw();
      },
    };
    draw();
    if (wish) void open();
    else if (innerWidth > 480 && kept("session", "open")) void open(true); // where it covers the page, it stays away
    else if (kept("local", "token")) (window.requestIdleCallback ?? setTimeout)(() => mount().catch(() => 0));
  };
  if (Array.isArray(queued)) queued.forEach(push as (said: unknown) => void);

  const begin = () =>
    fetch(`${hub}chat/${encodeURIComponent(account)}/look`, { credentials: "omit" })
      .then((answer) => {
        if (answer.status < 500 && !answer.ok) throw answer.status;
        return answer.json() as Promise<Look>;
      })
      .then(settle, (why: unknown) => {
        if (typeof why === "number") console.error(`OmniHub: no web chat "${account}" here (${why}).`);
        else settle({ name: "" }); // no network now: the bubble stands, the panel keeps the words
      });
  if (document.body) void begin();
  else addEventListener("DOMContentLoaded", () => void begin());
}

function element(tag: string, name: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = name;
  if (tag === "button") (made as HTMLButtonElement).type = "button";
  return made;
}
