// What the settings sections share: their head, cards, a saved form, a list that is fetched, and words to copy.
import { Copy, TriangleAlert } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { say } from "../../actions/toast";
import { Problem } from "../../store/api";
import { sentence, t, ts } from "../../text";
import { Blank, useLate } from "../../ui/Blank";
import { Button } from "../../ui/Button";

export function SectionHead({ title, what, children }: { title: string; what: string; children?: ComponentChildren }) {
  return <div class="set-h"><div class="grow"><h2>{title}</h2><p class="muted">{what}</p></div>{children}</div>;
}

export function Card({ title, help, aside, children }: { title?: string; help?: string; aside?: ComponentChildren; children: ComponentChildren }) {
  return <section class="card">{title && <div class="card-h"><h3 class="grow">{title}</h3>{aside}</div>}<div class="card-b">{help && <p class="help">{help}</p>}{children}</div></section>;
}

/** Run a save: busy while it lasts, a sentence (and the field it is about) when it fails. */
export function useSaving() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ words: string; field: string | null } | null>(null);
  const save = async (what: () => Promise<unknown>, done?: string): Promise<boolean> => {
    setBusy(true);
    setProblem(null);
    try {
      await what();
      if (done) say(done);
      return true;
    } catch (error) {
      setProblem({ words: sentence(error), field: error instanceof Problem ? error.field : null });
      return false;
    } finally {
      setBusy(false);
    }
  };
  const about = (field: string): string | null => (problem?.field === field ? problem.words : null);
  const general = (known: readonly string[]): string | null => (problem && !known.includes(problem.field ?? "") ? problem.words : null);
  return { busy, save, about, general };
}

/** Fetch once, and again on demand; `fault` is what stands in for the value: a skeleton while it is late, or why it did not come. */
export function useFetched<T>(ask: () => Promise<T>, again: unknown) {
  const [value, setValue] = useState<T | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  // Only the last question counts, and none that was asked before something was changed here.
  const turn = useRef(0);
  const load = (): Promise<void> => {
    const mine = ++turn.current;
    return ask().then((got) => {
      if (mine !== turn.current) return;
      setProblem(null);
      setValue(got);
    }, setProblem);
  };
  const amend = (now: T | ((before: T | null) => T | null)) => {
    turn.current++;
    setValue(now);
  };
  useEffect(() => void load(), [again]);
  const failed = problem !== null && value === null;
  const late = useLate(!failed && value === null);
  const fault = late ? <Late /> : failed ? <Blank icon={TriangleAlert} danger title={ts().failed} action={<Button kind="primary" onClick={() => void load()}>{t().retry}</Button>}>{sentence(problem)}</Blank> : null;
  return { value, setValue: amend, fault, load };
}

/** Lines of what comes, still. */
const Late = () => <div class="loading" aria-hidden="true">{[0, 1, 2].map((at) => <span key={at} class={`skel w${at}`} />)}</div>;

export function Fault({ words }: { words: string | null }) {
  return words ? <p class="err" role="alert">{words}</p> : null;
}

export function CopyBox({ text, label }: { text: string; label: string }) {
  const copy = () => void navigator.clipboard?.writeText(text).then(() => say(ts().copied));
  return <div class="copybox"><code tabIndex={0} aria-label={label}>{text}</code><Button small icon={Copy} onClick={copy}>{ts().copy}</Button></div>;
}
