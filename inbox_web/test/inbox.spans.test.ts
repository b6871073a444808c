// Business hours as people type them.
import { describe, expect, it } from "vitest";
import { readDays, readSpans, writeSpans } from "../inbox/views/settings/rules/spans";

describe("spans of a day", () => {
  it("are read as people write them", () => {
    expect(readSpans("8-12, 13:30–17h30")).toEqual([{ opens: "08:00", closes: "12:00" }, { opens: "13:30", closes: "17:30" }]);
    expect(readSpans("22:00-06:00")).toEqual([{ opens: "22:00", closes: "06:00" }]);
    expect(readSpans("00:00-24:00")).toEqual([{ opens: "00:00", closes: "24:00" }]);
    expect(readSpans("")).toEqual([]);
  });
  it("are refused where they are none", () => {
    expect(["morning", "8-", "25:00-26:00", "08:70-09:00", "08:00-24:30"].map(readSpans)).toEqual([null, null, null, null, null]);
  });
  it("come back as they were", () => {
    expect(writeSpans(readSpans("08:00-12:00, 13:30-17:30")!)).toBe("08:00-12:00, 13:30-17:30");
  });
});

describe("special days", () => {
  it("are closed without spans", () => {
    expect(readDays("2027-02-05 nghỉ\n2027-02-04 08:00-12:00")).toEqual({ bad: null, days: [{ day: "2027-02-05", spans: [] }, { day: "2027-02-04", spans: [{ opens: "08:00", closes: "12:00" }] }] });
  });
  it("name the line that is none", () => {
    expect(readDays("2027-02-05\nTết").bad).toBe("Tết");
  });
});
