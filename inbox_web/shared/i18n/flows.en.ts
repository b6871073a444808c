// The page of the bots' flows in English. flows.vi.ts is held to the same keys by its type.

export const flows = {
  title: "Bot flows", what: "Short conversations that a bot holds until one of you takes over.", add: "New flow", none: "No flow yet", noneHow: "A flow greets, asks with quick replies, keeps the answers and hands over to a team. A rule starts it.",
  how: "A flow talks once a rule starts it: Rules → New rule → Start a bot flow.", isOn: (name: string) => `“${name}” is on`, fresh: "New flow", edit: "Edit flow", last: (by: string, when: string) => `Last changed by ${by}, ${when}. Conversations that are in it go on as it was.`,
  name: "Name", steps: "Steps", noSteps: "No step yet. Begin with a question.", addStep: "Add a step", up: (n: number) => `Move step ${n} up`, down: (n: number) => `Move step ${n} down`,
  kind: { say: "Say something", ask: "Ask and wait for the answer", hand_over: "Hand over to a team", end: "End here" } as Record<string, string>, toTeam: (team: string) => `to ${team}`, endHelp: "Behind a branch: what follows is another one's.",
  team: "Team", vi: "In Vietnamese", viOptional: "A word before that, in Vietnamese (optional)", en: "In English", choice: (n: number) => `Quick reply ${n}`, addChoice: "Add a quick reply", label: "Label (optional)",
  keep: "Keep the answer as the customer's", keepNot: "Nothing", keepHelp: "A phone number or an email is asked for once more when there is none in the answer.", kept: { name: "name", phone: "phone number", email: "email", address: "address", birthday: "birthday", company: "company", note: "note" } as Record<string, string>,
  go: "Then", goElse: "Then, unless the quick reply says otherwise", next: "the next step",
  ends: "The bot falls silent when one of you answers or takes the conversation, when the customer asks for a person, does not fit the question twice, or says nothing for a day. Without words in the customer's language it speaks the other one.",
  drop: "Delete", dropSure: (name: string) => `Delete “${name}”? What it said stays; conversations that are in it end.`, dropYes: (name: string) => `Delete ${name}`,
};

export type FlowsText = typeof flows;
