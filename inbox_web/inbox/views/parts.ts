// The parts of the page that are chunks of their own, and when they are fetched ahead: as soon as the first page stands still.
import { language, speakSettings } from "../text";
import { prefetch } from "../ui/Lazy";

export const signIn = async () => (await import("./SignIn")).SignIn;
export const threadPane = async () => (await import("./thread/ThreadPane")).ThreadPane;
export const htmlView = async () => (await import("./thread/entries/HtmlView")).HtmlView;
export const contactPanel = async () => (await import("./panel/ContactPanel")).ContactPanel;
export const menus = async () => (await import("./thread/ConversationMenus")).ConversationMenus;
export const palette = async () => (await import("./Palette")).Palette;
export const help = async () => (await import("./Help")).Help;
export const snoozeDialog = async () => (await import("./SnoozeDialog")).SnoozeDialog;
export const leaveDialog = async () => (await import("./LeaveDialog")).LeaveDialog;
export const contacts = async () => (await import("./contacts/ContactsPage")).ContactsPage;
export const settings = async () => {
  const [page] = await Promise.all([import("./settings/SettingsPage"), speakSettings(language.peek())]);
  return page.SettingsPage;
};

const QUIET_MS = 1_500;

/** Fetch what the next click will need, once nothing else is going on. */
export function fetchAhead(): void {
  setTimeout(() => [threadPane, contactPanel, menus, palette].forEach((load) => prefetch(load as never)), QUIET_MS);
}
