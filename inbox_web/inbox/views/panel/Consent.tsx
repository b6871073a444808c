// What a person said of messages that they did not ask for, and what colleagues took back of it. Nothing is ever erased.
import { BellOff } from "lucide-preact";
import { useState } from "preact/hooks";
import { listTime } from "../../../shared/format";
import { showEntry } from "../../actions/focus";
import { currentConversation, openConversation } from "../../actions/place";
import { liftConsents } from "../../store/contacts";
import type { Consent, Contact } from "../../store/types";
import { language, sentence, t } from "../../text";
import { Button } from "../../ui/Button";
import { channelName } from "../../ui/ChannelMark";
import { now } from "../../ui/clock";
import { Input } from "../../ui/Field";
import { Icon } from "../../ui/Icon";

export function Consents({ contact }: { contact: Contact }) {
  const said = contact.consents ?? [];
  const [lifting, setLifting] = useState(false);
  if (said.length === 0) return null;
  const lifted = new Set(said.map((one) => one.lifts));
  const standing = said.filter((one) => one.says === "stop" && !lifted.has(one.id));
  return (
    <section class="consents"><h3>{t().consent.title}{standing.length > 0 && !lifting && <button type="button" class="link" onClick={() => setLifting(true)}>{t().consent.lift}</button>}</h3>
      <p class={standing.length ? "refused" : "faint"}>{standing.length > 0 && <Icon of={BellOff} size={14} />}{standing.length ? t().consent.none : t().consent.again}</p>
      {lifting && <Lift contact={contact} ids={standing.map((one) => one.id)} onDone={() => setLifting(false)} />}
      <ul>{said.map((one) => <Said key={one.id} one={one} gone={lifted.has(one.id)} />)}</ul>
    </section>
  );
}

function Said({ one, gone }: { one: Consent; gone: boolean }) {
  const at = listTime(new Date(one.at), now.value, language.value);
  if (one.says === "lift") return <li>{t().consent.lifted(one.by.name, at)}: {one.reason}</li>;
  return (
    <li>{t().consent.said(one.by.name, channelName(one.channel ?? ""), at)}{!one.sure && ` · ${t().consent.unsure}`}{gone && ` · ${t().consent.gone}`}{" "}
      {one.message && <button type="button" class="link" onClick={() => see(one)}>{t().entry.seeEntry}</button>}</li>
  );
}

function see(one: Consent): void {
  if (one.conversation && one.conversation !== currentConversation.peek()) openConversation(one.conversation, "all");
  else if (one.message) showEntry(one.message);
}

function Lift({ contact, ids, onDone }: { contact: Contact; ids: string[]; onDone: () => void }) {
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await liftConsents(contact.id, ids, reason.trim());
      onDone();
    } catch (error) {
      setProblem(sentence(error));
      setBusy(false);
    }
  };
  return (
    <form class="lift" onSubmit={save}>
      <Input label={t().consent.reason} help={t().consent.reasonHelp} value={reason} onValue={setReason} required autofocus maxLength={300} error={problem} />
      <div class="row end"><Button kind="quiet" onClick={onDone}>{t().cancel}</Button><Button kind="primary" type="submit" busy={busy} disabled={!reason.trim()}>{t().consent.lift}</Button></div>
    </form>
  );
}
