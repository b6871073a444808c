// Albums: platforms send each picture as a message of its own, people sent one. Pure.
import type { Amended, Message } from "../store/types";

const joined = new WeakMap<Message, { members: readonly Message[]; one: Message }>();

/** The entries with each album as one entry, where its first one stands. */
export function withAlbums(entries: readonly Message[]): Message[] {
  const albums = new Map<string, Message[]>();
  for (const one of entries) {
    const key = albumOf(one);
    if (key) albums.set(key, [...(albums.get(key) ?? []), one]);
  }
  if (albums.size === 0) return [...entries];
  return entries.flatMap((one) => {
    const members = albums.get(albumOf(one) ?? "");
    if (!members) return [one];
    return members[0] === one ? [asOne(members)] : [];
  });
}

const albumOf = (one: Message): string | null => (one.group ? [one.conversation, one.kind, one.author.id, one.group].join(" ") : null);

/** All of an album as one message; the same members give the same record, so that nothing is drawn again. */
export function asOne(members: readonly Message[]): Message {
  const first = members[0]!;
  if (members.length === 1) return first;
  const known = joined.get(first);
  if (known && known.members.length === members.length && known.members.every((one, at) => one === members[at])) return known.one;
  const amended = amendedOf(members);
  const one: Message = {
    ...first,
    text: joinedText(members.map((member) => member.text)),
    attachments: members.flatMap((member) => (member.amended?.gone ? [] : member.attachments)),
    tag: members.find((member) => member.tag)?.tag ?? null,
    reactions: members.flatMap((member) => member.reactions ?? []),
    ...(amended && { amended }),
  };
  joined.set(first, { members: [...members], one });
  return one;
}

function amendedOf(members: readonly Message[]): Amended | null {
  const changed = members.flatMap((one) => (one.amended ? [one.amended] : []));
  if (changed.length === 0) return null;
  const gone = members.every((one) => one.amended?.gone);
  const text = joinedText(members.map((one) => (one.amended ? (one.amended.gone ? "" : one.amended.text) : one.text)));
  return { text, gone, at: changed.map((one) => one.at).sort().at(-1)! };
}

const joinedText = (texts: readonly string[]): string => texts.filter(Boolean).join("\n");
