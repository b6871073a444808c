// A list without rows: why, and the one next step.
import { Check, Link2, Lock, Search, TriangleAlert } from "lucide-preact";
import { go, openView } from "../../actions/place";
import type { Problem } from "../../store/api";
import { counts } from "../../store/counts";
import { accounts, boot, isAdministrator } from "../../store/session";
import { sentence, sentenceSafe, t } from "../../text";
import { Blank } from "../../ui/Blank";
import { Button } from "../../ui/Button";

export function EmptyList({ slug, query, onClear }: { slug: string; query: string; onClear: () => void }) {
  const words = t().blank;
  if (query) return <Blank icon={Search} title={words.notFound(query)} action={<Button onClick={onClear}>{words.clearSearch}</Button>}>{words.notFoundHow}</Blank>;
  if (accounts.value.size === 0) {
    const connect = isAdministrator.value && <Button kind="primary" onClick={() => go("/settings/accounts")}>{words.connect}</Button>;
    return <Blank icon={Link2} title={words.firstChannel} action={connect}>{isAdministrator.value ? words.firstChannelHow : words.askAdministrator}</Blank>;
  }
  const free = counts.value?.unassigned ?? 0;
  if (slug === "mine" && free > 0) return <Blank icon={Check} title={words.mine} action={<Button onClick={() => openView("unassigned")}>{words.seeFree(free)}</Button>}>{words.mineHow(free)}</Blank>;
  const other = slug === "open" ? "resolved" : "open";
  const title = slug === "waiting" || slug === "mine" ? words.mine : slug === "snoozed" ? words.snoozed : slug === "resolved" ? words.resolved : words.open;
  const trial = slug === "open" && boot.value?.demo;
  // While the hub is being tried there is nothing done to look at, but a channel to connect.
  const see = trial && isAdministrator.value ? <Button onClick={() => go("/settings/accounts:connect")}>{words.connect}</Button> : <Button onClick={() => openView(other)}>{words.seeView(t().view[other])}</Button>;
  const write = trial && <a class="btn btn-primary" href="/demo" target="_blank" rel="noopener">{words.demo}</a>;
  return <Blank icon={Check} title={title} action={<>{write}{see}</>}>{words.openHow}</Blank>;
}

export function FailedList({ problem, retry }: { problem: Problem | null; retry: () => void }) {
  if (problem?.slug === "denied") return <Blank icon={Lock} title={t().blank.denied} action={<Button onClick={() => openView("mine")}>{t().blank.seeView(t().view.mine)}</Button>}>{sentence(problem)}</Blank>;
  return <Blank icon={TriangleAlert} danger title={t().blank.list} action={<Button kind="primary" onClick={retry}>{t().retry}</Button>}>{sentenceSafe(problem)}</Blank>;
}
