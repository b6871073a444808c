// The people who answer: added here with a password that is shown once, given roles and teams, switched off.
import { Plus } from "lucide-preact";
import { useState } from "preact/hooks";
import { get } from "../../store/api";
import { agents as known, here, me, teams } from "../../store/session";
import type { Agent } from "../../store/types";
import { ts } from "../../text";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { AgentDialog, NewAgent, PasswordOnce } from "./AgentDialogs";
import { SectionHead, useFetched } from "./parts";

type Open = { kind: "new" } | { kind: "edit"; agent: Agent } | { kind: "password"; name: string; password: string } | null;

export function Agents() {
  const words = ts().agents;
  const [open, setOpen] = useState<Open>(null);
  const { value, fault, load } = useFetched(async () => listed(await get<Agent[] | { items: Agent[] }>("/agents")), known.value.size);
  const close = () => {
    setOpen(null);
    load();
  };
  const told = (name: string, password: string) => {
    load();
    setOpen({ kind: "password", name, password });
  };
  return (
    <>
      <SectionHead title={words.title} what={words.what}><Button kind="primary" icon={Plus} onClick={() => setOpen({ kind: "new" })}>{words.add}</Button></SectionHead>
      {fault}
      {value && (
        <section class="card scroll"><table class="table stack faces">
          <thead><tr><th>{words.name}</th><th>{words.role}</th><th>{words.teams}</th><th>{words.state}</th></tr></thead>
          <tbody>{value.map((agent) => (
            <tr key={agent.id}>
              <td><button type="button" class="acc" onClick={() => setOpen({ kind: "edit", agent })}><Avatar name={agent.name} me={agent.id === me.value?.id} /><span><b>{agent.name}{agent.id === me.value?.id && <span class="faint"> · {words.you}</span>}</b><span class="faint">{agent.email}</span></span></button></td>
              <td>{ts().profile.role[agent.role]}</td>
              <td class={agent.teams.length ? "" : "none"}>{agent.teams.map((id) => teams.value.get(id)?.name).filter(Boolean).join(", ") || <span class="faint">–</span>}</td>
              <td><span class="row"><span class={`dot ${agent.on ? (here.value.includes(agent.id) ? "ok" : "off") : "bad"}`} />{!agent.on ? words.off : here.value.includes(agent.id) ? words.here : words.on}</span></td>
            </tr>
          ))}</tbody>
        </table></section>
      )}
      {open?.kind === "new" && <NewAgent onClose={close} onMade={told} />}
      {open?.kind === "edit" && <AgentDialog agent={open.agent} onClose={close} onPassword={told} />}
      {open?.kind === "password" && <PasswordOnce name={open.name} password={open.password} onClose={close} />}
    </>
  );
}

/** A list of the API, whether it comes bare or in `items`. */
const listed = <T,>(answer: T[] | { items: T[] }): T[] => (Array.isArray(answer) ? answer : answer.items);
