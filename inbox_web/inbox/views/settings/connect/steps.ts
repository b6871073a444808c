// What a person still has to do on the platform, told once after connecting: kept until the page is left for good.
import { signal } from "@preact/signals";
import type { Language } from "../../../store/types";

export const connected = signal<{ account: string; steps: Partial<Record<Language, string[]>> } | null>(null);
