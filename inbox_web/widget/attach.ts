/** Files picked for the next message: uploaded at once, one after the other, and taken by the letter that goes out. Fetched with the first file. */

import looks from "./attach.css?inline";
import type { Language, Uploaded } from "./wire";
import type { Words } from "./words";
import { fileWords } from "./words.files";

export { looks };

export const MOST_BYTES = 20_000_000;
export const MOST_FILES = 10;
const TIMEOUT_MS = 300_000;

export interface Picked {
  id: string; // the upload's own id: sending it twice keeps one file
  name: string;
  size: number;
  share: number; // 0 to 1 of the bytes sent
  why: string | null; // the sentence, when it did not go
  again: boolean; // whether another try may help
  file: File | null;
  done: Uploaded | null;
}

export interface AttachOptions {
  base: string;
  language: Language;
  words: Words;
  size: (bytes: number) => string;
  token: () => string | null;
  newId: () => string;
  changed: () => void;
}

export class Attachments {
  picked: Picked[] = [];
  #busy = false;

  constructor(private readonly options: AttachOptions) {}

  add(files: Iterable<File>): void {
    for (const file of files) {
      const why = this.#objection(file);
      const { size } = file;
      const name = file.name || "file";
      this.picked.push({ id: this.options.newId(), name, size, share: 0, why, again: false, file: why ? null : file, done: null });
    }
    this.options.changed();
    void this.#work();
  }

  remove(id: string): void {
    this.picked = this.picked.filter((one) => one.id !== id);
    this.options.changed();
  }

  /** Hand the uploaded files to a letter; the composer is empty after this. */
  take(): Uploaded[] {
    const taken = this.picked.flatMap((one) => one.done ?? []);
    this.picked = [];
    return taken;
  }

  /** Files of a letter that came back, in the composer again. */
  putBack(files: Uploaded[]): void {
    const back = files.map((done) => ({ id: done.id, name: done.name, size: done.bytes, share: 1, why: null, again: false, file: null, done }));
    this.picked = [...back, ...this.picked];
    this.options.changed();
  }

  /** Try again what the network refused. */
  retry(): void {
    for (const one of this.picked) if (one.again) Object.assign(one, { why: null, again: false });
    void this.#work();
  }

  #objection(file: File): string | null {
    const { language, size } = this.options;
    const words = fileWords[language];
    if (this.picked.length >= MOST_FILES) return words.tooMany(MOST_FILES);
    if (file.size === 0) return words.empty;
    if (file.size > MOST_BYTES) return words.tooBig(size(file.size), size(MOST_BYTES));
    return null;
  }

  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    let next: Picked | undefined;
    while (this.options.token() && (next = this.picked.find((one) => one.file && !one.done && !one.why))) {
      await this.#upload(next);
      this.options.changed();
    }
    this.#busy = false;
  }

  /** One try. XMLHttpRequest, because fetch tells no progress of what it sends. */
  #upload(one: Picked): Promise<void> {
    const request = new XMLHttpRequest();
    const { base, language, token, words } = this.options;
    return new Promise<void>((settled) => {
      const failed = () => Object.assign(one, { why: words.upNetwork, again: true, share: 0 });
      request.open("POST", `${base}/files`);
      request.timeout = TIMEOUT_MS;
      request.setRequestHeader("Authorization", `Bearer ${token()}`);
      request.setRequestHeader("X-File-Id", one.id);
      request.setRequestHeader("Accept-Language", language);
      request.upload.onprogress = (event) => {
        one.share = event.lengthComputable ? event.loaded / event.total : 0;
        this.options.changed();
      };
      request.onload = () => {
        if (request.status < 300) one.done = answered(request.responseText) as Uploaded | null;
        if (one.done) one.file = null;
        else if (request.status >= 500 || request.status === 429) failed();
        else one.why = (answered(request.responseText) as { detail?: string } | null)?.detail || fileWords[language].upRefused;
      };
      request.onerror = request.ontimeout = failed;
      request.onloadend = () => settled();
      const form = new FormData();
      form.append("file", one.file as File, one.name);
      request.send(form);
    });
  }
}

function answered(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
