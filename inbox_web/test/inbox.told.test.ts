import { expect, it } from "vitest";
import type { Message } from "../inbox/store/types";
import { message } from "./inbox.make";

const { messageAdded, whenMessageComes } = await import("../inbox/store/events/message_added");

it("a message that is told again, since its tag came late, is news once", () => {
  const news: string[] = [];
  whenMessageComes((one: Message) => news.push(one.id));
  for (const seq of [1, 1, 2]) messageAdded({ type: "message.added", conversation: "c1", data: { message: message({ seq }) } });
  expect(news).toEqual(["c1-1", "c1-2"]);
});
