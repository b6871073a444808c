// Teams and the table that sends each intent to one of them.
import { Plus, Users } from "lucide-preact";
import { useState } from "preact/hooks";
import { patch, post, remove } from "../../store/api";
import { agents, intents, offeredIntents, refresh, teams } from "../../store/session";
import type { Team } from "../../store/types";
import { language, t, ts } from "../../text";
import { Blank } from "../../ui/Blank";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Input, Toggle } from "../../ui/Field";
import { route, teamOf } from "./intents/shapes";
import { Card, Fault, SectionHead, useSaving } from "./parts";

export function Teams() {
  const words = ts().teams;
  const [open, setOpen] = useState<Team | "new" | null>(null);
  const all = [...teams.value.values()];
  const add = <Button kind="primary" icon={Plus} onClick={() => setOpen("new")}>{words.add}</Button>;
  const members = (id: string): number => [...agents.value.values()].filter((agent) => agent.teams.includes(id)).length;
  return (
    <>
      <SectionHead title={words.title} what={words.what}>{all.length > 0 && add}</SectionHead>
      {all.length === 0 ? <section class="card"><Blank icon={Users} title={words.none} action={add}>{words.noneHow}</Blank></section> : (
        <section class="card scroll"><table class="table">
          <thead><tr><th>{words.name}</th><th>{words.intents}</th></tr></thead>
          <tbody>{all.map((team) => (
            <tr key={team.id}><td class="top"><button type="button" class="acc" onClick={() => setOpen(team)}><span class="ring" /><span><b>{team.name}</b><span class="faint">{words.people(members(team.id))}</span></span></button></td>
              <td><span class="chips">{routed(team).map((name) => <span class="intent" key={name}>{intents.value.get(name)?.[language.value] ?? name}</span>)}{routed(team).length === 0 && <span class="faint">–</span>}</span></td></tr>
          ))}</tbody>
        </table></section>
      )}
      {all.length > 0 && <RouteTable />}
      {open && <TeamDialog key={open === "new" ? "new" : open.id} team={open === "new" ? null : open} onClose={() => setOpen(null)} />}
    </>
  );
}

/** What goes to a team: without intents that are switched off or merged into others. */
const routed = (team: Team): string[] => team.intents.filter((name) => intents.value.get(name)?.offered !== false);

/** Every intent with its team; a choice acts at once. */
function RouteTable() {
  const words = ts().teams;
  const { busy, save, general } = useSaving();
  const mine = (intent: string): string => teamOf(intent)?.id ?? "";
  return (
    <Card title={words.table} help={words.tableHelp}>
      <div class="routes" aria-busy={busy}>
        {offeredIntents.value.filter((intent) => intent.name !== "unknown").map((intent) => (
          <label key={intent.name}><span>{intent[language.value]}</span>
            <select class="input select" value={mine(intent.name)} disabled={busy} onChange={(event: Event) => void save(() => route(intent.name, (event.currentTarget as HTMLSelectElement).value), ts().saved)}>
              <option value="">{words.nobody}</option>
              {[...teams.value.values()].map((team) => <option key={team.id} value={team.id} selected={team.id === mine(intent.name)}>{team.name}</option>)}
            </select></label>
        ))}
      </div>
      <Fault words={general([])} />
    </Card>
  );
}

function TeamDialog({ team, onClose }: { team: Team | null; onClose: () => void }) {
  const words = ts().teams;
  const [name, setName] = useState(team?.name ?? "");
  const [chosen, setChosen] = useState<string[]>(team?.intents ?? []);
  const [sure, setSure] = useState(false);
  const { busy, save, about, general } = useSaving();
  const done = async () => {
    await refresh();
    onClose();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    void save(async () => {
      if (team) await patch(`/teams/${encodeURIComponent(team.id)}`, { name: name.trim(), intents: chosen });
      else await post("/teams", { name: name.trim(), intents: chosen });
      await done();
    }, ts().saved);
  };
  const drop = () => void save(async () => {
    await remove(`/teams/${encodeURIComponent(team!.id)}`);
    await done();
  });
  if (team && sure) {
    return <Dialog title={words.remove} onClose={onClose} foot={<><Button kind="quiet" onClick={() => setSure(false)}>{t().cancel}</Button><Button kind="danger" busy={busy} onClick={drop}>{words.removeYes(team.name)}</Button></>}><p>{words.removeSure(team.name)}</p><Fault words={general([])} /></Dialog>;
  }
  const elsewhere = (intent: string): string | undefined => [...teams.value.values()].find((one) => one.id !== team?.id && one.intents.includes(intent))?.name;
  return (
    <Dialog title={team ? words.edit(team.name) : words.fresh} onClose={onClose} foot={<>{team && <Button kind="quiet" class="t-danger" onClick={() => setSure(true)}>{words.remove}</Button>}<span class="grow" /><Button kind="quiet" onClick={onClose}>{t().cancel}</Button><Button kind="primary" type="submit" form="team" busy={busy} disabled={!name.trim()}>{team ? ts().save : words.create}</Button></>}>
      <form id="team" class="form" onSubmit={submit} novalidate>
        <Input label={words.name} value={name} onValue={setName} error={about("name")} autofocus />
        <fieldset class="checks many"><legend>{words.intents}</legend>
          {offeredIntents.value.filter((intent) => intent.name !== "unknown").map((intent) => {
            const at = elsewhere(intent.name);
            return <Toggle key={intent.name} label={intent[language.value]} {...(at && { help: words.taken(at) })} on={chosen.includes(intent.name)} disabled={at !== undefined} onToggle={(on) => setChosen(on ? [...chosen, intent.name] : chosen.filter((one) => one !== intent.name))} />;
          })}
        </fieldset>
        <Fault words={general(["name"])} />
      </form>
    </Dialog>
  );
}
