// Adding somebody, changing what they may do, and the one moment in which a password is shown.
import { useState } from "preact/hooks";
import { freshPassword } from "../../actions/passwords";
import { patch, post } from "../../store/api";
import { me, refresh, teams } from "../../store/session";
import type { Agent } from "../../store/types";
import { t, ts } from "../../text";
import { Button } from "../../ui/Button";

import { Dialog } from "../../ui/Dialog";
import { Choose, Input, Toggle } from "../../ui/Field";
import { CopyBox, Fault, useSaving } from "./parts";

interface Made { agent?: Agent; password?: string }
type Role = Agent["role"];

const roles = (): { value: Role; words: string }[] => (["agent", "administrator"] as const).map((value) => ({ value, words: ts().profile.role[value] }));

function TeamChecks({ chosen, onChoose }: { chosen: readonly string[]; onChoose: (teams: string[]) => void }) {
  if (teams.value.size === 0) return null;
  return (
    <fieldset class="checks"><legend>{ts().agents.teams}</legend>
      {[...teams.value.values()].map((team) => <Toggle key={team.id} label={team.name} on={chosen.includes(team.id)} onToggle={(on) => onChoose(on ? [...chosen, team.id] : chosen.filter((id) => id !== team.id))} />)}
    </fieldset>
  );
}

export function NewAgent({ onClose, onMade }: { onClose: () => void; onMade: (name: string, password: string) => void }) {
  const words = ts().agents;
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("agent");
  const [chosen, setChosen] = useState<string[]>([]);
  const { busy, save, about, general } = useSaving();
  const create = (event: Event) => {
    event.preventDefault();
    void save(async () => {
      const made = await post<Made>("/agents", { name: name.trim(), email: email.trim(), role, teams: chosen });
      await refresh();
      onMade(name.trim(), made.password ?? "");
    });
  };
  return (
    <Dialog title={words.fresh} onClose={onClose} foot={<><Button kind="quiet" onClick={onClose}>{t().cancel}</Button><Button kind="primary" type="submit" form="new-agent" busy={busy} disabled={!name.trim() || !email.includes("@")}>{words.create}</Button></>}>
      <form id="new-agent" class="form" onSubmit={create} novalidate>
        <p class="muted">{words.freshHow}</p>
        <Input label={words.name} value={name} onValue={setName} error={about("name")} autofocus />
        <Input label={words.email} type="email" value={email} onValue={setEmail} error={about("email")} />
        <Choose label={words.role} help={words.roleHelp} value={role} onValue={(value) => setRole(value as Role)} options={roles()} />
        <TeamChecks chosen={chosen} onChoose={setChosen} />
        <Fault words={general(["name", "email"])} />
      </form>
    </Dialog>
  );
}

export function PasswordOnce({ name, password, onClose }: { name: string; password: string; onClose: () => void }) {
  const words = ts().agents;
  return (
    <Dialog title={words.password(name)} onClose={onClose} foot={<Button kind="primary" onClick={onClose}>{words.done}</Button>}>
      <CopyBox text={password} label={words.password(name)} /><p class="help">{words.once}</p>
    </Dialog>
  );
}

export function AgentDialog({ agent, onClose, onPassword }: { agent: Agent; onClose: () => void; onPassword: (name: string, password: string) => void }) {
  const words = ts().agents;
  const mine = agent.id === me.value?.id;
  const [name, setName] = useState(agent.name);
  const [role, setRole] = useState<Role>(agent.role);
  const [chosen, setChosen] = useState<string[]>(agent.teams);
  const [on, setOn] = useState(agent.on);
  const { busy, save, about, general } = useSaving();
  const path = `/agents/${encodeURIComponent(agent.id)}`;
  const submit = (event: Event) => {
    event.preventDefault();
    void save(async () => {
      await patch(path, { name: name.trim(), teams: chosen, ...(!mine && { role, on }) });
      await refresh();
      onClose();
    }, ts().saved);
  };
  const reset = () => void save(async () => {
    const password = freshPassword();
    await patch(path, { password });
    onPassword(agent.name, password);
  });
  return (
    <Dialog title={words.edit(agent.name)} onClose={onClose} foot={<><Button kind="quiet" onClick={onClose}>{t().cancel}</Button><Button kind="primary" type="submit" form="edit-agent" busy={busy} disabled={!name.trim()}>{ts().save}</Button></>}>
      <form id="edit-agent" class="form" onSubmit={submit} novalidate>
        <Input label={words.name} value={name} onValue={setName} error={about("name")} />
        {!mine && <Choose label={words.role} help={words.roleHelp} value={role} onValue={(value) => setRole(value as Role)} options={roles()} />}
        <TeamChecks chosen={chosen} onChoose={setChosen} />
        {mine ? <p class="help">{words.last}</p> : <Toggle label={words.active} help={words.activeHelp} on={on} onToggle={setOn} />}
        {!mine && <div class="row"><Button small onClick={reset} busy={busy}>{words.reset}</Button><span class="help">{words.resetHow}</span></div>}
        <Fault words={general(["name"])} />
      </form>
    </Dialog>
  );
}
