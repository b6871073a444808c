// The first thing that runs: styles, the present moment, the width, the words, and then the page.
import "../shared/tokens.css";
import "./styles/base.css";
import "./styles/ui.css";
import "./styles/frame.css";
import "./styles/list.css";
import { effect } from "@preact/signals";
import { render } from "preact";
import { startAhead } from "./actions/ahead";
import { startKeys } from "./actions/keys";
import { startPlace } from "./actions/place";
import { start, wear } from "./actions/start";
import { flushDrafts, hearDraft } from "./store/drafts";
import { releaseOutbox } from "./store/outbox";
import { flushOutbox } from "./store/outbox";
import { phase } from "./store/session";
import { startClock } from "./ui/clock";
import { startTips } from "./ui/tips";
import { startWidth } from "./ui/width";
import { App } from "./views/App";

effect(wear);
startClock();
startWidth();
startTips();
startAhead();
startKeys();
startPlace();
addEventListener("pagehide", flushDrafts);
addEventListener("pagehide", releaseOutbox);
addEventListener("online", flushOutbox);
addEventListener("storage", (event) => hearDraft(event.key, event.newValue));
const started = start();

/** Draw once the first words are there; until then stands what index.html says, better than a page of keys. */
const stop = effect(() => {
  if (phase.value === "starting") return;
  const app = document.getElementById("app")!;
  app.replaceChildren();
  render(<App />, app);
  queueMicrotask(() => stop());
});
void started;
