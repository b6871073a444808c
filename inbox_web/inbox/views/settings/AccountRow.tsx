// One account in the list: how it is, in words; how much of what is there is kept; a switch, and a check for real.
import { RefreshCw, TriangleAlert } from "lucide-preact";
import { number } from "../../../shared/format";
import { go } from "../../actions/place";
import { teams } from "../../store/session";
import type { Account } from "../../store/types";
import { language, said, ts } from "../../text";
import { Button } from "../../ui/Button";
import { channelName, ChannelMark } from "../../ui/ChannelMark";
import { Icon } from "../../ui/Icon";
import { originLines } from "./origins";
import { Fault } from "./parts";
import { useCheck } from "./check";
import { useTurning } from "./turning";

export function AccountRow({ account }: { account: Account }) {
  const words = ts().accounts;
  const to = `/settings/accounts:${account.id}`;
  const { on, turn, fault } = useTurning(account);
  const check = useCheck(account);
  const team = teams.value.get(account.team ?? "")?.name;
  return (
    <li class="acc-row">
      <a class="acc" href={to} onClick={(event: MouseEvent) => { if (event.metaKey || event.ctrlKey || event.shiftKey) return; event.preventDefault(); go(to); }}>
        <ChannelMark kind={account.kind} large quiet /><span class="grow"><b class="one">{account.name}</b><span class="faint one">{[channelName(account.kind), originLines(account.settings.origins), team].filter(Boolean).join(" · ")}</span></span></a>
      <div class="acc-s"><Health account={account} /><Came account={account} /><Fault words={check.wrong ?? fault} /></div>
      <div class="acc-a">
        {account.kind !== "webchat" && <Button small icon={RefreshCw} busy={check.busy} disabled={!account.on} aria-label={words.checkOf(account.name)} onClick={check.run}>{check.busy ? words.checking : words.check}</Button>}
        <input type="checkbox" role="switch" class="switch" checked={on} aria-label={words.workingOf(account.name)} onChange={(event: Event) => turn((event.currentTarget as HTMLInputElement).checked)} />
      </div>
    </li>
  );
}

/** A dot and a word; a sentence when something is wrong. */
export function Health({ account }: { account: Account }) {
  const words = ts().accounts;
  if (!account.on) return <p class="health"><span class="dot off" />{words.off}</p>;
  if (account.health) return <p class="health bad"><Icon of={TriangleAlert} size={14} /><span>{said(account.health)}</span></p>;
  return <p class="health"><span class="dot ok" />{words.fine}</p>;
}

/** How much of what the platform has is kept; nothing for channels that call us. */
export function Came({ account }: { account: Account }) {
  const { found, stored } = account;
  if (stored === null || stored === undefined) return null;
  const figure = (n: number): string => number(n, language.value);
  if (found === null || found === undefined) return <p class="came num">{ts().accounts.stored(figure(stored))}</p>;
  return <p class={`came num${stored < found ? " behind" : ""}`}>{ts().accounts.found(figure(found), figure(stored))}</p>;
}
