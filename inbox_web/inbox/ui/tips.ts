// Tips for anything with `data-tip`: after 400 ms under the pointer, at once on focus. Never the only place of a fact.

const SHOW_AFTER_MS = 400;
const GAP_PX = 6;

/** Watch the page for things with a tip. Called once. */
export function startTips(): void {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("popover", "manual");
  tip.setAttribute("aria-hidden", "true");
  let timer: ReturnType<typeof setTimeout> | undefined;

  const hide = (): void => {
    clearTimeout(timer);
    if (tip.isConnected) tip.remove();
  };
  const show = (target: HTMLElement): void => {
    const words = target.dataset.tip;
    if (!words || !target.isConnected) return;
    tip.textContent = words;
    (target.closest("dialog") ?? document.body).append(tip);
    tip.showPopover();
    const at = target.getBoundingClientRect();
    const size = tip.getBoundingClientRect();
    const above = at.bottom + GAP_PX + size.height > innerHeight;
    tip.style.top = `${above ? at.top - GAP_PX - size.height : at.bottom + GAP_PX}px`;
    tip.style.left = `${Math.max(8, Math.min(innerWidth - size.width - 8, at.left + at.width / 2 - size.width / 2))}px`;
  };
  const bearer = (event: Event): HTMLElement | null =>
    event.target instanceof Element ? event.target.closest<HTMLElement>("[data-tip]") : null;

  document.addEventListener("pointerover", (event) => {
    hide();
    const target = bearer(event);
    if (target && event.pointerType === "mouse") timer = setTimeout(() => show(target), SHOW_AFTER_MS);
  });
  document.addEventListener("focusin", (event) => {
    hide();
    const target = bearer(event);
    // Not in this very moment: a popover that is just being shown may be what moves the focus, and forbids another.
    if (target?.matches(":focus-visible")) timer = setTimeout(() => show(target));
  });
  for (const kind of ["focusout", "pointerdown", "keydown", "scroll"]) document.addEventListener(kind, hide, true);
}
