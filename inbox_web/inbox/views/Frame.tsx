// What stands around every page: the rail (a bottom bar on a phone), the toast, the menus and the dialogs.
import { Inbox, Moon, Settings, Sun, Users } from "lucide-preact";
import { useComputed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { picturesAgain } from "../../shared/pictures";
import { dialog, menu } from "../actions/dialogs";
import { currentConversation, currentPage, go, openInbox } from "../actions/place";
import { signOut } from "../actions/start";
import { counts } from "../store/counts";
import { liveState } from "../store/live";
import { prefer, prefs } from "../store/prefs";
import { me } from "../store/session";
import { t } from "../text";
import { Avatar } from "../ui/Avatar";
import { Icon, type Glyph } from "../ui/Icon";
import { Lazy } from "../ui/Lazy";
import { Logo } from "../ui/Logo";
import { width } from "../ui/width";
import { ToastBar } from "../ui/ToastBar";
import { capped } from "./numbers";
import { fetchAhead, help, leaveDialog, menus, palette, snoozeDialog } from "./parts";

export function Frame({ children }: { children: ComponentChildren }) {
  useEffect(fetchAhead, []);
  useEffect(() => liveState.subscribe((state) => { if (state === "open") picturesAgain(document); }), []);
  const inThread = useComputed(() => currentConversation.value !== null);
  const beside = width.value === "wide" && prefs.value.views && currentPage.value === "inbox";
  return (
    <div class={`app${inThread.value ? " in-thread" : ""}${beside ? " beside-views" : ""}`}>
      <a class="skip" href="#main">{t().skip}</a>
      <Rail />
      <div class="page-slot" id="main" tabIndex={-1}>{children}</div>
      <ToastBar />
      {menu.value && <Lazy load={menus} props={{}} />}
      <Dialogs />
    </div>
  );
}

function Rail() {
  const here = currentPage.value;
  return (
    <nav class="rail" aria-label={t().nav.label}>
      {width.value !== "phone" && here !== "settings" && <h1 class="unseen">{here === "contacts" ? t().nav.contacts : t().nav.inbox}</h1>}
      <span class="rail-logo"><Logo /></span>
      <RailLink path="/inbox" icon={Inbox} words={t().nav.inbox} keys="G I" on={here === "inbox"} count={counts.value?.waiting} go={openInbox} />
      <RailLink path="/contacts" icon={Users} words={t().nav.contacts} keys="G C" on={here === "contacts"} />
      <RailLink path="/settings" icon={Settings} words={t().nav.settings} keys="G S" on={here === "settings"} />
      <div class="rail-end">
        <ThemeButton />
        <Myself />
      </div>
    </nav>
  );
}

function RailLink({ path, icon, words, keys, on, count, go: jump }: { path: string; icon: Glyph; words: string; keys: string; on: boolean; count?: number | undefined; go?: () => void }) {
  const click = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (jump) jump();
    else go(path);
  };
  return (
    <a href={path} class={`rail-a${on ? " on" : ""}`} aria-current={on ? "page" : undefined} data-tip={`${words}  ${keys}`} onClick={click} aria-label={count ? t().nav.waiting(words, count) : words}>
      <Icon of={icon} size={20} />
      <span class="rail-w" aria-hidden="true">{words}</span>
      {!!count && <span class="badge" aria-hidden="true">{capped(count, 99)}</span>}
    </a>
  );
}

function ThemeButton() {
  const dark = prefs.value.theme === "dark" || (prefs.value.theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  return (
    <button type="button" class="rail-a" aria-label={dark ? t().theme.toLight : t().theme.toDark} data-tip={dark ? t().theme.toLight : t().theme.toDark} onClick={() => prefer({ theme: dark ? "light" : "dark" })}>
      <Icon of={dark ? Sun : Moon} size={20} />
    </button>
  );
}

function Myself() {
  const agent = me.value;
  if (!agent) return null;
  const state = liveState.value === "open" ? "here" : "gone";
  return (
    <details class="myself">
      <summary aria-label={t().nav.me(agent.name)} data-tip={agent.name}><Avatar name={agent.name} me><span class={`pr ${state}`} /></Avatar></summary>
      <div class="menu myself-m">
        <p><b>{agent.name}</b><br /><span class="faint">{agent.email}</span></p>
        <button type="button" class="mi" onClick={() => go("/settings/profile")}>{t().nav.profile}</button>
        <button type="button" class="mi" onClick={() => { dialog.value = "help"; }}>{t().help.title}<kbd>?</kbd></button>
        <button type="button" class="mi" onClick={() => void signOut()}>{t().nav.signOut}</button>
      </div>
    </details>
  );
}

function Dialogs() {
  const close = () => { dialog.value = null; };
  switch (dialog.value) {
    case "palette": return <Lazy key="palette" load={palette} props={{ onClose: close }} />;
    case "help": return <Lazy key="help" load={help} props={{ onClose: close }} />;
    case "leave": return <Lazy key="leave" load={leaveDialog} props={{ onClose: close }} />;
    case "snooze": return <Lazy key="snooze" load={snoozeDialog} props={{ onClose: close }} />;
    default: return null;
  }
}
