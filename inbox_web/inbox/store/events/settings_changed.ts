// Agents, teams, accounts or labels changed: ask for the shop again.
import { refresh } from "../session";

export function settingsChanged(): void {
  void refresh().catch(() => undefined);
}
