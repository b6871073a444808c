// On a phone the views are a strip that scrolls sideways under the list's head.
import { currentView, openView } from "../../actions/place";
import { t } from "../../text";
import { capped } from "../numbers";
import { viewLines } from "./views_list";

export function ViewStrip() {
  return (
    <nav class="pv" aria-label={t().view.label}>
      {viewLines().map((line) => (
        <button key={line.slug} type="button" class={line.slug === currentView.value ? "on" : ""} aria-current={line.slug === currentView.value ? "page" : undefined} onClick={() => openView(line.slug)}>
          {line.words}{!!line.count && <span class="num"> {capped(line.count)}</span>}
        </button>
      ))}
    </nav>
  );
}
