// A contact's name or facts changed.
import { amendContact } from "../contacts";
import type { Contact, LiveItem } from "../types";

export function contactChanged(item: LiveItem): void {
  amendContact(String(item.data.contact), item.data.set as Partial<Contact>);
}
