/**
 * Two apps, three builds, one folder (`dist/`):
 *   --mode inbox    the agents' single page: index.html, hashed assets, .vite/manifest.json
 *   --mode panel    panel.js: the widget's Preact panel, one ES module that keeps its exports
 *   --mode loader   widget.js: the script that shops embed, a plain IIFE; built after the panel, whose hash it carries
 * `build_web.py` runs all three. `npm run dev` serves the inbox and passes everything else on to a running hub.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type UserConfig } from "vite";

const here = import.meta.dirname;
const out = process.env.HUB_UI_OUT ?? join(here, "dist");
const hub = process.env.HUB_UI_DEV ?? "http://127.0.0.1:8080";
const passedOn = ["/api", "/files", "/widget.js", "/panel.js", "/healthz", "/readyz"];

const shared: UserConfig = {
  // Vite's own transformer does the JSX; no Babel, no plugin.
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  resolve: { alias: { "@shared": join(here, "shared") } },
};

const inbox: UserConfig = {
  ...shared,
  root: join(here, "inbox"),
  base: "/",
  publicDir: existsSync(join(here, "inbox/public")) ? join(here, "inbox/public") : false,
  build: {
    outDir: out,
    emptyOutDir: false,
    manifest: true,
    target: "es2022",
    // The tokens use light-dark() and oklch() as they are: written out for older browsers they weigh four times as much.
    cssTarget: ["chrome123", "firefox128", "safari17.5"],
    // No request to a data: or blob: script under the page's policy: small assets stay files of their own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      ...Object.fromEntries(passedOn.map((path) => [path, hub])),
      "/live": { target: hub, ws: true },
      "/chat": { target: hub, ws: true },
    },
  },
};

function oneFile(entry: string, name: string, format: "es" | "iife", define: Record<string, string>): UserConfig {
  return {
    ...shared,
    root: join(here, "widget"),
    publicDir: false,
    define,
    build: {
      outDir: out,
      emptyOutDir: false,
      target: "es2022",
      // What draws light-dark() and relative colours by itself; lowering them for older browsers triples the style sheet.
      cssTarget: ["chrome123", "firefox128", "safari17.5"],
      modulePreload: false,
      copyPublicDir: false,
      // As a library import() stays bare; else Vite wraps it in a preload helper that is of no use here.
      lib: { entry: join(here, "widget", entry), formats: [format], name: "OmniHub" },
      minify: "oxc",
      rolldownOptions: {
        preserveEntrySignatures: "strict",
        // What few visitors need comes apart, hashed, beside the inbox's own assets.
        output: {
          entryFileNames: name, chunkFileNames: "assets/[name]-[hash].js", format, codeSplitting: format === "es", minify: true,
          comments: { legal: true, annotation: false, jsdoc: false }, // "pure" marks are for bundlers, and nobody bundles this again
        },
      },
    },
  };
}

/** What the loader appends as ?v= so that a new panel is fetched at once and an old one may be cached for good. */
function panelVersion(): string {
  const built = join(out, "panel.js");
  return existsSync(built) ? createHash("sha256").update(readFileSync(built)).digest("hex").slice(0, 12) : "dev";
}

export default defineConfig(({ mode }) => {
  if (mode === "panel") return oneFile("panel.tsx", "panel.js", "es", {});
  if (mode === "loader") {
    return oneFile("loader.ts", "widget.js", "iife", { __PANEL_VERSION__: JSON.stringify(panelVersion()) });
  }
  if (mode === "test") return { ...shared, test: { include: ["test/**/*.test.{ts,tsx}"], passWithNoTests: true } };
  return inbox;
});
