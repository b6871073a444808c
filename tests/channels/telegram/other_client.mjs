// grammY, a client that knows nothing of this project, against the fake: argv is the fake's address and the token.
import { Bot, InputFile, InlineKeyboard } from "grammy";

const [, , apiRoot, token] = process.argv;
const bot = new Bot(token, { client: { apiRoot } });
const heard = [];

bot.command("start", (ctx) => ctx.reply("Chào anh/chị!", { reply_markup: new InlineKeyboard().text("Giá", "gia") }));
bot.callbackQuery("gia", async (ctx) => {
  await ctx.answerCallbackQuery();
  await ctx.editMessageText("Dạ 90k ạ");
});
bot.on("message:photo", async (ctx) => {
  const file = await ctx.getFile();
  const answer = await fetch(`${apiRoot}/file/bot${token}/${file.file_path}`);
  heard.push(["photo", (await answer.arrayBuffer()).byteLength]);
  await ctx.replyWithPhoto(new InputFile(Buffer.from("89504e470d0a1a0a00", "hex"), "lai.png"), { caption: "Dạ đây" });
});
bot.on("edited_message:text", async (ctx) => {
  heard.push(["edit", ctx.editedMessage.text]);
  await ctx.react("❤");
});
bot.on("message:text", async (ctx) => {
  heard.push(["text", ctx.message.text]);
  if (ctx.message.text === "hết") {
    console.log(JSON.stringify(heard));
    await bot.stop();
  } else {
    await ctx.reply(`<b>${ctx.message.text}</b>`, { parse_mode: "HTML" });
  }
});
bot.catch((error) => {
  console.error(String(error.error));
  process.exit(1);
});
await bot.start({ allowed_updates: ["message", "edited_message", "callback_query"] });
