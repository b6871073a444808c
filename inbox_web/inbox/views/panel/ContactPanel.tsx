// Who this is: addresses with how they were verified, what they told, labels, and where else they wrote.
import { X } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import { listTime } from "../../../shared/format";
import { openMenu, panelOver } from "../../actions/dialogs";
import { contactPath, go } from "../../actions/place";
import { ratingOf } from "../../actions/rating";
import type { Problem } from "../../store/api";
import { contactOf, fetchContact } from "../../store/contacts";
import type { Row } from "../../store/types";
import { language, sentence, t } from "../../text";
import { useLate } from "../../ui/Blank";
import { Button, IconButton } from "../../ui/Button";
import { now } from "../../ui/clock";
import { Consents } from "./Consent";
import { Conversations, Facts, Identity, Addresses } from "./parts";
import { Why } from "./Why";

/** Nobody is fetched while a held key runs past them. */
const SETTLED_MS = 80;

export function ContactPanel({ row, over = false }: { row: Row; over?: boolean }) {
  const contact = contactOf(row.contact).value;
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = () => {
    setProblem(null);
    fetchContact(row.contact).catch((error: Problem) => setProblem(error));
  };
  useEffect(() => {
    setProblem(null);
    const timer = setTimeout(load, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [row.contact]);
  useEffect(() => {
    if (!over) return;
    const leave = (event: KeyboardEvent) => { if (event.key === "Escape" && !document.querySelector("dialog[open], .menu:popover-open")) panelOver.value = false; };
    addEventListener("keydown", leave);
    return () => removeEventListener("keydown", leave);
  }, [over]);
  const late = useLate(contact === null && problem === null);
  const rated = ratingOf(row);
  return (
    <aside class={`panel${over ? " over" : ""}`} aria-label={t().panel.label}>
      {over && <div class="panel-x"><IconButton label={t().close} icon={X} onClick={() => { panelOver.value = false; }} /></div>}
      {late && <div class="panel-skel" aria-hidden="true"><span class="skel" /><span class="skel" /><span class="skel" /></div>}
      {problem && !contact && <p class="panel-p">{sentence(problem)} <button type="button" class="link" onClick={load}>{t().retry}</button></p>}
      {contact && (
        <>
          <Identity contact={contact} />
          <Addresses contact={contact} />
          <Consents contact={contact} />
          <section><h3>{t().panel.labels}<button type="button" class="link" data-menu="labels" onClick={(event: MouseEvent) => openMenu("labels", event.currentTarget as HTMLElement)}>{t().panel.addLabel}</button></h3>
            {row.labels.length ? <p class="chips">{row.labels.map((label) => <span class="chip" key={label}>{label}</span>)}</p> : <p class="faint">{t().panel.noLabels}</p>}
          </section>
          {rated && <section><h3>{t().panel.rating}</h3><p class="stars"><span role="img" aria-label={t().panel.stars(rated.stars)}>{"★".repeat(rated.stars)}<span class="faint">{"☆".repeat(5 - rated.stars)}</span></span> <span class="faint">{listTime(new Date(rated.at), now.value, language.value)}</span></p></section>}
          <Why row={row} />
          <Facts contact={contact} />
          <Conversations contact={contact} open={row.id} />
          <section><Button small onClick={() => go(contactPath(contact.id))}>{t().panel.whole}</Button></section>
        </>
      )}
    </aside>
  );
}
