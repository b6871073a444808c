// The live events and the file that takes each. An event that this page does not know is from a newer server: let it pass.
import { batch } from "@preact/signals";
import type { LiveItem } from "../types";
import { contactChanged } from "./contact_changed";
import { conversationChanged } from "./conversation_changed";
import { conversationOpened } from "./conversation_opened";
import { messageAdded } from "./message_added";
import { messageChanged } from "./message_changed";
import { quarantineChanged } from "./quarantine_changed";
import { settingsChanged } from "./settings_changed";

type Taker = (item: LiveItem) => void;

const TABLE: Readonly<Record<string, Taker>> = {
  "message.added": messageAdded,
  "message.changed": messageChanged,
  "conversation.opened": conversationOpened,
  "conversation.changed": conversationChanged,
  "contact.changed": contactChanged,
  "settings.changed": settingsChanged,
  "quarantine.changed": quarantineChanged,
};

/** Apply one event to the store. Taking the same one twice changes nothing. */
export const apply = (item: LiveItem): void => batch(() => TABLE[item.type]?.(item));
