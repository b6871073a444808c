// The list of one view: its head with search, what stands in for rows, the rows, and "n new" while it is scrolled.
import { ChevronDown, Search, X } from "lucide-preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { openMenu } from "../../actions/dialogs";
import { searchWish } from "../../actions/focus";
import { currentConversation, currentView, openConversation, shownIds } from "../../actions/place";
import { counts } from "../../store/counts";
import { loadMore, openList, reload } from "../../store/lists";
import { liveState, lostAt } from "../../store/live";
import { outbox } from "../../store/outbox";
import { clock } from "../../../shared/format";
import { t } from "../../text";
import { Banner } from "../../ui/Banner";
import { SkeletonRows, useLate } from "../../ui/Blank";
import { IconButton } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { memo } from "../../ui/memo";
import { VirtualRows } from "../../ui/VirtualRows";
import { width } from "../../ui/width";
import { capped } from "../numbers";
import { ConversationRow } from "./ConversationRow";
import { EmptyList, FailedList } from "./ListStates";
import { useHeld } from "./held";
import { viewLines, viewName } from "./views_list";
import { ViewStrip } from "./ViewStrip";

const SEARCH_AFTER_MS = 180;

export function ConversationList() {
  const slug = currentView.value;
  const [query, setQuery] = useState("");
  const [asked, setAsked] = useState("");
  const list = useMemo(() => openList(slug, asked), [slug, asked]);
  const { shown, fresh, scrolled, setScrolled } = useHeld(list.ids.value, currentConversation.value, `${slug}\n${asked}`);
  const late = useLate(list.status.value === "loading" && shown.length === 0);
  // With the rows themselves: a key pressed right after they were drawn must walk along what the agent sees.
  useLayoutEffect(() => { shownIds.value = shown; }, [shown]);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(query.trim()), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [query]);
  const Region = width.value === "phone" ? "main" : "section";
  const top = () => {
    setScrolled(false);
    document.querySelector(".ls")?.scrollTo({ top: 0 });
  };
  return (
    <Region class="list" aria-label={viewName(slug)}>
      <ListHead slug={slug} query={query} onQuery={setQuery} />
      {width.value === "phone" && !asked && <ViewStrip />}
      <Offline />
      {late && <SkeletonRows />}
      {list.status.value === "failed" && <FailedList problem={list.problem.value} retry={() => { list.status.value = "loading"; void reload(list); }} />}
      {list.status.value === "ready" && shown.length === 0 && <EmptyList slug={slug} query={asked} onClear={() => { setQuery(""); setAsked(""); }} />}
      {fresh > 0 && scrolled && <button type="button" class="fresh" onClick={top}>{t().newAbove(fresh)}</button>}
      {shown.length > 0 && (
        <VirtualRows label={viewName(slug)} ids={shown} active={currentConversation.value} more={list.more.value} onEnd={() => void loadMore(list)}
          onScrolled={setScrolled} onOpen={openConversation}
          onStep={(id) => (width.peek() === "phone" ? document.querySelector<HTMLElement>(`.ls [data-id="${CSS.escape(id)}"]`)?.focus() : openConversation(id))}>
          {(place) => <ConversationRow key={place.id} place={place} hit={list.hits.value.get(place.id)} typed={asked} selected={place.id === currentConversation.value} />}
        </VirtualRows>
      )}
    </Region>
  );
}

interface HeadProps { slug: string; query: string; onQuery: (query: string) => void }

const ListHead = memo(function ListHead({ slug, query, onQuery }: HeadProps) {
  const [searching, setSearching] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const wished = searchWish.value;
  useLayoutEffect(() => {
    if (!wished) return;
    searchWish.value = false;
    setSearching(true);
    field.current?.focus();
  }, [wished]);
  useLayoutEffect(() => { if (searching) field.current?.focus(); }, [searching]);
  const leave = () => {
    onQuery("");
    setSearching(false);
  };
  if (searching) {
    return (
      <div class="lh"><div class="lh-f"><Icon of={Search} size={14} />
        <input ref={field} type="search" value={query} aria-label={t().searchList} placeholder={t().searchList} onInput={(event: Event) => onQuery((event.currentTarget as HTMLInputElement).value)}
          onKeyDown={(event: KeyboardEvent) => { if (event.key === "Escape" && !event.isComposing) leave(); }} />
      </div><IconButton label={t().closeSearch} icon={X} onClick={leave} /></div>
    );
  }
  const count = viewLines().find((line) => line.slug === slug)?.count;
  const Name = width.value === "phone" ? "h1" : "h2";
  const menu = width.value === "desk" || width.value === "tablet";
  const title = <><span class="one">{viewName(slug)}</span>{counts.value && count !== undefined && <span class="count">{capped(count)}</span>}</>;
  return (
    <div class="lh">
      {menu
        ? <h2 class="lh-t grow"><button type="button" class="lh-m" data-menu="views" data-tip={`${t().command.views}  [`} onClick={(event: MouseEvent) => openMenu("views", event.currentTarget as HTMLElement)}>{title}<Icon of={ChevronDown} size={14} /></button></h2>
        : <Name class="lh-t grow">{title}</Name>}
      <IconButton label={t().searchList} keys="/" icon={Search} onClick={() => setSearching(true)} />
    </div>
  );
}, (a, b) => a.slug === b.slug && a.query === b.query);

function Offline() {
  const since = lostAt.value;
  const late = useLate(liveState.value !== "open" && since !== null);
  if (!late || !since) return null;
  const waiting = outbox.value.length;
  return <Banner tone="warn" class="offline"><b>{t().offline.since(clock(since))}</b> {waiting ? t().offline.waiting(waiting) : t().offline.readable}</Banner>;
}

