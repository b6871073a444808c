// One channel's questions, tried live against its platform when they are answered. What fails says so where it was asked.
import { TriangleAlert } from "lucide-preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { go } from "../../../actions/place";
import { post, Problem } from "../../../store/api";
import { refresh } from "../../../store/session";
import type { Account, Channel, Language } from "../../../store/types";
import { language, said, sentence, ts } from "../../../text";
import { Banner } from "../../../ui/Banner";
import { Button } from "../../../ui/Button";
import { Typing } from "../../../ui/Typing";
import { Card } from "../parts";
import { asked, defaults, given, unanswered, type Answers } from "./questions";
import { Questions } from "./Questions";
import { connected } from "./steps";

const TRIED_WITHIN_MS = 90_000;
const LONG_S = 8;
/** Asked for as the platform's own sentence and worded here: where nobody worded it, the English says more than a general answer. */
const PRECISE = "en";

interface Made { account: Account; steps?: Partial<Record<Language, string[]>> }
interface Trouble { field: string | null; words: string; safe: boolean }

export function ConnectForm({ channel, account }: { channel: Channel; account?: Account }) {
  const fields = channel.fields ?? [];
  const name = channel.name[language.value];
  const form = useRef<HTMLFormElement>(null);
  const [answers, setAnswers] = useState<Answers>(() => defaults(fields, account?.settings as Record<string, unknown> | undefined));
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const now = asked(channel.kind, fields, answers);
  const known = [...now.first, ...now.further].map((field) => field.name);
  const [more, setMore] = useState(false);
  const further = more || now.further.some((field) => field.name === trouble?.field);

  // A mistake takes the focus to where it was made.
  useLayoutEffect(() => {
    if (trouble) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [trouble]);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const left = unanswered(now, answers);
    if (left) return setTrouble({ field: left, words: ts().connect.missing, safe: true });
    setTrouble(null);
    setBusy(true);
    try {
      const body = { answers: given(now, answers), ...(account && { account: account.id }) };
      const made = await post<Made>(`/accounts/connect/${encodeURIComponent(channel.kind)}`, body, { within_ms: TRIED_WITHIN_MS, language: PRECISE });
      await refresh().catch(() => undefined);
      connected.value = { account: made.account.id, steps: made.steps ?? {} };
      go(`/settings/accounts:${made.account.id}`);
    } catch (error) {
      setTrouble(troubleOf(error));
      setBusy(false);
    }
  };
  const errorOf = (one: string): string | null => (trouble?.field === one ? said(trouble.words) : null);
  const questions = { answers, onAnswer: (one: string, value: string) => setAnswers((before) => ({ ...before, [one]: value })), errorOf };
  return (
    <form ref={form} onSubmit={submit} novalidate aria-busy={busy}>
      <Card>
        {trouble && !known.includes(trouble.field ?? "") && <Banner tone="danger"><p><b>{ts().connect.fault}</b> {said(trouble.words)}{trouble.safe && ` ${ts().connect.nothingKept}`}</p></Banner>}
        <div class="form"><Questions fields={now.first} {...questions} /></div>
        {now.further.length > 0 && (
          <details class="further" open={further} onToggle={(event: Event) => setMore((event.currentTarget as HTMLDetailsElement).open)}>
            <summary>{ts().connect.further}</summary>
            <div class="form two"><Questions fields={now.further} {...questions} /></div>
          </details>
        )}
        <div class="row"><Button kind="primary" type="submit" busy={busy}>{ts().connect.go}</Button>{busy && <Trying name={name} />}</div>
        {trouble && known.includes(trouble.field ?? "") && <p class="err" aria-hidden="true"><TriangleAlert size={14} class="i" /><span>{ts().connect.fault} {ts().connect.nothingKept}</span></p>}
      </Card>
    </form>
  );
}

/** A check that got no answer may have ended well: nobody may say that nothing was stored. */
function troubleOf(error: unknown): Trouble {
  if (!(error instanceof Problem)) return { field: null, words: sentence(error), safe: false };
  if (error.slug === "timeout" || error.slug === "offline") return { field: null, words: ts().connect.unanswered, safe: false };
  return { field: error.field, words: sentence(error), safe: true };
}

function Trying({ name }: { name: string }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((n) => n + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  return <span class="muted trying"><span role="status"><Typing words={ts().connect.going(name)} />{seconds >= LONG_S && ` ${ts().connect.long}`}</span>{seconds > 1 && <span class="num">{ts().connect.seconds(seconds)}</span>}</span>;
}
