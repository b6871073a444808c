// The owner's examples of an intent: given as a pasted list, taken back one by one; both have a way back.
import { MessageSquareQuote, X } from "lucide-preact";
import { useState } from "preact/hooks";
import { clock, listTime, number } from "../../../../shared/format";
import { say } from "../../../actions/toast";
import { get, post } from "../../../store/api";
import { language, t, ts } from "../../../text";
import { Blank } from "../../../ui/Blank";
import { Button, IconButton } from "../../../ui/Button";
import { now } from "../../../ui/clock";
import { Area } from "../../../ui/Field";
import { Card, Fault, useFetched, useSaving } from "../parts";
import { called, stands, type Example, type Given, type Intent, type IntentList } from "./shapes";

export function Examples({ one, list, load }: { one: Intent; list: IntentList; load: () => Promise<void> }) {
  const words = ts().intents;
  const path = `/intents/${encodeURIComponent(one.name)}/examples`;
  const { value, fault, load: again } = useFetched(async () => (await get<{ items: Example[] }>(path)).items, 0);
  const [typed, setTyped] = useState("");
  const { busy, save, about, general } = useSaving();
  const changed = () => {
    again();
    load();
  };
  const take = async (ids: string[]) => {
    await post(`${path}/taken`, { ids });
    changed();
  };
  const give = async (texts: string[]): Promise<Given> => {
    const given = await post<Given>(path, { texts });
    changed();
    return given;
  };
  const submit = (event: Event) => {
    event.preventDefault();
    void save(async () => {
      const given = await give([typed]);
      setTyped("");
      const ids = given.added.map((example) => example.id);
      say(told(given, list), ids.length ? { words: t().undo, run: () => void save(() => take(ids)) } : undefined);
    });
  };
  const back = (example: Example) => void save(async () => {
    await take([example.id]);
    say(words.taken, { words: t().undo, run: () => void save(() => give([example.text])) });
  });
  const spoken = language.value;
  return (
    <Card title={words.given} {...(stands(one) && { help: one.own ? words.givenHelp(number(list.least, spoken), number(list.enough, spoken)) : words.givenMore })}>
      {stands(one) ? (
        <form class="form give" onSubmit={submit} novalidate>
          <Area label={words.paste} value={typed} onValue={setTyped} error={about("texts")} />
          <div class="row"><Button type="submit" kind="primary" busy={busy} disabled={!typed.trim()}>{words.give}</Button></div>
        </form>
      ) : <p>{words.noExamples}</p>}
      <Fault words={general(["texts"])} />
      {fault}
      {value?.length === 0 && one.own && stands(one) && <Blank icon={MessageSquareQuote} title={words.emptyOwn(number(list.least, spoken))}>{words.emptyHow}</Blank>}
      {value && value.length > 0 && <ul class="exs" aria-label={words.given}>{value.map((example) => <Line key={example.id} example={example} busy={busy} onBack={() => back(example)} />)}</ul>}
    </Card>
  );
}

function Line({ example, busy, onBack }: { example: Example; busy: boolean; onBack: () => void }) {
  const words = ts().intents;
  const at = new Date(example.at);
  const day = listTime(at, now.value, language.value);
  return (
    <li>
      <span class="grow">{example.text}</span>
      <span class="faint num ex-w">{words.by(example.name, day === clock(at) ? day : `${day} ${clock(at)}`)}</span>
      <IconButton small label={words.takeBack(example.text)} icon={X} disabled={busy} onClick={onBack} />
    </li>
  );
}

/** What came of a list, in one line. */
function told({ added, known, elsewhere }: Given, list: IntentList): string {
  const words = ts().intents;
  const spoken = language.value;
  const homes = [...new Set(elsewhere.map((one) => one.intent))].map((name) => {
    const home = list.items.find((one) => one.name === name);
    return words.elsewhere(number(elsewhere.filter((one) => one.intent === name).length, spoken), home ? called(home) : name);
  });
  return [added.length ? words.took(number(added.length, spoken)) : words.nothingNew, ...(known ? [words.known(number(known, spoken))] : []), ...homes].join(" · ");
}
