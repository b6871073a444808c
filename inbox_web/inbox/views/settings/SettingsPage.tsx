// Settings: the sections at the left (a strip on narrow windows), one section at the right.
import "../../styles/settings.css";
import { Lock } from "lucide-preact";
import type { ComponentType } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { go, place } from "../../actions/place";
import { isAdministrator, quarantined } from "../../store/session";
import { t, ts } from "../../text";
import { Blank } from "../../ui/Blank";
import { Button } from "../../ui/Button";
import { Accounts } from "./Accounts";
import { Agents } from "./Agents";
import { Intents } from "./intents/Intents";
import { Learning } from "./learning/Learning";
import { Profile } from "./Profile";
import { Quarantine } from "./Quarantine";
import "../../styles/rules.css";
import { Flows } from "./flows/Flows";
import { Hours } from "./rules/Hours";
import { Rules } from "./rules/Rules";
import { Teams } from "./Teams";

type Section = "profile" | "accounts" | "agents" | "teams" | "rules" | "flows" | "hours" | "intents" | "learning" | "quarantine";
const SECTIONS: Readonly<Record<Section, ComponentType>> = { profile: Profile, accounts: Accounts, agents: Agents, teams: Teams, rules: Rules, flows: Flows, hours: Hours, intents: Intents, learning: Learning, quarantine: Quarantine };
const names = Object.keys(SECTIONS) as Section[];

export function SettingsPage() {
  const asked = place.value.page === "settings" ? place.value.section : null;
  const section = names.find((name) => name === asked?.split(":")[0]) ?? "profile";
  const View = SECTIONS[section];
  const allowed = isAdministrator.value || section === "profile";
  return (
    <div class="settings">
      <header class="topbar"><h1>{t().nav.settings}</h1></header>
      <nav class="set-nav" aria-label={ts().nav}>
        {names.filter((name) => isAdministrator.value || name === "profile").map((name) => <SectionLink key={name} name={name} on={name === section} />)}
      </nav>
      <main class="set-main">
        {allowed ? <View key={section} /> : <Blank icon={Lock} title={ts().onlyAdministrators} action={<Button onClick={() => go("/settings/profile")}>{ts().toProfile}</Button>}>{ts().onlyAdministratorsHow}</Blank>}
      </main>
    </div>
  );
}

function SectionLink({ name, on }: { name: Section; on: boolean }) {
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => { if (on) link.current?.scrollIntoView({ block: "nearest", inline: "center" }); }, [on]);
  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(`/settings/${name}`);
  };
  return <a ref={link} href={`/settings/${name}`} class={on ? "on" : ""} aria-current={on ? "page" : undefined} onClick={open}>{ts().sections[name]}{name === "quarantine" && quarantined.value > 0 && <span class="count">{quarantined.value}</span>}</a>;
}
