/** The words of the form before the chat; they come with it. */

import type { Language } from "./wire";

const vi = {
  ask: "Để lại cách liên hệ để cửa hàng gọi lại nếu mất kết nối.",
  name: "Tên của anh/chị",
  email: "Email",
  phone: "Số điện thoại",
  optional: "tuỳ chọn",
  start: "Bắt đầu trò chuyện",
  skip: "Bỏ qua, nhắn luôn",
  nameMissing: "Anh/chị cho em xin tên nhé.",
  emailMissing: "Anh/chị cho em xin email nhé.",
  emailAt: "Địa chỉ này thiếu dấu @.",
  emailDomain: "Sau dấu @ cần tên miền, như gmail.com.",
  emailSpace: "Địa chỉ email không có khoảng trắng.",
  phoneMissing: "Anh/chị cho em xin số điện thoại nhé.",
  phoneLetters: "Số điện thoại chỉ gồm chữ số.",
  phoneStart: "Số trong nước bắt đầu bằng 0, số nước ngoài bằng dấu +.",
  phoneShort: (n: number) => `Số này thiếu ${n} chữ số.`,
  phoneLong: (n: number) => `Số này thừa ${n} chữ số.`,
};

export type FormWords = typeof vi;

const en: FormWords = {
  ask: "Leave your details so that we can reach you if the connection drops.",
  name: "Your name",
  email: "Email",
  phone: "Phone number",
  optional: "optional",
  start: "Start the chat",
  skip: "Skip, write right away",
  nameMissing: "Tell us your name to start.",
  emailMissing: "Tell us your email to start.",
  emailAt: "This address has no @.",
  emailDomain: "After the @ comes a domain, like gmail.com.",
  emailSpace: "An email address has no spaces.",
  phoneMissing: "Tell us your phone number to start.",
  phoneLetters: "A phone number has digits only.",
  phoneStart: "Vietnamese numbers start with 0, others with +.",
  phoneShort: (n) => `This number is ${n} ${n === 1 ? "digit" : "digits"} short.`,
  phoneLong: (n) => `This number has ${n} ${n === 1 ? "digit" : "digits"} too many.`,
};

export const formWords: Record<Language, FormWords> = { vi, en };
