// The palette: every action that makes sense here, every place, and people, found without accents.
import "../styles/palette.css";
import { Bell, Check, ChevronDown, ChevronUp, CircleHelp, Clock, Flag, Globe, Inbox, Keyboard, LogOut, Moon, PanelRight, Plus, Reply, RotateCcw, Search, Settings, Star, StickyNote, Tag, User, Users } from "lucide-preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { fold } from "../../shared/format";
import { COMMANDS } from "../actions/commands";
import { viewLines } from "./inbox/views_list";
import { wishEntry } from "../actions/focus";
import { contactPath, go, openConversation, openView } from "../actions/place";
import { NOTHING, search, type Found } from "../actions/search";
import type { Hit, Row } from "../store/types";
import { t } from "../text";
import { Avatar } from "../ui/Avatar";
import { ChannelMark } from "../ui/ChannelMark";
import { Dialog } from "../ui/Dialog";
import { Icon, type Glyph } from "../ui/Icon";
import { Marked } from "../ui/Marked";

const GLYPHS: Readonly<Record<string, Glyph>> = {
  reply: Reply, note: StickyNote, check: Check, undo: RotateCcw, user: User, team: Users, tag: Tag, snooze: Clock, flag: Flag, panel: PanelRight, down: ChevronDown, up: ChevronUp,
  bell: Bell, star: Star, search: Search, inbox: Inbox, users: Users, gear: Settings, plus: Plus, help: CircleHelp, moon: Moon, globe: Globe, keyboard: Keyboard, out: LogOut,
};
const GROUPS = ["conversation", "list", "go", "app"] as const;
const SEARCH_AFTER_MS = 120;
const MOST_COMMANDS = 12;

interface Entry { id: string; group: string; words: string; hint?: string | undefined; keys?: string | undefined; mark: preact.ComponentChild; run: () => void }

export function Palette({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [found, setFound] = useState<Found>(NOTHING);
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const entries = useMemo(() => [...commands(typed), ...places(typed), ...people(found)], [typed, found]);
  const active = Math.min(at, entries.length - 1);
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => void search(typed, stop.signal).then((hits) => { if (!stop.signal.aborted) setFound(hits); }), SEARCH_AFTER_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [typed]);
  useLayoutEffect(() => { list.current?.querySelector(".pi.on")?.scrollIntoView({ block: "nearest" }); }, [active]);
  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    requestAnimationFrame(entry.run);
  };
  const key = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step) setAt((active + step + entries.length) % Math.max(1, entries.length));
    else if (event.key === "Enter") run(entries[active]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={t().command.palette} onClose={onClose} bare>
      <div class="palette">
        <div class="pf"><Icon of={Search} /><input type="text" autofocus role="combobox" aria-expanded="true" aria-controls="palette-l" aria-activedescendant={entries.length ? `palette-${active}` : undefined} aria-autocomplete="list" aria-label={t().searchOrRun} placeholder={t().searchOrRun} autocomplete="off" spellcheck={false} value={typed}
          onInput={(event: Event) => { setTyped((event.currentTarget as HTMLInputElement).value); setAt(0); }} onKeyDown={key} /><kbd>Esc</kbd></div>
        {entries.length === 0 && <p class="menu-0" role="status">{t().nothingFound(typed)}</p>}
        <div class="pl" hidden={entries.length === 0} id="palette-l" role="listbox" aria-label={t().command.palette} ref={list}>
          {entries.map((entry, index) => (
            <Line key={entry.id} entry={entry} head={entry.group !== entries[index - 1]?.group} id={`palette-${index}`} on={index === active} typed={typed} onHover={() => setAt(index)} onRun={() => run(entry)} />
          ))}
        </div>
        <p class="pb faint"><span><kbd>↑</kbd> <kbd>↓</kbd> {t().palette.choose}</span><span><kbd>↵</kbd> {t().palette.run}</span><span class="end">{t().palette.accents}</span></p>
      </div>
    </Dialog>
  );
}

function Line({ entry, head, id, on, typed, onHover, onRun }: { entry: Entry; head: boolean; id: string; on: boolean; typed: string; onHover: () => void; onRun: () => void }) {
  return (
    <>
      {head && <div class="mh" role="presentation">{entry.group}</div>}
      <div id={id} class={`pi${on ? " on" : ""}`} role="option" aria-selected={on} onPointerMove={onHover} onClick={onRun}>
        {entry.mark}<span class="grow one"><Marked text={entry.words} hit={typed} />{entry.hint && <span class="faint pi-h"><Marked text={entry.hint} hit={typed} /></span>}</span>
        {entry.keys?.split(" ").map((one) => <kbd key={one}>{one}</kbd>)}
      </div>
    </>
  );
}

function commands(typed: string): Entry[] {
  const wanted = fold(typed.trim()).split(/\s+/).filter(Boolean);
  const fit = COMMANDS.filter((command) => command.id !== "palette" && (command.when?.() ?? true) && wanted.every((word) => fold(command.words()).includes(word)));
  const grouped = GROUPS.flatMap((group) => fit.filter((command) => command.group === group));
  return (wanted.length ? grouped.slice(0, MOST_COMMANDS) : grouped).map((command) => ({
    id: command.id, group: t().help.groups[command.group], words: command.words(), keys: command.shown, mark: <Icon of={GLYPHS[command.icon] ?? Search} />, run: command.run,
  }));
}

/** Teams and channels as views; the plain views are commands already. */
function places(typed: string): Entry[] {
  const wanted = fold(typed.trim());
  const fit = viewLines().filter((line) => line.group !== "plain" && wanted && fold(line.words).includes(wanted));
  return fit.map((line) => ({ id: line.slug, group: t().help.groups.go, words: t().command.view(line.words), mark: line.mark, run: () => openView(line.slug) }));
}

function people({ rows, contacts, hits }: Found): Entry[] {
  return [
    ...rows.map((row): Entry => ({ id: `row ${row.id}`, group: t().palette.conversations, words: row.name, hint: hits.get(row.id)?.text ?? row.preview?.text, mark: <Avatar name={row.name} size="s"><ChannelMark kind={row.channel} quiet /></Avatar>, run: () => openFound(row, hits.get(row.id)) })),
    ...contacts.map((one): Entry => ({ id: `contact ${one.id}`, group: t().palette.contacts, words: one.name, hint: [one.facts.phone, one.facts.email].filter(Boolean).join(" · "), mark: <Avatar name={one.name} size="s" />, run: () => go(contactPath(one.id)) })),
  ];
}

/** Open a conversation, at the message that was found. */
function openFound(row: Row, hit: Hit | undefined): void {
  if (hit) wishEntry(row.id, hit.message);
  openConversation(row.id, row.state === "open" ? "open" : "all");
}
