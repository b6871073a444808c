// A moment of one's own for a snoozed conversation to come back.
import { useState } from "preact/hooks";
import { snooze } from "../actions/conversation";
import { currentRow } from "../actions/place";
import { t } from "../text";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Input } from "../ui/Field";

const DAY_MS = 86_400_000;

/** A moment as the browser's own date field wants it: local, without zone. */
const local = (at: Date): string => new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

export function SnoozeDialog({ onClose }: { onClose: () => void }) {
  const [value, setValue] = useState(() => local(new Date(Date.now() + DAY_MS)));
  const [problem, setProblem] = useState<string | null>(null);
  const save = (event: Event) => {
    event.preventDefault();
    const at = new Date(value);
    const row = currentRow.peek();
    if (Number.isNaN(at.getTime()) || at.getTime() <= Date.now()) return setProblem(t().snooze.past);
    if (row) void snooze(row, at);
    onClose();
  };
  return (
    <Dialog title={t().snooze.title} onClose={onClose} foot={<><Button kind="quiet" onClick={onClose}>{t().cancel}</Button><Button kind="primary" type="submit" form="snooze-form">{t().snooze.set}</Button></>}>
      <form id="snooze-form" onSubmit={save} novalidate><Input label={t().snooze.until} type="datetime-local" value={value} onValue={setValue} error={problem} min={local(new Date())} autofocus /></form>
    </Dialog>
  );
}
