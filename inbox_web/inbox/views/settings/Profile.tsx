// One's own settings: language, looks, keys, password. Everything but the password acts at once.
import { useState } from "preact/hooks";
import { dialog } from "../../actions/dialogs";
import { letNotify, notifying } from "../../actions/notify";
import { signOut, useLanguage as speakLanguage } from "../../actions/start";
import { say } from "../../actions/toast";
import { get, post, Problem, put } from "../../store/api";
import { prefer, prefs, type Prefs } from "../../store/prefs";
import { like, likes, me } from "../../store/session";
import type { Language } from "../../store/types";
import { language, sentence, ts } from "../../text";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { Input, Toggle } from "../../ui/Field";
import { Segment } from "../../ui/Segment";
import { Card, Fault, SectionHead, useFetched } from "./parts";
import { useChosen } from "./turning";

const SHORTEST = 10;
const UNDO_S = [0, 5, 10];
const tell = (error: unknown) => say(sentence(error));

export function Profile() {
  const words = ts().profile;
  const agent = me.value!;
  const speak = (next: Language) => void speakLanguage(next).catch(tell);
  return (
    <>
      <SectionHead title={words.title} what={words.what} />
      <Card><div class="row me-row"><Avatar name={agent.name} size="l" me /><div class="grow"><b>{agent.name}</b><p class="muted">{agent.email} · {words.role[agent.role]}</p></div><Button onClick={() => void signOut()}>{words.signOut}</Button></div><Away /></Card>
      <Card title={words.appearance}>
        <Choice label={words.language}><Segment<Language> label={words.language} value={language.value} onPick={speak} options={[{ value: "vi", words: "Tiếng Việt" }, { value: "en", words: "English" }]} /></Choice>
        <Choice label={words.theme}><Segment<Prefs["theme"]> label={words.theme} value={prefs.value.theme} onPick={(theme) => prefer({ theme })} options={(["system", "light", "dark"] as const).map((value) => ({ value, words: words.themes[value] }))} /></Choice>
        <Choice label={words.density}><Segment<Prefs["density"]> label={words.density} value={prefs.value.density} onPick={(density) => prefer({ density })} options={(["comfortable", "cosy", "compact"] as const).map((value) => ({ value, words: words.densities[value] }))} /></Choice>
      </Card>
      <Card title={words.keyboard} aside={<Button small kind="quiet" keys="?" onClick={() => { dialog.value = "help"; }}>{words.seeKeys}</Button>}>
        <Toggle kind="switch" label={words.enter} help={words.enterHelp} on={prefs.value.enterSends} onToggle={(enterSends) => prefer({ enterSends })} />
        <Toggle kind="switch" label={words.shortcuts} help={words.shortcutsHelp} on={prefs.value.shortcuts} onToggle={(shortcuts) => prefer({ shortcuts })} />
      </Card>
      <Card title={words.notices}>
        <Notices />
        <Choice label={words.undo}><Segment<string> label={words.undo} value={String(likes.value.undo_s)} onPick={(undo) => void like({ undo_s: Number(undo) }).catch(tell)} options={UNDO_S.map((seconds) => ({ value: String(seconds), words: seconds ? words.seconds(seconds) : words.undoOff }))} /></Choice>
        <p class="help">{words.undoHelp}</p>
      </Card>
      <Card title={words.password}><Password /></Card>
    </>
  );
}

/** Away: nothing new is given out to me. */
function Away() {
  const words = ts().hours;
  const { value, setValue } = useFetched(() => get<{ away: boolean }>("/roster/me"), 0);
  const { value: away, choose: turn, fault } = useChosen(value?.away ?? false, async (next) => setValue(await put<{ away: boolean }>("/roster/me/away", { away: next })));
  return value && <><Toggle kind="switch" label={words.away} help={words.awayHelp} on={away} onToggle={turn} /><Fault words={fault} /></>;
}

/** The browser asks its user itself, once; who said no there is told where to change it. */
function Notices() {
  const words = ts().profile;
  const [state, setState] = useState(notifying());
  const turn = (on: boolean) => void letNotify(on).catch(tell).then(() => setState(notifying()));
  const help = state === "denied" ? words.notifyDenied : state === "missing" ? words.notifyMissing : words.notifyHelp;
  return <Toggle kind="switch" label={words.notify} help={help} on={state === "on"} disabled={state === "denied" || state === "missing"} onToggle={turn} />;
}

function Choice({ label, children }: { label: string; children: preact.ComponentChildren }) {
  return <div class="choice"><span>{label}</span>{children}</div>;
}

function Password() {
  const words = ts().profile;
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<{ old?: string; fresh?: string }>({});
  const save = async (event: Event) => {
    event.preventDefault();
    if (fresh.length < SHORTEST) return setWrong({ fresh: words.short });
    setBusy(true);
    setWrong({});
    try {
      await post("/session/password", { old, new: fresh });
      setOld("");
      setFresh("");
      say(words.changed);
    } catch (error) {
      const field = error instanceof Problem ? error.field : null;
      const denied = error instanceof Problem && (error.slug === "denied" || field === "old");
      setWrong(denied ? { old: words.wrong } : { fresh: sentence(error) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="form" onSubmit={save} novalidate>
      <Input label={words.old} type="password" autocomplete="current-password" value={old} onValue={setOld} error={wrong.old} />
      <Input label={words.fresh} type="password" autocomplete="new-password" help={words.freshHelp} value={fresh} onValue={setFresh} error={wrong.fresh} />
      <div class="row"><Button kind="primary" type="submit" busy={busy} disabled={!old || !fresh}>{words.change}</Button></div>
    </form>
  );
}
