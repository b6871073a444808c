// The one place that calls the server: JSON, timeouts, Idempotency-Keys, and errors as Problems.
import { uuid } from "../../shared/ids";
import type { Message } from "./types";

const PREFIX = "/api/v1";
const ANSWER_WITHIN_MS = 10_000;
const UPLOAD_WITHIN_MS = 120_000;

/** What went wrong, by slug. "offline" and "timeout" are made here: nothing is known about what the server did. */
export class Problem extends Error {
  constructor(
    readonly slug: string,
    readonly status: number,
    readonly detail: string,
    readonly field: string | null = null,
    readonly answers: Message[] = [],
    readonly retryAfter_s: number | null = null,
  ) {
    super(`${slug}: ${detail}`);
  }

  /** True when the same request may be sent again with the same key. */
  get passing(): boolean {
    return this.slug === "offline" || this.slug === "timeout" || this.status === 429 || this.status >= 500;
  }
}

export interface CallOptions { key?: string; signal?: AbortSignal; language?: string; within_ms?: number }

let onSignedOut: () => void = () => undefined;

/** Called whenever the server says that nobody is signed in, except by the sign-in itself. */
export const whenSignedOut = (then: () => void): void => {
  onSignedOut = then;
};

/** Ask the server; the body is JSON or a form. Raises Problem, never anything else. */
export async function call<T>(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method === "POST") headers["Idempotency-Key"] = options.key ?? uuid();
  // The page's language, which need not be the browser's: errors come back in it.
  const language = options.language ?? globalThis.document?.documentElement?.lang;
  if (language) headers["Accept-Language"] = language;
  const form = body instanceof FormData;
  if (body !== undefined && !form) headers["Content-Type"] = "application/json";
  const payload = body === undefined ? undefined : form ? body : JSON.stringify(body);
  const timeout = AbortSignal.timeout(options.within_ms ?? (form ? UPLOAD_WITHIN_MS : ANSWER_WITHIN_MS));
  const signal = options.signal ? AbortSignal.any([timeout, options.signal]) : timeout;
  let answer: Response;
  try {
    answer = await fetch(PREFIX + path, { method, headers, signal, credentials: "same-origin", ...(payload !== undefined && { body: payload }) });
  } catch {
    throw new Problem(timeout.aborted ? "timeout" : "offline", 0, "");
  }
  if (answer.ok) return (answer.status === 204 ? undefined : await read(answer)) as T;
  const problem = await understand(answer);
  if (problem.status === 401 && path !== "/session") onSignedOut();
  throw problem;
}

async function read(answer: Response): Promise<unknown> {
  const text = await answer.text().catch(() => {
    throw new Problem("offline", 0, "");
  });
  return text ? JSON.parse(text) : undefined;
}

async function understand(answer: Response): Promise<Problem> {
  const body = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
  const slug = String(body.type ?? "").split("#")[1] ?? (answer.status >= 500 ? "unavailable" : "bad-input");
  const after = Number(answer.headers.get("Retry-After"));
  return new Problem(
    slug,
    answer.status,
    String(body.detail ?? ""),
    typeof body.field === "string" ? body.field : null,
    Array.isArray(body.answers) ? (body.answers as Message[]) : [],
    Number.isFinite(after) && after > 0 ? after : null,
  );
}

/** A path with its query; absent and empty values are left out. */
export function withQuery(path: string, query: Record<string, string | number | null | undefined>): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const search = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]));
  return pairs.length ? `${path}?${search}` : path;
}

export const get = <T>(path: string, options?: CallOptions): Promise<T> => call("GET", path, undefined, options);
export const post = <T>(path: string, body?: unknown, options?: CallOptions): Promise<T> => call("POST", path, body ?? {}, options);
export const patch = <T>(path: string, body: unknown): Promise<T> => call("PATCH", path, body);
export const put = <T>(path: string, body: unknown): Promise<T> => call("PUT", path, body);
export const remove = <T>(path: string): Promise<T> => call("DELETE", path);
