import { describe, expect, it } from "vitest";
import { after, bytes, dayLabel, dueTime, fold, initials, listTime, number, share } from "../shared/format";
import { cut, href } from "../shared/render";
import { backoff } from "../shared/transport";
import { readOrigins } from "../inbox/views/settings/origins";
import { snoozeTimes } from "../inbox/actions/snooze_times";
import { freshPassword } from "../inbox/actions/passwords";

const now = new Date(2026, 10, 21, 9, 58); // a Saturday

describe("times", () => {
  it.each([
    [new Date(2026, 10, 21, 9, 54), "09:54", "09:54"], [new Date(2026, 10, 20, 23, 59), "Hôm qua", "Yesterday"],
    [new Date(2026, 10, 19, 8), "T5 19/11", "Thu 19/11"], [new Date(2026, 10, 1, 8), "01/11/2026", "01/11/2026"],
  ])("in the list: %s", (at, vietnamese, english) => {
    expect([listTime(at, now, "vi"), listTime(at, now, "en")]).toEqual([vietnamese, english]);
  });

  it("on a separator", () => {
    expect(dayLabel(now, now, "vi")).toBe("Hôm nay, thứ Bảy 21 tháng 11");
    expect(dayLabel(now, now, "en")).toMatch(/^Today, Saturday,? 21 November$/);
  });

  it("after another, with the day where it is a later one", () => {
    const sent = new Date(2026, 10, 20, 23, 50);
    expect(after(new Date(2026, 10, 20, 23, 59), sent)).toBe("23:59");
    expect(after(new Date(2026, 10, 21, 1, 6), sent)).toBe("21/11 01:06");
  });

  it("to come", () => {
    expect(dueTime(new Date(2026, 10, 22, 8), now, "vi")).toBe("ngày mai 08:00");
    expect(dueTime(new Date(2026, 10, 23, 8), now, "vi")).toBe("T2 08:00");
  });

  it("of a snooze: later, tomorrow, Monday", () => {
    expect(snoozeTimes(now).map(({ id, at }) => [id, at.getDate(), at.getHours(), at.getMinutes()])).toEqual([["today", 21, 13, 0], ["tomorrow", 22, 8, 0], ["monday", 23, 8, 0]]);
  });

  it("of a snooze late on a Sunday leave out what is tomorrow anyway and what is past midnight", () => {
    expect(snoozeTimes(new Date(2026, 10, 22, 22, 0)).map(({ id }) => id)).toEqual(["tomorrow"]);
  });
});

describe("numbers and names", () => {
  it("have the marks of their language", () => {
    expect([number(1234567, "vi"), number(1234567, "en"), number(-5, "vi"), share(0.88, "vi"), share(0.88, "en")]).toEqual(["1.234.567", "1,234,567", "−5", "0,88", "0.88"]);
    expect([bytes(900, "vi"), bytes(12_300, "vi"), bytes(1_240_000, "vi"), bytes(1_240_000, "en"), bytes(20_000_000, "vi")]).toEqual(["900 B", "12 kB", "1,2 MB", "1.2 MB", "20 MB"]);
  });

  it("of people are called by their end", () => {
    expect([initials("Nguyễn Thị Khánh Huyền"), initials("Ánh"), initials("Khách #7F2A"), initials("  ")]).toEqual(["KH", "Á", "K7", "?"]);
    expect([initials("Hoàng Anh Khôi (Gạo 2)"), initials("(Gạo 2)"), initials("@mocan_bot"), initials("👋 !")]).toEqual(["AK", "G2", "M", "?"]);
  });

  it("are found without accents", () => {
    expect(fold("Đặt hàng ở Buôn Ma Thuột")).toBe("dat hang o buon ma thuot");
  });
});

describe("people's words", () => {
  it("are cut at their links, without the full stop behind", () => {
    expect(cut("Xem https://mocan.vn/don/8?a=1. Hoặc www.mocan.vn, hay a@b.vn!")).toEqual(["Xem ", "https://mocan.vn/don/8?a=1", ". Hoặc ", "www.mocan.vn", ", hay ", "a@b.vn", "!"]);
  });

  it("never become another kind of link", () => {
    expect(cut("javascript:alert(1) data:text/html,x")).toHaveLength(1);
    expect([href("www.mocan.vn"), href("a@b.vn"), href("HTTPS://x.vn/a@b")]).toEqual(["https://www.mocan.vn", "mailto:a@b.vn", "HTTPS://x.vn/a@b"]);
  });
});

describe("small rules", () => {
  it("wait longer after each failed try, spread, and never for ever", () => {
    expect([backoff(0, () => 0), backoff(0, () => 1), backoff(3, () => 1), backoff(40, () => 1)]).toEqual([200, 400, 3200, 20_000]);
  });

  it("read websites one a line and name the one that is none", () => {
    expect(readOrigins("mocan.vn\nhttps://shop.mocan.vn/trang?x\nhttp://localhost:3000\n")).toEqual({ origins: ["https://mocan.vn", "https://shop.mocan.vn", "http://localhost:3000"], bad: null });
    expect(readOrigins("https://mocan.vn\nkhong hop le").bad).toBe("khong hop le");
  });

  it("make passwords of four groups without letters that look alike", () => {
    expect(freshPassword()).toMatch(/^([a-hj-km-np-z2-9]{4}-){3}[a-hj-km-np-z2-9]{4}$/);
    expect(freshPassword((bytes) => bytes.fill(0))).toBe("aaaa-aaaa-aaaa-aaaa");
  });
});
