// What a person said of messages that they did not ask for, and what colleagues took back of it. Nothing is ever erased.
import { BellOff } from "lucide-preact";
import { useState } from "preact/hooks";
import { listTime } from "../../../shared/format";
import { showEntry } from "../../actions/focus";
import { currentConversation, openConversation } from "../../actions/place";
import { liftConsents, refuseConsent } from "../../store/contacts";
import type { Consent, Contact } from "../../store/types";
import { language, sentence, t } from "../../text";
import { Button } from "../../ui/Button";
import { channelName } from "../../ui/ChannelMark";
import { now } from "../../ui/clock";
import { Input } from "../../ui/Field";
import { Icon } from "../../ui/Icon";

export function Consents({ contact }: { contact: Contact }) {
  const words = t().consent;
  const said = contact.consents ?? [];
  const [writing, setWriting] = useState(false);
  const lifted = new Set(said.map((one) => one.lifts));
  const standing = said.filter((one) => one.says === "stop" && !lifted.has(one.id));
  const refused = standing.length > 0;
  const act = (reason: string) => (refused ? liftConsents(contact.id, standing.map((one) => one.id), reason) : refuseConsent(contact.id, reason));
  return (
    <section class="consents"><h3>{words.title}{!writing && <button type="button" class="link" onClick={() => setWriting(true)}>{refused ? words.lift : words.refuse}</button>}</h3>
      <p class={refused ? "refused" : "faint"}>{refused && <Icon of={BellOff} size={14} />}{refused ? words.none : said.length ? words.again : words.nothing}</p>
      {writing && (refused
        ? <Reason label={words.reason} help={words.reasonHelp} yes={words.lift} act={act} onDone={() => setWriting(false)} />
        : <Reason label={words.refused} help={words.refusedHelp} yes={words.refuseYes} act={act} onDone={() => setWriting(false)} />)}
      {said.length > 0 && <ul>{said.map((one) => <Said key={one.id} one={one} gone={lifted.has(one.id)} />)}</ul>}
    </section>
  );
}

function Said({ one, gone }: { one: Consent; gone: boolean }) {
  const at = listTime(new Date(one.at), now.value, language.value);
  if (one.says === "lift") return <li>{t().consent.lifted(one.by.name, at)}: {one.reason}</li>;
  if (one.by.kind === "agent") return <li>{t().consent.written(one.by.name, at)}: {one.reason}{gone && ` · ${t().consent.gone}`}</li>;
  return (
    <li>{t().consent.said(one.by.name, channelName(one.channel ?? ""), at)}{!one.sure && ` · ${t().consent.unsure}`}{gone && ` · ${t().consent.gone}`}{" "}
      {one.message && <button type="button" class="link" onClick={() => see(one)}>{t().entry.seeEntry}</button>}</li>
  );
}

function see(one: Consent): void {
  if (one.conversation && one.conversation !== currentConversation.peek()) openConversation(one.conversation, "all");
  else if (one.message) showEntry(one.message);
}

function Reason({ label, help, yes, act, onDone }: { label: string; help: string; yes: string; act: (reason: string) => Promise<void>; onDone: () => void }) {
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await act(reason.trim());
      onDone();
    } catch (error) {
      setProblem(sentence(error));
      setBusy(false);
    }
  };
  return (
    <form class="lift" onSubmit={save}>
      <Input label={label} help={help} value={reason} onValue={setReason} required autofocus maxLength={300} error={problem} />
      <div class="row end"><Button kind="quiet" onClick={onDone}>{t().cancel}</Button><Button kind="primary" type="submit" busy={busy} disabled={!reason.trim()}>{yes}</Button></div>
    </form>
  );
}
