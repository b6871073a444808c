/** Style sheets of the chat: constructed, for a shop's policy may forbid every inline style. */

/** Add a sheet to what is drawn in this shadow root. */
export function dress(shadow: ShadowRoot, css: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
}
