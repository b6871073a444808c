// The settings pages in English; fetched with them. settings.vi.ts is held to the same keys by its type.

import { flows } from "./flows.en";
import { intents } from "./intents.en";
import { learning } from "./learning.en";
import { hours, rules } from "./rules.en";

export const settings = {
  rules, flows, hours, intents, learning,
  nav: "Settings", saved: "Saved", save: "Save", off: "off", on: "On", add: "Add", copy: "Copy", copied: "Copied", remove: "Remove", failed: "Settings not loaded", onlyAdministrators: "Only administrators change this", onlyAdministratorsHow: "Ask an administrator of the shop, or open your own profile.", toProfile: "Open profile",
  sections: { profile: "Profile", accounts: "Channels", agents: "People", teams: "Teams", quarantine: "Quarantine", rules: "Rules", flows: "Bot flows", hours: "Hours and work", intents: "Intents", learning: "Learning" },
  profile: {
    title: "Profile", what: "How the inbox looks and behaves for you.", you: "You", role: { administrator: "Administrator", agent: "Agent" }, appearance: "Appearance", language: "Language", theme: "Theme", themes: { system: "System", light: "Light", dark: "Dark" },
    density: "Rows", densities: { comfortable: "Comfortable", cosy: "Cosy", compact: "Compact" }, keyboard: "Keyboard", enter: "Enter sends", enterHelp: "Shift Enter makes a new line. When off, Ctrl Enter sends.", shortcuts: "Single-key shortcuts", shortcutsHelp: "J, K, R, E and the like. They never act while you write.", seeKeys: "See all keys",
    notices: "Notifications and sending", notify: "Notify me of new messages", notifyHelp: "While this page is out of sight: yours, and those nobody has taken. Each browser asks you once.", notifyDenied: "The browser blocks it. Allow it in the browser's settings for this site.", notifyMissing: "This browser cannot do it.",
    undo: "Undo send", undoOff: "Send at once", seconds: (n: number) => `${n} seconds`, undoHelp: "A reply waits this long before it leaves, so you can take it back. Notes are saved at once.",
    password: "Password", old: "Current password", fresh: "New password", freshHelp: "At least 10 characters.", change: "Change password", changed: "Password changed", wrong: "The current password isn't right.", short: "At least 10 characters.", signOut: "Sign out on this device",
  },
  accounts: {
    title: "Channels", what: "Every place customers write from.", add: "Connect a channel", none: "No channel yet", noneHow: "Telegram, email, Slack, or a chat on your own website, which is ready in a minute.", name: "Account", state: "State", team: "Team", fine: "Fine", off: "Switched off",
    fresh: "Connect a website", freshWhat: "A chat bubble on your shop's pages.", nameOf: "Name", nameHelp: "What colleagues see, such as mocan.vn.", origins: "Websites", originsHelp: "One address per line, such as https://mocan.vn. Only pages there may open the chat.", badOrigin: (line: string) => `“${line}” is not an address such as https://mocan.vn.`,
    connect: "Connect", look: "Appearance and greeting", color: "Colour", greetingVi: "Greeting in Vietnamese", greetingEn: "Greeting in English", repliesVi: "Quick replies in Vietnamese", repliesEn: "Quick replies in English", repliesHelp: "One per line, four at most. Customers tap instead of typing.",
    language: "Language of the chat", languages: { auto: "Same as the visitor's browser", vi: "Vietnamese", en: "English" }, prechat: "Ask before the chat", prechatHelp: "Everything is optional for customers unless you require it.", fields: { name: "Name", email: "Email", phone: "Phone" }, ask: "ask", must: "required",
    routing: "Team for conversations without a known intent", noTeam: "No team", working: "Takes messages", workingHelp: "When off, the chat disappears from your website. Nothing stored is lost.", install: "Put it on your website", installHelp: "Copy this line before </body> on each page.",
    identity: "Recognise signed-in customers", identityHelp: "Your server signs the customer's id with this secret (HMAC-SHA256) so that nobody can pose as another. Keep it on the server.", showSecret: "Show secret", newSecret: "Make a new secret", newSecretSure: "Pages that sign with the old secret stop being recognised at once.", sureNew: "Make new secret", back: "All channels",
    check: "Check now", checkOf: (name: string) => `Check ${name} now`, checking: "Checking…", checked: "It works", workingOf: (name: string) => `${name} takes messages`, workingOther: "When off, nothing comes in from there and nothing goes out. Nothing stored is lost.", found: (found: string, stored: string) => `found ${found}, stored ${stored}`, stored: (stored: string) => `stored ${stored}`, heard: (when: string) => `last heard ${when}`, health: "State", healthHelp: "“Check now” signs in once for real.", general: "Name and team", again: "Connect it again", againHelp: "With a new password or token. What is stored stays.",
  },
  mirror: {
    title: "The team's mirror", what: (place: string) => `Conversations show in Slack's channel ${place}; words in a thread there are internal notes until somebody presses the button that sends them.`, off: "Shows the team conversations right in Slack. Connect again and give the team's channel to switch it on.",
    all: "All other channels", which: "Only conversations of:", further: "Another workspace", furtherWhat: "The same app in one more workspace; each becomes a channel of its own here.", add: "Add to Slack",
  },
  connect: {
    title: "Connect a channel", what: "Choose where customers write. Each takes a few minutes.", name: (channel: string) => `Connect ${channel}`, back: "Other channels", go: "Check and connect", going: (channel: string) => `Trying it with ${channel}…`, seconds: (n: number) => `${n} s`, long: "This may take half a minute.",
    fault: "Not connected.", nothingKept: "Nothing was stored.", further: "Further settings", show: "Show", hide: "Hide", missing: "This can't be empty.", unanswered: "The server did not answer in time. Look at the list of channels first: it may be connected.", left: (channel: string) => `Left to do at ${channel}`, done: (name: string) => `${name} is connected.`, doneHow: "Messages arrive in the inbox from now on.", noSteps: "Nothing is left to do there.", copyAddress: "Address that receives (webhook)", addressHelp: "Where the other side posts to. It must reach this hub from the internet.",
    secret: "Secret for signatures", secretHelp: "The other side signs each request with it (HMAC-SHA256). Keep it on the server.", more: "See all channels",
    about: { telegram: "A bot that customers write to, in private or in groups.", email: "A mailbox at Gmail, Outlook or your own server.", slack: "A workspace: channels, shared channels and direct messages.", webchat: "A chat bubble on your shop's pages.", api: "Your own program, by signed requests." },
    needs: { telegram: "Needs: the token from @BotFather.", email: "Needs: the address and its password.", slack: "Needs: a Slack app's tokens.", webchat: "Needs: the address of your website.", api: "Needs: somebody who programs." },
    option: { yes: "Yes", no: "No", password: "Password", google: "Google (OAuth)", microsoft: "Microsoft 365 (OAuth)", tls: "TLS", starttls: "STARTTLS", plain: "None", none: "None", auto: "Automatic" },
  },
  agents: {
    title: "People", what: "Who answers, and what they may do.", add: "Add a colleague", name: "Name", email: "Email", role: "Role", teams: "Teams", state: "State", on: "Not here", off: "Switched off", here: "Here now", you: "you", fresh: "Add a colleague", freshHow: "They sign in with this email and a password that is shown to you once.", create: "Add",
    password: (name: string) => `Password of ${name}`, once: "Shown only now. Hand it over in person or in a safe way; they can change it in their profile.", done: "I've noted it down", edit: (name: string) => `Edit ${name}`, active: "Can sign in", activeHelp: "When off, they are signed out everywhere. What they wrote stays.", reset: "Make a new password", resetHow: "The old one stops working at once.", last: "You cannot lock yourself out.", roleHelp: "Administrators change settings; agents answer.",
  },
  teams: {
    title: "Teams", what: "An intent sends a conversation to its team by itself.", add: "New team", none: "No teams yet", noneHow: "Without teams all conversations stay in one list. With teams each intent finds its people.", name: "Name", intents: "Intents routed here", people: (n: number) => (n === 1 ? "1 person" : `${n} people`), fresh: "New team", edit: (name: string) => `Edit ${name}`, create: "Create team",
    taken: (team: string) => `now at ${team}`, remove: "Delete team", removeSure: (name: string) => `Delete ${name}? Its conversations stay, without a team.`, removeYes: (name: string) => `Delete ${name}`, table: "Intent to team", nobody: "No team", tableHelp: "Each intent goes to one team at most.", find: "Find an intent",
  },
  quarantine: {
    title: "Quarantine", what: "What arrived and could not be read. The original is kept as it came.", none: "Nothing in quarantine", noneHow: "All that arrived was understood.", when: "When", where: "Channel", why: "Why", retry: "Try again", retried: "Being tried again", aside: "Set aside", asideSure: "Set this aside for good? It will not be tried again.", asideYes: "Set aside for good", asided: "Set aside",
  },
};

export type SettingsText = typeof settings;
