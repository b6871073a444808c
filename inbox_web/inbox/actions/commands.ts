// Every action once: its words, its key, when it makes sense, what it does. Keys, palette and help all read this table.
import { prefer, prefs } from "../store/prefs";
import { isAdministrator, teams } from "../store/session";
import { t } from "../text";
import { width } from "../ui/width";
import * as act from "./conversation";
import { dialog, openMenu, panelOver } from "./dialogs";
import { focusComposer, focusSearch } from "./focus";
import { currentConversation, currentRow, go, neighbour, openConversation, openInbox, openView, place, shownIds } from "./place";
import { markUnread } from "./reading";
import { askForRating, canRate } from "./rating";
import { signOut, useLanguage } from "./start";

export interface Command {
  id: string;
  words: () => string;
  group: "conversation" | "list" | "go" | "app";
  /** A key in tinykeys' notation; single keys sleep while somebody writes. */
  key?: string;
  /** The key as people read it. */
  shown?: string;
  icon: string;
  when?: () => boolean;
  run: () => void;
}

const inInbox = (): boolean => place.peek().page === "inbox";
const hasRow = (): boolean => currentRow.peek() !== undefined;
const isOpen = (): boolean => currentRow.peek()?.state === "open";
const withRow = (then: (row: NonNullable<typeof currentRow.value>) => unknown) => (): void => {
  const row = currentRow.peek();
  if (row) void then(row);
};
const step = (by: number) => (): void => {
  const id = neighbour(by);
  if (id) openConversation(id);
};
const isDark = (): boolean => document.documentElement.dataset.theme === "dark" || (prefs.peek().theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);

export const COMMANDS: readonly Command[] = [
  { id: "reply", group: "conversation", key: "r", shown: "R", icon: "reply", when: hasRow, words: () => t().command.reply, run: withRow((row) => focusComposer(row.id, "reply")) },
  { id: "note", group: "conversation", key: "i", shown: "I", icon: "note", when: hasRow, words: () => t().command.note, run: withRow((row) => focusComposer(row.id, "note")) },
  { id: "resolve", group: "conversation", key: "e", shown: "E", icon: "check", when: () => hasRow() && currentRow.peek()?.state !== "resolved", words: () => t().command.resolve, run: withRow(act.resolve) },
  { id: "resolve-next", group: "conversation", key: "Shift+E", shown: "Shift E", icon: "check", when: () => hasRow() && currentRow.peek()?.state !== "resolved", words: () => t().command.resolveNext, run: withRow(act.resolveAndNext) },
  { id: "reopen", group: "conversation", icon: "undo", when: () => hasRow() && !isOpen(), words: () => t().command.reopen, run: withRow(act.reopen) },
  { id: "assign", group: "conversation", key: "a", shown: "A", icon: "user", when: hasRow, words: () => t().command.assign, run: () => openMenu("assign") },
  { id: "assign-me", group: "conversation", key: "m", shown: "M", icon: "user", when: hasRow, words: () => t().command.assignMe, run: withRow((row) => act.assign(row, act.myId())) },
  { id: "team", group: "conversation", key: "t", shown: "T", icon: "team", when: () => hasRow() && teams.peek().size > 0, words: () => t().command.team, run: () => openMenu("team") },
  { id: "labels", group: "conversation", key: "l", shown: "L", icon: "tag", when: hasRow, words: () => t().command.labels, run: () => openMenu("labels") },
  { id: "priority", group: "conversation", key: "p", shown: "P", icon: "flag", when: hasRow, words: () => t().command.priority, run: () => openMenu("priority") },
  { id: "snooze", group: "conversation", key: "z", shown: "Z", icon: "snooze", when: hasRow, words: () => t().command.snooze, run: () => openMenu("snooze") },
  { id: "mark-unread", group: "conversation", key: "u", shown: "U", icon: "bell", when: hasRow, words: () => t().command.markUnread, run: withRow(markUnread) },
  { id: "rating", group: "conversation", icon: "star", when: () => canRate(currentRow.peek()), words: () => t().command.rating, run: withRow(askForRating) },
  { id: "panel", group: "conversation", key: "]", shown: "]", icon: "panel", when: inInbox, words: () => t().command.panel, run: togglePanel },
  { id: "next", group: "list", key: "j", shown: "J", icon: "down", when: inInbox, words: () => t().command.next, run: step(1) },
  { id: "previous", group: "list", key: "k", shown: "K", icon: "up", when: inInbox, words: () => t().command.previous, run: step(-1) },
  { id: "unread", group: "list", key: "n", shown: "N", icon: "bell", when: inInbox, words: () => t().command.unread, run: nextUnread },
  { id: "search", group: "list", key: "/", shown: "/", icon: "search", words: () => t().command.search, run: () => { if (place.peek().page === "settings") openInbox(); focusSearch(); } },
  { id: "views", group: "list", key: "[", shown: "[", icon: "panel", when: inInbox, words: () => t().command.views, run: toggleViews },
  { id: "go-inbox", group: "go", key: "g i", shown: "G I", icon: "inbox", words: () => t().command.goInbox, run: openInbox },
  { id: "go-contacts", group: "go", key: "g c", shown: "G C", icon: "users", words: () => t().command.goContacts, run: () => go("/contacts") },
  { id: "go-settings", group: "go", key: "g s", shown: "G S", icon: "gear", words: () => t().command.goSettings, run: () => go("/settings") },
  ...(["open", "mine", "unassigned", "waiting", "snoozed", "resolved"] as const).map((view): Command => ({
    id: `view-${view}`, group: "go", icon: "inbox", words: () => t().command.view(t().view[view]), run: () => openView(view),
  })),
  { id: "add-account", group: "go", icon: "plus", when: () => isAdministrator.peek(), words: () => t().command.addAccount, run: () => go("/settings/accounts") },
  { id: "add-agent", group: "go", icon: "plus", when: () => isAdministrator.peek(), words: () => t().command.addAgent, run: () => go("/settings/agents") },
  { id: "palette", group: "app", key: "$mod+k", shown: "Ctrl K", icon: "search", words: () => t().command.palette, run: () => { dialog.value = dialog.peek() === "palette" ? null : "palette"; } },
  { id: "help", group: "app", key: "?", shown: "?", icon: "help", words: () => t().help.title, run: () => { dialog.value = "help"; } },
  { id: "theme", group: "app", icon: "moon", words: () => (isDark() ? t().theme.toLight : t().theme.toDark), run: () => prefer({ theme: isDark() ? "light" : "dark" }) },
  { id: "language", group: "app", icon: "globe", words: () => t().command.otherLanguage, run: () => void useLanguage(document.documentElement.lang === "vi" ? "en" : "vi").catch(() => undefined) },
  { id: "shortcuts", group: "app", icon: "keyboard", words: () => (prefs.peek().shortcuts ? t().command.shortcutsOff : t().command.shortcutsOn), run: () => prefer({ shortcuts: !prefs.peek().shortcuts }) },
  { id: "sign-out", group: "app", icon: "out", words: () => t().nav.signOut, run: () => void signOut() },
];

function togglePanel(): void {
  if (width.peek() === "wide") prefer({ panel: !prefs.peek().panel });
  else panelOver.value = !panelOver.peek();
}

function toggleViews(): void {
  if (width.peek() === "wide") prefer({ views: !prefs.peek().views });
  else openMenu("views");
}

function nextUnread(): void {
  const id = act.nextUnread(shownIds.peek(), currentConversation.peek());
  if (id) openConversation(id);
}
