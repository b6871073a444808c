/** Placeholder of the loader: fetches the panel. */
declare const __PANEL_VERSION__: string;

const here = document.currentScript as HTMLScriptElement | null;
if (here) void import(/* @vite-ignore */ new URL(`/panel.js?v=${__PANEL_VERSION__}`, here.src).href);
