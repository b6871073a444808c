// A website's chat: its name, its pages, its colour and words, what it asks first, and who answers by default.
import { useState } from "preact/hooks";
import { patch } from "../../store/api";
import { refresh, teams } from "../../store/session";
import type { Account, WebchatSettings } from "../../store/types";
import { ts } from "../../text";
import { Button } from "../../ui/Button";
import { Area, Choose, Field, Input, Toggle } from "../../ui/Field";
import { readOrigins } from "./origins";
import { Card, Fault, useSaving } from "./parts";

const FIELDS = ["name", "email", "phone"] as const;
const MOST_REPLIES = 4;
const lines = (text: string): string[] => text.split("\n").map((line) => line.trim()).filter(Boolean).slice(0, MOST_REPLIES);

export function AccountForm({ account }: { account: Account }) {
  const words = ts().accounts;
  const before = account.settings;
  const [name, setName] = useState(account.name);
  const [team, setTeam] = useState(account.team ?? "");
  const [origins, setOrigins] = useState((before.origins ?? []).join("\n"));
  const [color, setColor] = useState(before.color ?? "#3b4fb8");
  const [language, setLanguage] = useState<string>(before.language ?? "auto");
  const [greeting, setGreeting] = useState({ vi: before.greeting?.vi ?? "", en: before.greeting?.en ?? "" });
  const [replies, setReplies] = useState({ vi: (before.quick_replies?.vi ?? []).join("\n"), en: (before.quick_replies?.en ?? []).join("\n") });
  const [prechat, setPrechat] = useState(before.prechat ?? { on: false, fields: [] });
  const [bad, setBad] = useState<string | null>(null);
  const { busy, save, about, general } = useSaving();

  const submit = async (event: Event) => {
    event.preventDefault();
    const read = readOrigins(origins);
    if (read.bad !== null) return setBad(words.badOrigin(read.bad));
    setBad(null);
    const settings: WebchatSettings = {
      origins: read.origins, color, greeting, language: language as NonNullable<WebchatSettings["language"]>, prechat,
      quick_replies: { vi: lines(replies.vi), en: lines(replies.en) },
    };
    await save(async () => {
      await patch(`/accounts/${encodeURIComponent(account.id)}`, { name: name.trim(), team: team || null, settings });
      await refresh();
    }, ts().saved);
  };
  const field = (one: (typeof FIELDS)[number]) => prechat.fields.find((field) => field.name === one);
  const ask = (one: (typeof FIELDS)[number], required: boolean | null) => {
    const rest = prechat.fields.filter((field) => field.name !== one);
    const fields = required === null ? rest : [...rest, { name: one, required }];
    setPrechat({ ...prechat, fields: FIELDS.flatMap((name) => fields.filter((field) => field.name === name)) });
  };
  return (
    <form onSubmit={submit} novalidate>
      <Card title={words.look}>
        <div class="form two">
          <Input label={words.nameOf} value={name} onValue={setName} error={about("name")} />
          <Field label={words.color}>{(ids) => <input {...ids} type="color" class="input color" value={color} onInput={(event: Event) => setColor((event.currentTarget as HTMLInputElement).value)} />}</Field>
          <Area label={words.origins} help={words.originsHelp} value={origins} onValue={setOrigins} mono error={bad ?? about("settings")} />
          <Choose label={words.language} value={language} onValue={setLanguage} options={(["auto", "vi", "en"] as const).map((value) => ({ value, words: words.languages[value] }))} />
          <Area label={words.greetingVi} value={greeting.vi} onValue={(vi) => setGreeting({ ...greeting, vi })} rows={2} />
          <Area label={words.greetingEn} value={greeting.en} onValue={(en) => setGreeting({ ...greeting, en })} rows={2} />
          <Area label={words.repliesVi} help={words.repliesHelp} value={replies.vi} onValue={(vi) => setReplies({ ...replies, vi })} />
          <Area label={words.repliesEn} value={replies.en} onValue={(en) => setReplies({ ...replies, en })} />
          <Choose label={words.routing} value={team} onValue={setTeam} options={[{ value: "", words: words.noTeam }, ...[...teams.value.values()].map((one) => ({ value: one.id, words: one.name }))]} />
        </div>
        <fieldset class="asks">
          <legend><Toggle label={words.prechat} help={words.prechatHelp} on={prechat.on} onToggle={(on) => setPrechat({ ...prechat, on })} /></legend>
          {prechat.on && FIELDS.map((one) => (
            <div class="ask" key={one}><b>{words.fields[one]}</b>
              <Toggle label={words.ask} on={field(one) !== undefined} onToggle={(on) => ask(one, on ? false : null)} />
              <Toggle label={words.must} on={field(one)?.required ?? false} disabled={!field(one)} onToggle={(on) => ask(one, on)} /></div>
          ))}
        </fieldset>
        <Fault words={general(["name", "settings"])} />
        <div class="row"><Button kind="primary" type="submit" busy={busy} disabled={!name.trim()}>{ts().save}</Button></div>
      </Card>
    </form>
  );
}
