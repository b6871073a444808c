/** Why a file cannot go; these sentences come with the uploads. */

import type { Language } from "./wire";

const vi = {
  tooBig: (size: string, most: string) => `Tệp này ${size}, lớn hơn mức ${most}. Anh/chị gửi tệp nhỏ hơn giúp em ạ.`,
  empty: "Tệp này trống, không có gì để gửi.",
  tooMany: (most: number) => `Mỗi tin gửi được ${most} tệp.`,
  upRefused: "Loại tệp này không gửi được qua đây.",
};

export type FileWords = typeof vi;

const en: FileWords = {
  tooBig: (size, most) => `This file is ${size}, more than ${most}. Try a smaller one.`,
  empty: "This file is empty, there's nothing to send.",
  tooMany: (most) => `One message takes ${most} files.`,
  upRefused: "This kind of file can't be sent here.",
};

export const fileWords: Record<Language, FileWords> = { vi, en };
