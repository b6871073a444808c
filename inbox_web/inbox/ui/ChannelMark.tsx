// A channel's glyph in its hue. The glyph alone is enough to tell it; the name is read aloud.
import { AtSign, Globe, Hash, Mail, MessageSquareMore, Phone, Send } from "lucide-preact";
import { channels } from "../store/session";
import { language } from "../text";
import { Icon, type Glyph } from "./Icon";

const GLYPHS: Readonly<Record<string, Glyph>> = {
  telegram: Send, email: Mail, webchat: MessageSquareMore, slack: Hash, phone: Phone, username: AtSign,
};

export const channelName = (kind: string): string => channels.value.get(kind)?.name[language.value] ?? kind;

export function ChannelMark({ kind, quiet = false, large = false }: { kind: string; quiet?: boolean; large?: boolean }) {
  const name = channelName(kind);
  const said = quiet ? { "aria-hidden": true as const } : { role: "img" as const, "aria-label": name };
  return <span class={`ch ch-${kind}${large ? " ch-l" : ""}`} {...said}><Icon of={GLYPHS[kind] ?? Globe} size={large ? 17 : 12} /></span>;
}
