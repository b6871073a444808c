import { beforeEach, describe, expect, it } from "vitest";

// The least of a page that the keys look at.
class Element { isContentEditable = false; }
class TextArea extends Element {}
class Select extends Element {}
class Input extends Element { type = "text"; }
Object.assign(globalThis, {
  window: globalThis,
  HTMLElement: Element, HTMLTextAreaElement: TextArea, HTMLSelectElement: Select, HTMLInputElement: Input,
  location: { pathname: "/inbox/open/c1", search: "", protocol: "http:", host: "hub" },
  matchMedia: () => ({ matches: true, addEventListener: () => undefined }),
  document: { querySelector: () => null, documentElement: { dataset: {}, lang: "vi" } },
  history: { pushState: () => undefined, replaceState: () => undefined },
  addEventListener: () => undefined, dispatchEvent: () => true,
});

const { mayAct } = await import("../inbox/actions/keys");
const { COMMANDS } = await import("../inbox/actions/commands");
const { phase } = await import("../inbox/store/session");
const { prefs } = await import("../inbox/store/prefs");
const { dialog } = await import("../inbox/actions/dialogs");

const next = COMMANDS.find((command) => command.id === "next")!;
const palette = COMMANDS.find((command) => command.id === "palette")!;
const press = (part: object = {}): KeyboardEvent => ({ isComposing: false, keyCode: 74, target: new Element(), ctrlKey: false, metaKey: false, altKey: false, ...part }) as unknown as KeyboardEvent;

describe("a key", () => {
  beforeEach(() => {
    phase.value = "ready";
    dialog.value = null;
    prefs.value = { ...prefs.value, shortcuts: true };
  });

  it("acts on the page", () => expect(mayAct(next, press())).toBe(true));
  it("sleeps while an input method composes", () => expect(mayAct(next, press({ isComposing: true }))).toBe(false));
  it("sleeps on the code that input methods send", () => expect(mayAct(next, press({ keyCode: 229 }))).toBe(false));
  it("with Ctrl sleeps while an input method composes, too", () => expect(mayAct(palette, press({ isComposing: true, ctrlKey: true }))).toBe(false));
  it("sleeps while somebody writes", () => expect(mayAct(next, press({ target: new TextArea() }))).toBe(false));
  it("with Ctrl acts while somebody writes", () => expect(mayAct(palette, press({ target: new TextArea(), ctrlKey: true }))).toBe(true));
  it("sleeps when single keys are switched off", () => {
    prefs.value = { ...prefs.value, shortcuts: false };
    expect([mayAct(next, press()), mayAct(palette, press({ ctrlKey: true }))]).toEqual([false, true]);
  });
  it("sleeps behind a dialog", () => {
    dialog.value = "help";
    expect(mayAct(next, press())).toBe(false);
  });
  it("sleeps before anybody signed in", () => {
    phase.value = "signed-out";
    expect(mayAct(palette, press({ ctrlKey: true }))).toBe(false);
  });
  it("belongs to one command", () => {
    const keys = COMMANDS.map((command) => command.key).filter(Boolean);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
