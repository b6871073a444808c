// The channels: each account with its state; a website is connected here, and set up on its own page.
import { ArrowLeft, Link2, Plus } from "lucide-preact";
import { useState } from "preact/hooks";
import { go, place } from "../../actions/place";
import { patch, post } from "../../store/api";
import { accounts, refresh, teams } from "../../store/session";
import type { Account } from "../../store/types";
import { t, ts } from "../../text";
import { Blank } from "../../ui/Blank";
import { Button } from "../../ui/Button";
import { channelName, ChannelMark } from "../../ui/ChannelMark";
import { Dialog } from "../../ui/Dialog";
import { Area, Input, Toggle } from "../../ui/Field";
import { AccountForm } from "./AccountForm";
import { Install } from "./Install";
import { originLines, readOrigins } from "./origins";
import { Card, Fault, SectionHead, useSaving } from "./parts";

export function Accounts() {
  const words = ts().accounts;
  const [adding, setAdding] = useState(false);
  const asked = place.value.page === "settings" ? place.value.section?.split(":")[1] : undefined;
  const chosen = asked ? accounts.value.get(asked) : undefined;
  if (chosen) return <OneAccount key={chosen.id} account={chosen} />;
  const all = [...accounts.value.values()];
  const add = <Button kind="primary" icon={Plus} onClick={() => setAdding(true)}>{words.add}</Button>;
  return (
    <>
      <SectionHead title={words.title} what={words.what}>{all.length > 0 && add}</SectionHead>
      {all.length === 0 ? <section class="card"><Blank icon={Link2} title={words.none} action={add}>{words.noneHow}</Blank></section> : (
        <section class="card scroll"><table class="table">
          <thead><tr><th>{words.name}</th><th>{words.state}</th><th>{words.team}</th></tr></thead>
          <tbody>{all.map((account) => <AccountLine key={account.id} account={account} />)}</tbody>
        </table></section>
      )}
      {adding && <NewAccount onClose={() => setAdding(false)} />}
    </>
  );
}

function AccountLine({ account }: { account: Account }) {
  const words = ts().accounts;
  const state = !account.on ? ["off", words.off] : account.health ? ["bad", account.health] : ["ok", words.fine];
  return (
    <tr>
      <td><a class="acc" href={`/settings/accounts:${account.id}`} onClick={(event: MouseEvent) => { event.preventDefault(); go(`/settings/accounts:${account.id}`); }}>
        <ChannelMark kind={account.kind} large quiet /><span><b>{account.name}</b><span class="faint">{channelName(account.kind)}{account.settings.origins?.length ? ` · ${account.settings.origins.map((one) => one.replace(/^https?:\/\//, "")).join(", ")}` : ""}</span></span></a></td>
      <td><span class="row"><span class={`dot ${state[0]}`} />{state[1]}</span></td>
      <td>{teams.value.get(account.team ?? "")?.name ?? <span class="faint">{words.noTeam}</span>}</td>
    </tr>
  );
}

function NewAccount({ onClose }: { onClose: () => void }) {
  const words = ts().accounts;
  const [name, setName] = useState("");
  const [origins, setOrigins] = useState("https://");
  const [bad, setBad] = useState<string | null>(null);
  const { busy, save, about, general } = useSaving();
  const create = async (event: Event) => {
    event.preventDefault();
    const read = readOrigins(origins);
    if (read.bad !== null) return setBad(words.badOrigin(read.bad));
    setBad(null);
    await save(async () => {
      const account = await post<Account>("/accounts", { kind: "webchat", name: name.trim(), settings: { origins: read.origins } });
      await refresh();
      onClose();
      go(`/settings/accounts:${account.id}`);
    });
  };
  return (
    <Dialog title={words.fresh} onClose={onClose} foot={<><Button kind="quiet" onClick={onClose}>{t().cancel}</Button><Button kind="primary" type="submit" form="new-account" busy={busy} disabled={!name.trim()}>{words.connect}</Button></>}>
      <form id="new-account" class="form" onSubmit={create} novalidate>
        <p class="muted">{words.freshWhat}</p>
        <Input label={words.nameOf} help={words.nameHelp} value={name} onValue={setName} error={about("name")} autofocus />
        <Area label={words.origins} help={words.originsHelp} value={origins} onValue={setOrigins} rows={2} mono error={bad ?? about("settings") ?? about("origins")} />
        <Fault words={general(["name", "settings", "origins"])} />
      </form>
    </Dialog>
  );
}

function OneAccount({ account }: { account: Account }) {
  const words = ts().accounts;
  const { save, general } = useSaving();
  const turn = (on: boolean) => void save(async () => {
    await patch(`/accounts/${encodeURIComponent(account.id)}`, { on });
    await refresh();
  }, ts().saved);
  return (
    <>
      <button type="button" class="link back" onClick={() => go("/settings/accounts")}><ArrowLeft size={14} aria-hidden="true" />{words.back}</button>
      <SectionHead title={account.name} what={[channelName(account.kind), originLines(account.settings.origins)].filter(Boolean).join(" · ")} />
      <Card><Toggle kind="switch" label={words.working} help={words.workingHelp} on={account.on} onToggle={turn} /><Fault words={general([])} /></Card>
      {account.kind === "webchat" ? <><Install account={account} /><AccountForm account={account} /></> : <Card>{words.other}</Card>}
    </>
  );
}
