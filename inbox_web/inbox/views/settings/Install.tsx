// How a website gets its chat: the line to paste, and the secret by which it vouches for its own customers.
import { useState } from "preact/hooks";
import { get, post } from "../../store/api";
import type { Account } from "../../store/types";
import { t, ts } from "../../text";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Card, CopyBox, Fault, useFetched, useSaving } from "./parts";

interface Kit { snippet: string; identity_secret: string }

export function Install({ account }: { account: Account }) {
  const words = ts().accounts;
  const path = `/accounts/${encodeURIComponent(account.id)}`;
  const { value, setValue, fault } = useFetched(() => get<Kit>(`${path}/install`), account.id);
  const [shown, setShown] = useState(false);
  const [sure, setSure] = useState(false);
  const { busy, save, general } = useSaving();
  const renew = () => void save(async () => {
    const { identity_secret } = await post<Kit>(`${path}/identity_secret`);
    if (value) setValue({ ...value, identity_secret });
    setShown(true);
    setSure(false);
  });
  if (fault) return fault;
  return (
    <>
      <Card title={words.install} help={words.installHelp}>{value && <CopyBox text={value.snippet} label={words.install} />}</Card>
      <Card title={words.identity} help={words.identityHelp}>
        {value && shown && <CopyBox text={value.identity_secret} label={words.identity} />}
        <div class="row">{!shown && <Button onClick={() => setShown(true)}>{words.showSecret}</Button>}<Button kind="quiet" onClick={() => setSure(true)}>{words.newSecret}</Button></div>
      </Card>
      {sure && <Dialog title={words.newSecret} onClose={() => setSure(false)} foot={<><Button kind="quiet" onClick={() => setSure(false)}>{t().cancel}</Button><Button kind="danger" busy={busy} onClick={renew}>{words.sureNew}</Button></>}><p>{words.newSecretSure}</p><Fault words={general([])} /></Dialog>}
    </>
  );
}
