// The dialog over one of a list that owners write: its form, how it is saved, and the question before it goes.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { post, put, remove } from "../../store/api";
import { t, ts } from "../../text";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Fault, useSaving } from "./parts";

interface Listed {
  path: string; // of the list in the API
  one: { id: string; name: string } | null; // null: a new one
  words: { edit: string; fresh: string; drop: string; dropYes: (name: string) => string; dropSure: (name: string) => string };
  body: () => unknown; // what is saved
  save: string; // the button's words
  ready: boolean;
  onDone: () => void;
  onClose: () => void;
  children: (faults: Pick<ReturnType<typeof useSaving>, "about" | "general">) => ComponentChildren; // the form's fields
}

export function OneOfAList({ path, one, words, body, save: saveWords, ready, onDone, onClose, children }: Listed) {
  const [sure, setSure] = useState(false);
  const { busy, save, about, general } = useSaving();
  const address = one && `${path}/${encodeURIComponent(one.id)}`;
  const done = () => {
    onDone();
    onClose();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    void save(async () => {
      if (address) await put(address, body());
      else await post(path, body());
      done();
    }, ts().saved);
  };
  const cancel = (onClick: () => void) => <Button kind="quiet" onClick={onClick}>{t().cancel}</Button>;
  if (address && sure) {
    const drop = () => void save(async () => {
      await remove(address);
      done();
    });
    return <Dialog title={words.drop} onClose={onClose} foot={<>{cancel(() => setSure(false))}<Button kind="danger" busy={busy} onClick={drop}>{words.dropYes(one.name)}</Button></>}><p>{words.dropSure(one.name)}</p><Fault words={general([])} /></Dialog>;
  }
  return (
    <Dialog wide title={one ? words.edit : words.fresh} onClose={onClose} foot={<>{one && <Button kind="quiet" class="t-danger" onClick={() => setSure(true)}>{words.drop}</Button>}<span class="grow" />{cancel(onClose)}<Button kind="primary" type="submit" form="one" busy={busy} disabled={!ready}>{saveWords}</Button></>}>
      <form id="one" class="form" onSubmit={submit} novalidate>{children({ about, general })}</form>
    </Dialog>
  );
}
