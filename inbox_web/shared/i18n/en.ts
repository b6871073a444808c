// The inbox in English. The shape of this record is the shape of every language: vi.ts is held to it by its type.

const files = (n: number): string => (n === 1 ? "1 file" : `${n} files`);
const by = (who: string, active: string, passive: string): string => (who ? `${who} ${active}` : passive);

export const en = {
  undo: "Undo", undone: "Undone", retry: "Try again", close: "Close", cancel: "Cancel", save: "Save", edit: "Edit", back: "Back", more: "More", see: "View", done: "Done", reopen: "Reopen",
  skip: "Skip to content", you: "You", youUpper: "You", youLower: "you", draft: "Draft", unassigned: "Unassigned", noWords: "No messages yet",
  searchOrRun: "Search or run", searchList: "Search conversations", closeSearch: "Close search", draftsSafe: "Your drafts are safe.",
  typing: "typing…", typingBy: (name: string) => `${name} is typing…`, viewingBy: (name: string) => `${name} ${name.includes(", ") ? "are" : "is"} viewing`,
  assignedTo: (name: string) => `Assigned to ${name}`, noteBy: (name: string) => `Note by ${name}`, noteWord: "internal note", files,
  unread: (n: number) => `${n} unread`, newAbove: (n: number) => (n === 1 ? "1 new" : `${n} new`), newLine: "New messages", toEnd: "Newest",
  older: "Load older messages", loadingOlder: "Loading older messages…", beginning: (name: string) => `The beginning with ${name}`,
  snoozedTo: (when: string) => `Snoozed to ${when}`, waitingFor: (minutes: number) => `waiting ${span(minutes)}`,
  quarantined: (n: number) => `${n} quarantined`, nothingFound: (typed: string) => (typed.trim() ? `Nothing fits “${typed.trim()}”.` : "Nothing here."),
  threadWith: (name: string) => `Messages with ${name}`, channelMoved: "changed channel", otherConversation: "Open this conversation",
  sendFailed: "Not sent.", sendFailedHow: "Your words are safe here.", refusedHow: "The channel did not take it.", unknownTitle: "Unknown whether it arrived.", unknownHow: "Will not resend by itself.",
  resend: "Send again", arrived: "It arrived", openPicture: (name: string) => `Open picture ${name}`, copyLink: "Copy link", copied: "Copied",
  entry: {
    noSubject: "No subject", quoted: (n: number) => `Quote and signature · ${n === 1 ? "1 line" : `${n} lines`}`, hideQuoted: "Hide quote and signature", more: "Show more", less: "Show less", asSent: "View as sent", asText: "View as text",
    frame: (name: string) => `Mail from ${name}, as sent`, images: "Show images", imagesHow: "Images on other servers are blocked: loading them tells the sender that you read this.", imagesShown: "Images on other servers are shown.",
    auto: "Automatic", autoHow: "A machine wrote this. It is never answered by itself.", elsewhere: "written elsewhere", also: (who: string) => `also to ${who}`, alsoCame: (to: string) => `Also came to ${to || "another mailbox of ours"}`, openCopy: "Open conversation", edited: (at: string) => `edited ${at}`, gone: "This message was deleted.", goneAt: (at: string) => `deleted ${at}`,
    former: "Former words", hideFormer: "Hide former words", reacted: (emoji: string, who: string) => `${emoji} by ${who}`, fetching: "on its way…", fileFailed: "Could not be fetched.", fileHow: "Ask the customer to send it again.",
    notTo: (who: string) => `Not delivered to ${who}:`, unknownTo: (who: string) => `Unknown whether it reached ${who}.`, reached: (who: string) => `Sent to ${who}.`, seeEntry: "View",
  },
  undoSend: "Undo send",
  leaving: { unsent: (n: number) => (n === 1 ? "1 conversation has unsent words on this device." : `${n} conversations have unsent words on this device.`), how: "If others use this device too, delete them.", keep: "Keep on this device", clear: "Delete and sign out" },
  nav: { label: "Main", inbox: "Inbox", contacts: "Contacts", settings: "Settings", waiting: (words: string, n: number) => `${words}, ${n} waiting`, me: (name: string) => `Signed in as ${name}`, profile: "Profile and appearance", signOut: "Sign out" },
  theme: { toLight: "Light theme", toDark: "Dark theme" },
  view: { label: "Views", open: "All open", mine: "Mine", unassigned: "Unassigned", waiting: "Unanswered", snoozed: "Snoozed", resolved: "Done", all: "All conversations", teams: "Teams", channels: "Channels", find: "Find a view" },
  state: { open: "Open", snoozed: "Snoozed", resolved: "Done" },
  delivery: { queued: "Queued", sending: "Sending", sent: "Sent", delivered: "Delivered", read: "Read", refused: "Refused", unknown: "Unknown" },
  tag: { because: (figure: string, words: string[]) => `${figure} because of ${words.map((word) => `“${word}”`).join(", ")}`, plain: (figure: string) => figure, also: "Also wants:", alsoSure: (figure: string) => `Also wanted, ${figure}`, hurry: "In a hurry", correct: "Correct the intent", correctHow: (why: string) => `${why}. Press to correct it.`, find: "Find an intent", byAgent: (name: string, who: string) => `${name}, corrected by ${who}`, by: (who: string) => `by ${who}`, corrected: (name: string) => `Corrected to “${name}”`, upset: "Upset" },
  offline: { since: (at: string) => `Offline since ${at}.`, readable: "You can read what was loaded and keep writing.", waiting: (n: number) => `${n === 1 ? "1 message of yours waits" : `${n} messages of yours wait`} to be sent.` },
  did: {
    resolved: "Marked as done", reopened: "Reopened", snoozed: (when: string) => `Snoozed to ${when}`, assigned: (name: string) => `Assigned to ${name}`, unassigned: "Assigned to nobody",
    routed: (team: string) => `Moved to ${team}`, unrouted: "Taken from its team", labelled: (label: string) => `Labelled “${label}”`, unlabelled: (label: string) => `Label “${label}” removed`, discarded: "Draft discarded", unread: "Marked as unread", priority: (level: string) => `Priority set to ${level.toLowerCase()}`, rating: "Asked for a rating",
  },
  command: {
    reply: "Write a reply", note: "Write an internal note", resolve: "Mark as done", resolveNext: "Mark as done, open the next", reopen: "Reopen", assign: "Assign", assignMe: "Assign to me", team: "Move to a team",
    labels: "Labels", priority: "Priority", snooze: "Snooze", markUnread: "Mark as unread", rating: "Ask for a rating", panel: "Customer panel", next: "Next conversation", previous: "Previous conversation", unread: "Next unread", search: "Search conversations", views: "Choose a view",
    goInbox: "Go to inbox", goContacts: "Go to contacts", goSettings: "Go to settings", view: (name: string) => `View: ${name}`, addAccount: "Connect a channel", addAgent: "Add a colleague",
    palette: "Search or run", otherLanguage: "Dùng tiếng Việt", shortcutsOff: "Switch single-key shortcuts off", shortcutsOn: "Switch single-key shortcuts on",
  },
  help: {
    title: "Keyboard shortcuts", writing: "While writing", send: "Send", leave: "Leave the composer, keep the draft", single: "Single-key shortcuts", singleHelp: "Keys without Ctrl or ⌘. They always sleep while you write.",
    groups: { conversation: "This conversation", list: "List", go: "Go to", app: "Everywhere" },
  },
  palette: { choose: "choose", run: "run", accents: "Accents are optional", conversations: "Conversations", contacts: "Contacts" },
  assign: { people: "Colleagues", teams: "Teams", me: "you", away: "away", nobody: "Nobody", noTeam: "No team", find: "Find a colleague or team", findTeam: "Find a team" },
  priority: { urgent: "Urgent", high: "High", normal: "Normal", low: "Low" }, prioritySign: (level: string) => `Priority: ${level.toLowerCase()}`,
  labels: { find: "Find or make a label", fresh: (label: string) => `New label “${label}”` },
  snooze: { today: "Later today", tomorrow: "Tomorrow morning", monday: "Next Monday", custom: "Pick a time…", back: "Bring back now", title: "Snooze until", until: "Comes back at", set: "Snooze", past: "Pick a time that is still to come." },
  composer: {
    mode: "Kind of message", reply: "Reply", note: "Internal note", noteShort: "Note", via: "via", onlyColleagues: "Only colleagues see this", replyTo: (name: string) => `Reply to ${name}`, notePlace: "A note for colleagues",
    replyAll: "Reply to all:", others: (n: number) => (n === 1 ? "and 1 more" : `and ${n} more`), attach: "Attach files", uploading: "Uploading…", saved: "Draft saved", send: "Send", addNote: "Add note", filesHere: "Files with this message", detach: (name: string) => `Remove ${name}`, tooLarge: (most: string) => `Larger than ${most}, the limit of this channel.`,
  },
  stale: { who: (name: string, at: string) => `${name} replied at ${at}`, after: ", after you began to write. Yours is not sent.", discard: "Discard draft", send: "Send anyway", see: "View" },
  panel: { routed: "Why it is here", routedBy: (rule: string, name: string): string => (rule === "table:intents" ? `Its intent belongs to ${name}` : rule === "table:account" ? `The channel's default: ${name}` : rule.startsWith("flow:") ? `Bot flow “${name}”` : `Rule “${name}”`),
    label: "Customer", addresses: "Addresses", verified: "verified", claimed: "as told", anonymous: "not signed in", rating: "Rating", stars: (n: number) => `${n} of 5 stars`, labels: "Labels", addLabel: "Edit", noLabels: "None", about: "Facts", conversations: "Conversations", whole: "Open customer page",
    since: (date: string) => `since ${date}`, vietnamese: "Vietnamese", english: "English", edit: "Edit customer", name: "Name", facts: { email: "Email", phone: "Phone", page: "Page", name: "Name", stage: "Stage", score: "Score", region: "Region", source: "Source", address: "Address", birthday: "Birthday", company: "Company", note: "Note" } as Record<string, string>,
    stages: { new: "New", lead: "Lead", customer: "Customer", regular: "Regular", lost: "Lost" } as Record<string, string>, noStage: "None", scoreHelp: "From 0 to 100.", cause: "See the message", site: "Account on the website", browsers: (n: number) => `${n} devices`,
    why: { intent: "Intent", wish: "Wanted", words: "Words", channel: "Channel", account: "Account", language: "Language", entity: "Found", label: "Label", priority: "Priority", team: "Team", waiting: "Waiting for", hours: "Hours", rating: "Stars", changed: "Changed", sign: "Mood" },
    whyValue: { vi: "Vietnamese", en: "English", other: "another", open: "open", closed: "closed", order: "order code", date: "date", amount: "amount", link: "link", phone: "phone", email: "email", urgent: "urgent", bad: "unhappy", good: "happy", us: "customer's answer", customer: "our answer" } as Record<string, string>,
  },
  consent: {
    title: "Advertising", none: "Wants no advertising", again: "May get it again", lift: "Allow again", refuse: "They refused", refuseYes: "Write it down", refused: "How did they say it?", refusedHelp: "On the phone, at the counter… No greeting or campaign reaches them from now on.", nothing: "Did not refuse", written: (who: string, at: string) => `${who} wrote down, ${at}`, reason: "Why may they get it again?", reasonHelp: "What they said stays; your reason stands beside it.",
    said: (who: string, channel: string, at: string) => `${who} said so on ${channel}, ${at}`, lifted: (who: string, at: string) => `${who} allowed it again, ${at}`, unsure: "a guess of the machine", gone: "no longer in force",
  },
  contacts: { search: "Search contacts", choose: "Choose a customer", chooseHow: "Everything they ever wrote, on any channel, in one place.", none: "No customers yet", noneHow: "They appear here with their first message.", failed: "Contacts not loaded", oneFailed: "This customer was not loaded", gone: "There is no such customer", all: "See all customers", noFacts: "No details yet", open: "Open conversation" },
  how: { load: "had the least", round_robin: "in turn", last_agent: "served them last", left: "whoever had it left" } as Record<string, string>,
  flowEnded: { done: "it is through", handed_over: "handed over", person: "the customer asks for a person", answered: "somebody answered", taken: "somebody took it", silence: "the customer said nothing for a day", lost: "the answer did not fit twice", off: "switched off" } as Record<string, string>,
  event: (verb: string, who: string, to: string, rule: string): string => {
    const because = rule ? ` (${rule})` : "";
    switch (verb) {
      case "opened": return "Conversation opened";
      case "assigned": return to ? `${by(who, `assigned it to ${to}`, `Assigned to ${to}`)}${because}` : `${by(who, "assigned it to nobody", "Assigned to nobody")}${because}`;
      case "took": return `${who} took it`;
      case "unassigned": return by(who, "assigned it to nobody", "Assigned to nobody");
      case "team": case "routed": return to ? `${by(who, `moved it to ${to}`, `Moved to ${to}`)}${because}` : by(who, "took it from its team", "Taken from its team");
      case "resolved": return by(who, "marked it as done", "Marked as done");
      case "reopened": return by(who, "reopened it", "Reopened");
      case "snoozed": return by(who, "snoozed it", "Snoozed");
      case "labelled": return by(who, `added the label “${to}”`, `Labelled “${to}”`);
      case "unlabelled": return by(who, `removed the label “${to}”`, `Label “${to}” removed`);
      case "priority": return by(who, `set the priority to ${to}`, `Priority set to ${to}`);
      case "identified": return to ? `Identified as ${to}` : "Customer identified";
      case "flow_started": return `Bot flow “${to}” began`;
      case "flow_ended": return `Bot flow “${who}” ended: ${to}`;
      case "rated": return `${who} gave ${"★".repeat(Number(to))}`;
      case "edited": return by(who, "edited a message", "A message was edited");
      case "deleted": return by(who, "deleted a message", "A message was deleted");
      case "merged": return `Merged${to ? ` with ${to}` : ""}`;
      default: return [who, verb, to].filter(Boolean).join(" ");
    }
  },
  blank: {
    choose: "Choose a conversation", chooseHow: "J and K walk the list, Ctrl K finds anything.", start: "The inbox did not start", page: "This page did not load", list: "Conversations not loaded", thread: "Messages not loaded",
    denied: "This is not yours to see", gone: "No such conversation", goneHow: "The address may be old or mistyped.", notFound: (q: string) => `“${q}” not found`, notFoundHow: "Try fewer words; accents are optional.", clearSearch: "Clear search",
    connect: "Connect a channel", firstChannel: "Connect your first channel", firstChannelHow: "Once Telegram, email, Slack or the chat on your website is connected, customers' messages arrive here within seconds.", askAdministrator: "Ask an administrator of the shop to connect one.",
    mine: "Nobody is waiting for you", mineHow: (n: number) => `New messages appear here. ${n === 1 ? "1 conversation is" : `${n} conversations are`} unassigned.`, seeFree: (n: number) => (n === 1 ? "View 1 conversation" : `View ${n} conversations`),
    open: "Nothing open", openHow: "New messages appear here by themselves.", demo: "Write as a customer", snoozed: "Nothing snoozed", resolved: "Nothing done yet", seeView: (name: string) => `View: ${name}`,
  },
  signIn: {
    title: "Sign in", what: "One inbox for the whole shop.", email: "Email", password: "Password", go: "Sign in", show: "Show password", hide: "Hide password", both: "Enter your email and your password.",
    wrong: "Email or password is not right. Check them and try again.", noAccount: "No account? Ask an administrator of the shop to add you.",
  },
  problems: {
    offline: "The server cannot be reached. What you wrote is safe on this device.", timeout: "The server did not answer in 10 seconds. What you wrote is safe on this device.", unavailable: "The server is busy or restarting. Try again in a moment.",
    "not-signed-in": "You are signed out. Sign in again to go on.", denied: "Your role does not allow this. An administrator can do it.", "not-found": "It is no longer there.", "too-large": "This is too large.", "too-many": "Too many tries. Wait a moment.",
    conflict: "The customer has just written again, so it stays open.", "seen-missing": "The page is out of date. Reload it and send again.", unexpected: "That did not work, and nothing was changed. Try again.",
    wait: (seconds: number) => `Too many tries. Wait ${seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`}.`,
  },
};

function span(minutes: number): string {
  if (minutes < 1) return "under a minute";
  if (minutes < 60) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} days`;
}

export type Text = typeof en;
