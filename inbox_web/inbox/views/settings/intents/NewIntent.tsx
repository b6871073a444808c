// An intent of the owner's own: its names, its meaning, its look. Its examples come next, on its page.
import { useState } from "preact/hooks";
import { go } from "../../../actions/place";
import { say } from "../../../actions/toast";
import { post } from "../../../store/api";
import { refresh } from "../../../store/session";
import { t, ts } from "../../../text";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Choose, Input } from "../../../ui/Field";
import { Fault, useSaving } from "../parts";
import { called, pathOf, type Intent } from "./shapes";

export function NewIntent({ onClose }: { onClose: () => void }) {
  const words = ts().intents;
  const [made, setMade] = useState({ vi: "", en: "", meaning: "", tone: "plain" });
  const { busy, save, about, general } = useSaving();
  const set = (change: Partial<typeof made>) => setMade({ ...made, ...change });
  const submit = (event: Event) => {
    event.preventDefault();
    void save(async () => {
      const one = await post<Intent>("/intents", made);
      await refresh();
      onClose();
      go(pathOf(one.name));
      say(words.added(called(one)));
    });
  };
  return (
    <Dialog title={words.fresh} onClose={onClose} foot={<><span class="grow" /><Button kind="quiet" onClick={onClose}>{t().cancel}</Button><Button kind="primary" type="submit" form="intent" busy={busy} disabled={!made.vi.trim()}>{words.create}</Button></>}>
      <form id="intent" class="form" onSubmit={submit} novalidate>
        <Input label={words.vi} help={words.viHelp} value={made.vi} onValue={(vi) => set({ vi })} error={about("vi")} maxLength={40} autofocus />
        <Input label={words.en} help={words.enHelp} value={made.en} onValue={(en) => set({ en })} error={about("en")} maxLength={40} />
        <Input label={words.meaning} help={words.meaningHelp} value={made.meaning} onValue={(meaning) => set({ meaning })} error={about("meaning")} maxLength={200} />
        <Tone value={made.tone} onValue={(tone) => set({ tone })} />
        <Fault words={general(["vi", "en", "meaning"])} />
      </form>
    </Dialog>
  );
}

export function Tone({ value, onValue }: { value: string; onValue: (tone: string) => void }) {
  const words = ts().intents;
  return <Choose label={words.tone} value={value} onValue={onValue} options={Object.entries(words.tones).map(([tone, name]) => ({ value: tone, words: name }))} />;
}
