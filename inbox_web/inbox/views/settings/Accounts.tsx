// The channels: each account with its state; connecting one and setting one up are pages of their own.
import { Link2, Plus } from "lucide-preact";
import { useEffect } from "preact/hooks";
import { go, place } from "../../actions/place";
import { get } from "../../store/api";
import { accounts } from "../../store/session";
import type { Account } from "../../store/types";
import { ts } from "../../text";
import { Blank } from "../../ui/Blank";
import { Button } from "../../ui/Button";
import { AccountRow } from "./AccountRow";
import { ConnectPage } from "./connect/ConnectPage";
import { OneAccount } from "./OneAccount";
import { SectionHead, useFetched } from "./parts";

const CONNECT = "connect";
const LOOK_AGAIN_MS = 10_000;

export function Accounts() {
  const [, asked, kind, again] = (place.value.page === "settings" ? (place.value.section ?? "") : "").split(":");
  if (asked === CONNECT) return <ConnectPage key={CONNECT} kind={kind} again={again} />;
  return <Known asked={asked} />;
}

/** What the shop knows of its accounts, with how far each came: that part is asked for again while the page is open. */
function Known({ asked }: { asked: string | undefined }) {
  const { value, load } = useFetched(() => get<{ items: Account[] }>("/accounts"), accounts.value);
  useEffect(() => {
    const timer = setInterval(load, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  const told = new Map(value?.items.map((one) => [one.id, one]));
  const all = [...accounts.value.values()].map((one) => ({ ...one, ...told.get(one.id), ...pick(one) }));
  const chosen = asked ? all.find((one) => one.id === asked) : undefined;
  if (chosen) return <OneAccount key={chosen.id} account={chosen} />;
  const words = ts().accounts;
  const add = <Button kind="primary" icon={Plus} onClick={() => go(`/settings/accounts:${CONNECT}`)}>{words.add}</Button>;
  return (
    <>
      <SectionHead title={words.title} what={words.what}>{all.length > 0 && add}</SectionHead>
      {all.length === 0
        ? <section class="card"><Blank icon={Link2} title={words.none} action={add}>{words.noneHow}</Blank></section>
        : <ul class="card accs" aria-label={words.title}>{all.map((account) => <AccountRow key={account.id} account={account} />)}</ul>}
    </>
  );
}

/** What an agent changes here is known at once by the shop's record; the list may be older. */
const pick = ({ name, on, team, settings }: Account) => ({ name, on, team, settings });
