// What only a Slack account has: which conversations its mirror shows the team, and the app in further workspaces.
import { useState } from "preact/hooks";
import { go } from "../../actions/place";
import { get, patch } from "../../store/api";
import { boot, refresh } from "../../store/session";
import type { Account } from "../../store/types";
import { said, ts } from "../../text";
import { Button } from "../../ui/Button";
import { channelName } from "../../ui/ChannelMark";
import { Toggle } from "../../ui/Field";
import { Card, Fault, useFetched, useSaving } from "./parts";

/** Which accounts' conversations stand in the team's channel; an empty list means all the others. */
export function MirrorCard({ account }: { account: Account }) {
  const words = ts().mirror;
  const { mirror, mirror_accounts } = account.settings;
  const others = (boot.value?.accounts ?? []).filter((one) => one.id !== account.id);
  const [all, setAll] = useState(!mirror_accounts?.length);
  const [chosen, setChosen] = useState<readonly string[]>(mirror_accounts ?? []);
  const { busy, save, general } = useSaving();
  const again = <div class="row"><Button onClick={() => go(`/settings/accounts:connect:${account.kind}:${account.id}`)}>{ts().accounts.again}</Button></div>;
  if (!mirror) return <Card title={words.title} help={words.off}>{again}</Card>;
  const submit = (event: Event) => {
    event.preventDefault();
    void save(async () => {
      await patch(`/accounts/${encodeURIComponent(account.id)}`, { settings: { mirror_accounts: all ? [] : chosen } });
      await refresh();
    }, ts().saved);
  };
  const turn = (id: string, on: boolean) => setChosen(on ? [...chosen, id] : chosen.filter((one) => one !== id));
  return (
    <form onSubmit={submit} novalidate>
      <Card title={words.title} help={words.what(mirror)}>
        <Toggle label={words.all} on={all} onToggle={setAll} />
        {!all && <div class="picks" role="group" aria-label={words.which}><p class="help">{words.which}</p>{others.map((one) => <Toggle key={one.id} label={`${one.name} · ${channelName(one.kind)}`} on={chosen.includes(one.id)} onToggle={(on) => turn(one.id, on)} />)}</div>}
        <Fault words={general([])} />
        <div class="row"><Button kind="primary" type="submit" busy={busy} disabled={!all && chosen.length === 0}>{ts().save}</Button></div>
      </Card>
    </form>
  );
}

/** The same app in another workspace, by a click there. */
export function FurtherCard({ account }: { account: Account }) {
  const words = ts().mirror;
  const { value } = useFetched(() => get<{ url: string | null; why: string | null }>(`/accounts/${encodeURIComponent(account.id)}/further`), account.id);
  if (!value) return null;
  return (
    <Card title={words.further} help={words.furtherWhat}>
      {value.url ? <div class="row"><a class="btn" href={value.url}>{words.add}</a></div> : <p class="help">{said(value.why ?? "")}</p>}
    </Card>
  );
}
