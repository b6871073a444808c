// The two channels that need nobody else: a website's chat, and a program of one's own. Nothing has to be tried.
import { useState } from "preact/hooks";
import { go } from "../../../actions/place";
import { post } from "../../../store/api";
import { refresh } from "../../../store/session";
import type { Account } from "../../../store/types";
import { ts } from "../../../text";
import { Button } from "../../../ui/Button";
import { Area, Input } from "../../../ui/Field";
import { readOrigins } from "../origins";
import { Card, Fault, useSaving } from "../parts";

/** Store it and go to its page. */
async function make(body: { kind: string; name: string; settings?: object }): Promise<void> {
  const account = await post<Account>("/accounts", body);
  await refresh();
  go(`/settings/accounts:${account.id}`);
}

export function NewWebsite() {
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
    await save(() => make({ kind: "webchat", name: name.trim(), settings: { origins: read.origins } }));
  };
  return (
    <form onSubmit={create} novalidate>
      <Card>
        <div class="form">
          <Input label={words.nameOf} help={words.nameHelp} value={name} onValue={setName} error={about("name")} />
          <Area label={words.origins} help={words.originsHelp} value={origins} onValue={setOrigins} rows={2} mono error={bad ?? about("settings") ?? about("origins")} />
        </div>
        <Fault words={general(["name", "settings", "origins"])} />
        <div class="row"><Button kind="primary" type="submit" busy={busy} disabled={!name.trim()}>{words.connect}</Button></div>
      </Card>
    </form>
  );
}

export function NewProgram() {
  const words = ts().accounts;
  const [name, setName] = useState("");
  const { busy, save, about, general } = useSaving();
  const create = (event: Event) => {
    event.preventDefault();
    void save(() => make({ kind: "api", name: name.trim() }));
  };
  return (
    <form onSubmit={create} novalidate>
      <Card>
        <div class="form"><Input label={words.nameOf} help={words.nameHelp} value={name} onValue={setName} error={about("name")} /></div>
        <Fault words={general(["name"])} />
        <div class="row"><Button kind="primary" type="submit" busy={busy} disabled={!name.trim()}>{words.connect}</Button></div>
      </Card>
    </form>
  );
}
