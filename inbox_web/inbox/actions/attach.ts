// Files for a message: uploaded as soon as they are chosen, so that sending waits for nothing.
import { signal } from "@preact/signals";
import { uuid } from "../../shared/ids";
import { bytes } from "../../shared/format";
import { call, Problem } from "../store/api";
import { draftOf, type Mode } from "../store/drafts";
import { channels } from "../store/session";
import type { Row, Upload } from "../store/types";
import { language, sentence, t } from "../text";
import { write } from "./send";

export interface Uploading { id: string; conversation: string; name: string; problem: string | null }

const MOST_BYTES = 25_000_000;

export const uploading = signal<readonly Uploading[]>([]);

/** Upload files into the draft of a conversation; each that fails says why and stays until it is dismissed. */
export async function attach(row: Row, mode: Mode, files: Iterable<File>): Promise<void> {
  await Promise.all(Array.from(files, (file) => upload(row, mode, file)));
}

async function upload(row: Row, mode: Mode, file: File): Promise<void> {
  const id = uuid();
  const most = channels.peek().get(row.channel)?.limits?.attachment_bytes ?? MOST_BYTES;
  uploading.value = [...uploading.peek(), { id, conversation: row.id, name: file.name, problem: null }];
  if (file.size > most) {
    settle(id, t().composer.tooLarge(bytes(most, language.peek())));
    return;
  }
  const form = new FormData();
  form.append("file", file, file.name);
  try {
    const done = await call<Upload>("POST", "/files", form);
    const words = draftOf(row.id)[mode];
    write(row, { [mode]: { ...words, files: [...words.files, done] } });
    dismissUpload(id);
  } catch (error) {
    settle(id, error instanceof Problem ? sentence(error) : t().problems.unexpected);
  }
}

function settle(id: string, problem: string): void {
  uploading.value = uploading.peek().map((one) => (one.id === id ? { ...one, problem } : one));
}

/** Take a finished or failed upload out of sight. */
export function dismissUpload(id: string): void {
  uploading.value = uploading.peek().filter((one) => one.id !== id);
}

/** Take a file out of the draft; the server drops what nobody sends. */
export function detach(row: Row, mode: Mode, id: string): void {
  const words = draftOf(row.id)[mode];
  write(row, { [mode]: { ...words, files: words.files.filter((file) => file.id !== id) } });
}
