// The people whose panel or page was opened, one signal each.
import { signal, type Signal } from "@preact/signals";
import { get, patch, post, withQuery } from "./api";
import { askedAt, putRow } from "./rows";
import { learnMembers } from "./threads";
import type { Contact, Row } from "./types";

const contacts = new Map<string, Signal<Contact | null>>();

/** The signal of a contact; null until somebody fetched it. */
export function contactOf(id: string): Signal<Contact | null> {
  const known = contacts.get(id);
  if (known) return known;
  const fresh = signal<Contact | null>(null);
  contacts.set(id, fresh);
  return fresh;
}

/** Ask for a contact; raises Problem. */
export async function fetchContact(id: string): Promise<Contact> {
  const asked = askedAt();
  const contact = await get<Contact>(`/contacts/${encodeURIComponent(id)}`);
  putContact(id, contact, asked);
  return contact;
}

/** Ask for a conversation, and with it for whose it is; raises Problem. */
export async function fetchRow(id: string): Promise<void> {
  const asked = askedAt();
  const { conversation, contact } = await get<{ conversation: Row; contact?: Contact | null }>(`/conversations/${encodeURIComponent(id)}`);
  putRow(conversation, asked);
  if (contact) putContact(contact.id, contact, asked);
}

/** Take a contact from the server, under the id it was asked by too (a merged one answers with its root). */
export function putContact(id: string, contact: Contact, asked: number): void {
  learnMembers(contact);
  contact.conversations?.forEach((row) => putRow(row, asked));
  contactOf(contact.id).value = contact;
  if (id !== contact.id) contactOf(id).value = contact;
}

/** Change fields of a contact that is known here, under whichever of its ids it was asked for. */
export function amendContact(id: string, set: Partial<Contact>): void {
  for (const known of contacts.values()) {
    if (known.value && (known.value.id === id || known.value.members?.includes(id))) known.value = { ...known.value, ...set };
  }
}

/** Correct a name or facts; raises Problem and shows nothing that the server did not take. */
export async function correctContact(id: string, change: { name?: string; facts?: Record<string, string> }): Promise<void> {
  const asked = askedAt();
  putContact(id, await patch<Contact>(`/contacts/${encodeURIComponent(id)}`, change), asked);
}

/** Write down that somebody said they want no advertising; raises Problem. */
export async function refuseConsent(id: string, reason: string): Promise<void> {
  const asked = askedAt();
  putContact(id, await post<Contact>(`/contacts/${encodeURIComponent(id)}/consents/stop`, { reason }), asked);
}

/** Take back that somebody wants no advertising; raises Problem. */
export async function liftConsents(id: string, ids: string[], reason: string): Promise<void> {
  const asked = askedAt();
  putContact(id, await post<Contact>(`/contacts/${encodeURIComponent(id)}/consents/lift`, { ids, reason }), asked);
}

export const findContacts = (q: string, cursor: string | null): Promise<{ items: Contact[]; next: string | null }> =>
  get(withQuery("/contacts", { q, cursor }));

export const forgetContacts = (): void => contacts.clear();
