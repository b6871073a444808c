// Every key on one page, straight from the table of commands.
import "../styles/palette.css";
import { COMMANDS, type Command } from "../actions/commands";
import { prefer, prefs } from "../store/prefs";
import { t } from "../text";
import { Dialog } from "../ui/Dialog";
import { Toggle } from "../ui/Field";

const GROUPS = ["conversation", "list", "go", "app"] as const;

export function Help({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t().help.title} onClose={onClose} wide calm>
      <div class="keys">
        {GROUPS.map((group) => <Group key={group} group={group} />)}
        <section><h3>{t().help.writing}</h3><dl>
          <Key words={t().help.send} keys={prefs.value.enterSends ? "Enter" : "Ctrl Enter"} />
          <Key words={t().help.leave} keys="Esc" />
        </dl></section>
      </div>
      <Toggle kind="switch" label={t().help.single} help={t().help.singleHelp} on={prefs.value.shortcuts} onToggle={(shortcuts) => prefer({ shortcuts })} />
    </Dialog>
  );
}

function Group({ group }: { group: Command["group"] }) {
  const commands = COMMANDS.filter((command) => command.group === group && command.shown);
  return <section><h3>{t().help.groups[group]}</h3><dl>{commands.map((command) => <Key key={command.id} words={command.words()} keys={command.shown!} />)}</dl></section>;
}

function Key({ words, keys }: { words: string; keys: string }) {
  return <div><dt>{words}</dt><dd>{keys.split(" ").map((one) => <kbd key={one}>{one}</kbd>)}</dd></div>;
}
