// Which page: sign-in, a failed start, or the frame with the page of the address.
import { useEffect } from "preact/hooks";
import { Unplug } from "lucide-preact";
import { currentPage } from "../actions/place";
import { start } from "../actions/start";
import { counts } from "../store/counts";
import { boot, phase } from "../store/session";
import { t } from "../text";
import { Blank } from "../ui/Blank";
import { Button } from "../ui/Button";
import { Lazy } from "../ui/Lazy";
import { Frame } from "./Frame";
import { InboxPage } from "./inbox/InboxPage";
import { contacts, settings, signIn } from "./parts";

export function App() {
  useTitle();
  if (phase.value === "signed-out") return <Lazy load={signIn} props={{}} />;
  if (phase.value === "failed") {
    return (
      <main class="alone"><Blank icon={Unplug} danger title={t().blank.start} action={<Button kind="primary" onClick={() => void start()}>{t().retry}</Button>}>{t().problems.offline}</Blank></main>
    );
  }
  if (phase.value === "starting" || !boot.value) return null;
  return <Frame><Page /></Frame>;
}

function Page() {
  switch (currentPage.value) {
    case "contacts": return <Lazy key="contacts" load={contacts} props={{}} />;
    case "settings": return <Lazy key="settings" load={settings} props={{}} />;
    default: return <InboxPage />;
  }
}

/** The tab says how many customers wait, and where one is. */
function useTitle(): void {
  const waiting = phase.value === "ready" ? (counts.value?.waiting ?? 0) : 0;
  const page = phase.value !== "ready" ? t().signIn.title : currentPage.value === "contacts" ? t().nav.contacts : currentPage.value === "settings" ? t().nav.settings : t().nav.inbox;
  const title = `${waiting ? `(${waiting}) ` : ""}${page}${boot.value?.shop ? ` · ${boot.value.shop}` : ""}`;
  useEffect(() => { document.title = title; }, [title]);
}
