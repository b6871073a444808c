// The column of views: the shop, the way to search, the views with their counts, and what is in quarantine.
import { Search } from "lucide-preact";
import { dialog } from "../../actions/dialogs";
import { currentView, go, openView, viewPath } from "../../actions/place";
import { boot, isAdministrator, quarantined } from "../../store/session";
import { t } from "../../text";
import { Icon } from "../../ui/Icon";
import { capped } from "../numbers";
import { viewLines, type ViewLine } from "./views_list";

export function ViewsColumn() {
  const lines = viewLines();
  const part = (group: ViewLine["group"]) => lines.filter((line) => line.group === group);
  return (
    <nav class="views" aria-label={t().view.label}>
      <div class="vh"><b class="one">{boot.value?.shop}</b></div>
      <button type="button" class="find" onClick={() => { dialog.value = "palette"; }}>
        <Icon of={Search} size={14} /><span class="grow one">{t().searchOrRun}</span><kbd>Ctrl K</kbd>
      </button>
      <div class="vs-all">
        <Lines lines={part("plain")} />
        {part("teams").length > 0 && <><h2 class="vt">{t().view.teams}</h2><Lines lines={part("teams")} /></>}
        {part("channels").length > 0 && <><h2 class="vt">{t().view.channels}</h2><Lines lines={part("channels")} /></>}
      </div>
      {quarantined.value > 0 && (
        <div class="vq"><span class="dot warn" /><span class="grow">{t().quarantined(quarantined.value)}</span>
          {isAdministrator.value && <a class="link" href="/settings/quarantine" onClick={(event: MouseEvent) => { event.preventDefault(); go("/settings/quarantine"); }}>{t().see}</a>}
        </div>
      )}
    </nav>
  );
}

function Lines({ lines }: { lines: ViewLine[] }) {
  return <ul class="vs">{lines.map((line) => <Line key={line.slug} line={line} />)}</ul>;
}

function Line({ line }: { line: ViewLine }) {
  const on = currentView.value === line.slug;
  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    openView(line.slug);
  };
  return (
    <li>
      <a href={viewPath(line.slug)} class={on ? "on" : ""} aria-current={on ? "page" : undefined} onClick={open}>
        {line.mark}<span class="grow one">{line.words}</span>
        {line.count !== undefined && <span class={`count${line.hot && line.count > 0 ? " hot" : ""}`}>{capped(line.count)}</span>}
      </a>
    </li>
  );
}
