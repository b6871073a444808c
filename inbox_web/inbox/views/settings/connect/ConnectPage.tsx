// Connecting: first which channel, then its questions.
import { ArrowLeft, ChevronRight } from "lucide-preact";
import { go } from "../../../actions/place";
import { get } from "../../../store/api";
import { accounts } from "../../../store/session";
import type { Channel } from "../../../store/types";
import { language, ts } from "../../../text";
import { ChannelMark } from "../../../ui/ChannelMark";
import { SectionHead, useFetched } from "../parts";
import { ConnectForm } from "./ConnectForm";
import { NewProgram, NewWebsite } from "./Own";

/** As shops ask for them; what is not named here comes after. */
const ORDER = ["webchat", "email", "telegram", "slack", "api"];
const OWN = { webchat: NewWebsite, api: NewProgram } as const;
const rank = (kind: string): number => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length);

const path = (kind?: string): string => `/settings/accounts:connect${kind ? `:${kind}` : ""}`;
const follow = (to: string) => (event: MouseEvent): void => {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  go(to);
};

/** `kind`: the chosen channel; `again`: the account that is connected anew. */
export function ConnectPage({ kind, again }: { kind: string | undefined; again: string | undefined }) {
  const { value, fault } = useFetched(() => get<{ items: Channel[] }>("/channels"), 0);
  if (fault) return fault;
  const channels = (value?.items ?? []).filter((one) => one.fields?.length || one.kind in OWN).sort((a, b) => rank(a.kind) - rank(b.kind));
  const chosen = kind ? channels.find((one) => one.kind === kind) : undefined;
  if (chosen) return <OneChannel key={chosen.kind} channel={chosen} again={again} />;
  return (
    <>
      <a class="link back" href="/settings/accounts" onClick={follow("/settings/accounts")}><ArrowLeft size={14} aria-hidden="true" />{ts().accounts.back}</a>
      <SectionHead title={ts().connect.title} what={ts().connect.what} />
      <ul class="kinds">{channels.map((one) => <Kind key={one.kind} channel={one} />)}</ul>
    </>
  );
}

function Kind({ channel }: { channel: Channel }) {
  const about = (ts().connect.about as Record<string, string>)[channel.kind];
  const needs = (ts().connect.needs as Record<string, string>)[channel.kind];
  return (
    <li><a class="kind" href={path(channel.kind)} onClick={follow(path(channel.kind))}>
      <ChannelMark kind={channel.kind} large quiet /><span class="grow"><b>{channel.name[language.value]}</b>{about && <span>{about}</span>}{needs && <span class="faint">{needs}</span>}</span><ChevronRight size={16} class="i faint" aria-hidden="true" /></a></li>
  );
}

function OneChannel({ channel, again }: { channel: Channel; again: string | undefined }) {
  const account = again ? accounts.value.get(again) : undefined;
  const back = account ? `/settings/accounts:${account.id}` : path();
  const Own = channel.kind in OWN ? OWN[channel.kind as keyof typeof OWN] : null;
  const about = (ts().connect.about as Record<string, string>)[channel.kind] ?? "";
  return (
    <>
      <a class="link back" href={back} onClick={follow(back)}><ArrowLeft size={14} aria-hidden="true" />{account?.name ?? ts().connect.back}</a>
      <div class="row gap"><ChannelMark kind={channel.kind} large quiet /><SectionHead title={ts().connect.name(channel.name[language.value])} what={account ? ts().accounts.againHelp : about} /></div>
      {Own ? <Own /> : <ConnectForm channel={channel} {...(account && { account })} />}
    </>
  );
}
