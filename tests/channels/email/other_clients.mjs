// ImapFlow and Nodemailer, which know nothing of this project, against the fakes: argv is the port of each.
import { ImapFlow } from "imapflow";
import { createTransport } from "nodemailer";

const [, , imapPort, smtpPort] = process.argv;
const local = { host: "127.0.0.1", secure: false, auth: { user: "an", pass: "secret" } };
const imap = new ImapFlow({ ...local, port: Number(imapPort), logger: false, doSTARTTLS: false });
await imap.connect();
const folders = (await imap.list()).map((one) => one.path);
await imap.mailboxOpen("INBOX", { readOnly: true });
const found = [];
for await (const one of imap.fetch("1:*", { uid: true, internalDate: true, source: true })) {
  found.push([one.uid, one.source.toString("utf8")]);
}
const came = new Promise((resolve) => imap.once("exists", ({ count }) => resolve(count)));
const idling = imap.idle();
const count = await came;
await imap.append("Sent", "Subject: kept\r\n\r\nx\r\n", ["\\Seen"]);
const refused = await imap.append("Nowhere", "Subject: lost\r\n\r\nx\r\n").catch((error) => error.responseText);
await idling.catch(() => undefined);
await imap.logout();

const user = { user: "an@example.test", pass: "secret" };
const smtp = createTransport({ ...local, port: Number(smtpPort), auth: user, ignoreTLS: true });
const mail = { from: "an@example.test", subject: "Đơn hàng", text: "Dạ vâng ạ" };
const sent = await smtp.sendMail({ ...mail, to: ["a@x.test", "b@x.test"] });
smtp.close();
console.log(JSON.stringify({ folders, found, count, refused, accepted: sent.accepted, rejected: sent.rejected }));
