// Three dots: somebody is writing.
export function Typing({ words }: { words: string }) {
  return <span class="typing"><span class="dots" aria-hidden="true"><i /><i /><i /></span>{words}</span>;
}
