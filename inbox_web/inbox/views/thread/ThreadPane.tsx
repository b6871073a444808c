// The open conversation: its head, the log of the whole person, and the composer. Finds the row first when the address came from outside.
import "../../styles/composer.css";
import { Lock, SearchX, TriangleAlert } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import { currentConversation, currentRow, currentView, openInbox, openView } from "../../actions/place";
import type { Problem } from "../../store/api";
import { fetchRow } from "../../store/contacts";
import { sentence, sentenceSafe, t } from "../../text";
import { Blank } from "../../ui/Blank";
import { Button } from "../../ui/Button";
import { Composer } from "../composer/Composer";
import { Log } from "./Log";
import { ThreadHead } from "./ThreadHead";

export function ThreadPane() {
  const id = currentConversation.value!;
  const row = currentRow.value;
  const [problem, setProblem] = useState<Problem | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    setProblem(null);
    if (row) return;
    fetchRow(id).catch((error: Problem) => setProblem(error));
  }, [id, row === undefined, tries]);
  if (!row) return <main class="thread nothing">{problem && <Missing problem={problem} retry={() => setTries(tries + 1)} />}</main>;
  return (
    <main class="thread" aria-label={t().threadWith(row.name)}>
      <ThreadHead row={row} />
      <Log key={row.id} row={row} />
      <Composer row={row} />
    </main>
  );
}

function Missing({ problem, retry }: { problem: Problem; retry: () => void }) {
  const back = <Button onClick={() => (currentView.peek() === "open" ? openInbox() : openView("open"))}>{t().blank.seeView(t().view.open)}</Button>;
  if (problem.slug === "denied") return <Blank icon={Lock} title={t().blank.denied} action={back}>{sentence(problem)}</Blank>;
  if (problem.slug === "not-found") return <Blank icon={SearchX} title={t().blank.gone} action={back}>{t().blank.goneHow}</Blank>;
  return <Blank icon={TriangleAlert} danger title={t().blank.thread} action={<Button kind="primary" onClick={retry}>{t().retry}</Button>}>{sentenceSafe(problem)}</Blank>;
}
