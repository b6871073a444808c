// One account: switched on or off, how it is, and what its kind lets one set.
import { ArrowLeft, RefreshCw } from "lucide-preact";
import { useState } from "preact/hooks";
import { listTime } from "../../../shared/format";
import { go } from "../../actions/place";
import { get, patch } from "../../store/api";
import { refresh, teams } from "../../store/session";
import type { Account } from "../../store/types";
import { language, ts } from "../../text";
import { Button } from "../../ui/Button";
import { channelName } from "../../ui/ChannelMark";
import { now } from "../../ui/clock";
import { Choose, Input, Toggle } from "../../ui/Field";
import { AccountForm } from "./AccountForm";
import { Came, Health } from "./AccountRow";
import { useCheck } from "./check";
import { Steps } from "./connect/Steps";
import { Install } from "./Install";
import { originLines } from "./origins";
import { Card, CopyBox, Fault, SectionHead, useFetched, useSaving } from "./parts";
import { FurtherCard, MirrorCard } from "./SlackCards";
import { useTurning } from "./turning";

/** Kinds whose other side must be told where to post to. */
const POSTED_TO = new Set(["slack", "email", "api"]);

export function OneAccount({ account }: { account: Account }) {
  const words = ts().accounts;
  const { on, turn, fault } = useTurning(account);
  const website = account.kind === "webchat";
  return (
    <>
      <button type="button" class="link back" onClick={() => go("/settings/accounts")}><ArrowLeft size={14} aria-hidden="true" />{words.back}</button>
      <SectionHead title={account.name} what={[channelName(account.kind), originLines(account.settings.origins)].filter(Boolean).join(" · ")} />
      <Steps account={account} />
      <Card><Toggle kind="switch" label={words.working} help={website ? words.workingHelp : words.workingOther} on={on} onToggle={turn} /><Fault words={fault} /></Card>
      {website ? <><Install account={account} /><AccountForm account={account} /></> : <Elsewhere account={account} />}
    </>
  );
}

/** What all accounts on other people's platforms share. */
function Elsewhere({ account }: { account: Account }) {
  const words = ts().accounts;
  const check = useCheck(account);
  return (
    <>
      <Card title={words.health} aside={<Button small icon={RefreshCw} busy={check.busy} disabled={!account.on} onClick={check.run}>{check.busy ? words.checking : words.check}</Button>}>
        <div><Health account={account} /><Came account={account} />{account.heard && <p class="came">{words.heard(listTime(new Date(account.heard), now.value, language.value))}</p>}</div>
        <Fault words={check.wrong} />
        {account.kind !== "api" && <div class="row"><Button onClick={() => go(`/settings/accounts:connect:${account.kind}:${account.id}`)}>{words.again}</Button><span class="help">{words.againHelp}</span></div>}
      </Card>
      {POSTED_TO.has(account.kind) && <Card title={ts().connect.copyAddress} help={ts().connect.addressHelp}><CopyBox text={`${location.origin}/in/${account.id}`} label={ts().connect.copyAddress} /></Card>}
      {account.kind === "api" && <Signing account={account} />}
      <General account={account} />
      {account.kind === "slack" && <><MirrorCard key={account.id} account={account} /><FurtherCard account={account} /></>}
    </>
  );
}

function Signing({ account }: { account: Account }) {
  const { value, fault } = useFetched(() => get<{ secret: string }>(`/accounts/${encodeURIComponent(account.id)}/secret`), account.id);
  const [shown, setShown] = useState(false);
  if (fault) return fault;
  return (
    <Card title={ts().connect.secret} help={ts().connect.secretHelp}>
      {value && shown ? <CopyBox text={value.secret} label={ts().connect.secret} /> : <div class="row"><Button onClick={() => setShown(true)}>{ts().accounts.showSecret}</Button></div>}
    </Card>
  );
}

function General({ account }: { account: Account }) {
  const words = ts().accounts;
  const [name, setName] = useState(account.name);
  const [team, setTeam] = useState(account.team ?? "");
  const { busy, save, about, general } = useSaving();
  const submit = (event: Event) => {
    event.preventDefault();
    void save(async () => {
      await patch(`/accounts/${encodeURIComponent(account.id)}`, { name: name.trim(), team: team || null });
      await refresh();
    }, ts().saved);
  };
  return (
    <form onSubmit={submit} novalidate>
      <Card title={words.general}>
        <div class="form two">
          <Input label={words.nameOf} value={name} onValue={setName} error={about("name")} />
          <Choose label={words.routing} value={team} onValue={setTeam} options={[{ value: "", words: words.noTeam }, ...[...teams.value.values()].map((one) => ({ value: one.id, words: one.name }))]} />
        </div>
        <Fault words={general(["name"])} />
        <div class="row"><Button kind="primary" type="submit" busy={busy} disabled={!name.trim()}>{ts().save}</Button></div>
      </Card>
    </form>
  );
}
