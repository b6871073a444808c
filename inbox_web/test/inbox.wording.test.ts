import { describe, expect, it } from "vitest";
import { fitted } from "../inbox/store/wording";

const words = {
  "Slack cannot be reached.": "Không liên lạc được với Slack.",
  "It could not be delivered in {} tries. The last cause: {}": "Gửi {} lần vẫn không được. Lý do cuối: {}",
  "{}: {}": "rộng {} {}",
  "{} was refused: {}": "hẹp {} {}",
  "{} is missing ({}).": "Chưa nhập ô này ({1}).",
};

describe("a sentence of the hub in Vietnamese", () => {
  it("is found as it is, or by its form, the closest one", () => {
    expect(fitted("Slack cannot be reached.", words)).toBe("Không liên lạc được với Slack.");
    expect(fitted("lan@shop.example was refused: 550 no", words)).toBe("hẹp lan@shop.example 550 no");
  });

  it("words what it quotes as well", () => {
    expect(fitted("It could not be delivered in 8 tries. The last cause: Slack cannot be reached.", words)).toBe("Gửi 8 lần vẫn không được. Lý do cuối: Không liên lạc được với Slack.");
  });

  it("may use what stood in the gaps elsewhere, and signs in them as they are", () => {
    expect(fitted("Token (a+b) is missing (bot_token).", words)).toBe("Chưa nhập ô này (bot_token).");
    expect(fitted("$& was refused: $1", words)).toBe("hẹp $& $1");
  });

  it("is null when nobody worded it", () => {
    expect(fitted("The moon is full.", words)).toBeNull();
  });
});
