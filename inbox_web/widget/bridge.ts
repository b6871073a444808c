/** What the loader and the panel know of each other: two scripts, one small agreement. */

import type { Language, SignedUser } from "./wire";

export interface Bridge {
  hub: string; // address of the hub with a slash at its end
  account: string;
  name: string;
  language: Language;
  user: SignedUser | null;
  shadow: ShadowRoot;
  place: HTMLElement; // where the panel draws itself
  unread(count: number, teaser: string): void;
  close(): void; // hide the panel and give the focus back to the bubble
  emit(event: string, detail?: unknown): void;
}

export interface Panel {
  show(quiet: boolean): void; // quiet: the focus stays on the page
  hide(): void;
  identify(user: SignedUser): void;
}

export interface PanelModule {
  mount(bridge: Bridge): Promise<Panel>;
}
