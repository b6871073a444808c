"""One connection to the faulty IMAP server: its commands, and the harm that comes to it."""

import asyncio
import base64
import datetime as dt
import re
from collections.abc import Sequence
from typing import TypeVar

from channels.fakes.imap_mailbox import EPOCH, Box, Harm, Mail, State

T = TypeVar("T")

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_WORDS = re.compile(r'"((?:[^"\\]|\\.)*)"|(\([^()]*\))|([^\s"]+)')


class Over(Exception):
    """A session ends here."""


class Session:
    """One connection."""

    def __init__(self, server: State, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._server = server
        self._reader = reader
        self.writer = writer
        self.task: asyncio.Task[None] | None = None
        self.box: Box | None = None
        self.idling = asyncio.Event()
        self._odd: Harm | None = None  # how the answer that comes next is said

    async def run(self) -> None:
        """Serve until it is over."""
        await self._harm("GREETING", b"*")
        self._say(b"* OK [CAPABILITY IMAP4rev1] ready")
        while line := await self._reader.readline():
            tag, _, rest = line.rstrip(b"\r\n").partition(b" ")
            rest += await self._literals(rest)
            text = rest.decode("utf-8", "replace")
            self._server.commands.append(text)
            name, args = self._split(text)
            moment = "BODY" if name.endswith("FETCH") and "BODY" in text.upper() else name
            if await self._harm(moment, tag):
                continue
            method = getattr(self, "_on_" + name.lower().replace(" ", "_"), None)
            if method is None:
                self._say(tag + b" BAD what is that")
            else:
                await method(tag, args)
            await self.writer.drain()

    async def _literals(self, line: bytes) -> bytes:
        """Literals of a command, quoted into its line."""
        whole = b""
        while found := re.search(rb"\{(\d+)(\+?)\}$", line):
            if not found[2]:
                self._say(b"+ go on")
            body = await self._reader.readexactly(int(found[1]))
            line = (await self._reader.readline()).rstrip(b"\r\n")
            whole += b' "' + body.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"' + line
        return whole

    def _split(self, text: str) -> tuple[str, list[str]]:
        words = [
            re.sub(r"\\(.)", r"\1", quoted) if quoted or not (listed or atom) else listed or atom
            for quoted, listed, atom in _WORDS.findall(text)
        ]
        name = words[0].upper() if words else ""
        if name == "UID" and len(words) > 1:
            return f"UID {words[1].upper()}", words[2:]
        return name, words[1:]

    def _say(self, line: bytes) -> None:
        self.writer.write(line + b"\r\n")

    async def _harm(self, moment: str, tag: bytes) -> bool:
        """Let a waiting fault happen; whether it was this command's answer."""
        fault = self._server.fault(moment)
        if fault is None:
            return False
        if fault.harm in ("no", "bad"):
            self._say(tag + b" " + fault.harm.upper().encode() + b" " + fault.says.encode())
            return True
        if fault.harm == "delay":
            await asyncio.sleep(fault.for_s)
            return False
        if fault.harm in ("double", "reorder"):
            self._odd = fault.harm
            return False
        if fault.harm == "close in literal":
            self._say(b"* 1 FETCH (UID 1 BODY[] {1000}")
            self._say(b"Subject: cut o")
        if fault.harm == "garbage":
            self._say(b"HTTP/1.1 400 Bad Request")
        if fault.harm == "bye":
            self._say(b"* BYE " + (fault.says or "see you").encode())
        if fault.harm == "half-close":
            self.writer.write_eof()
            await self._reader.read()
        if fault.harm == "silence":
            while await self._reader.read(4096):
                pass
        raise Over

    # -- commands -----------------------------------------------------------------------------------------------------

    async def _on_capability(self, tag: bytes, args: list[str]) -> None:
        offered = [*self._server.capabilities]
        if self._server.tls is not None and not self._server.tls_at_once:
            offered.append("STARTTLS")
        self._say(b"* CAPABILITY " + " ".join(offered).encode())
        self._say(tag + b" OK done")

    async def _on_starttls(self, tag: bytes, args: list[str]) -> None:
        if self._server.tls is None or self._server.tls_at_once:
            self._say(tag + b" BAD no TLS here")
            return
        self.writer.write(tag + b" OK begin\r\n" + self._server.before_tls)
        await self.writer.drain()
        await self.writer.start_tls(self._server.tls)

    async def _on_noop(self, tag: bytes, args: list[str]) -> None:
        self._noise()
        if self.box is not None:
            self._say(b"* %d EXISTS" % len(self.box.mails))
        self._say(tag + b" OK done")

    async def _on_logout(self, tag: bytes, args: list[str]) -> None:
        self._say(b"* BYE until next time")
        self._say(tag + b" OK done")
        await self.writer.drain()
        raise Over

    async def _on_login(self, tag: bytes, args: list[str]) -> None:
        good = len(args) == 2 and self._server.users.get(args[0]) == args[1]
        self._say(tag + (b" OK in" if good else b" NO [AUTHENTICATIONFAILED] wrong user name or password"))

    async def _on_authenticate(self, tag: bytes, args: list[str]) -> None:
        self._say(b"+ ")
        said = base64.b64decode(await self._reader.readline()).decode()
        if args[0].upper() == "PLAIN":
            _, user, password = said.split("\0")
            await self._on_login(tag, [user, password])
            return
        token = said.partition("auth=Bearer ")[2].rstrip("\1")
        if token in self._server.tokens:
            self._say(tag + b" OK in")
            return
        self._say(b"+ " + base64.b64encode(b'{"status":"400","schemes":"bearer","scope":"https://mail.test/"}'))
        while (await self._reader.readline()).strip():  # it says no only after an empty line
            pass
        self._say(tag + b" NO [AUTHENTICATIONFAILED] invalid credentials")

    async def _on_list(self, tag: bytes, args: list[str]) -> None:
        if args[-1:] == [""]:  # it asks for the hierarchy's separator alone (RFC 3501, 6.3.8)
            self._say(b'* LIST (\\Noselect) "/" ""')
            self._say(tag + b" OK done")
            return
        for box in self._server.boxes.values():
            self._say(f'* LIST (\\HasNoChildren {box.flags}) "/" "{box.name}"'.encode())
        self._say(tag + b" OK done")

    async def _on_select(self, tag: bytes, args: list[str], way: bytes = b"READ-WRITE") -> None:
        self.box = self._server.boxes.get(args[0])
        if self.box is None:
            self._say(tag + b" NO [NONEXISTENT] no such folder")
            return
        self._say(b"* FLAGS (\\Seen \\Deleted)")
        self._say(b"* %d EXISTS" % len(self.box.mails))
        self._say(b"* OK [UIDVALIDITY %d] it is" % self.box.uidvalidity)
        self._say(b"* OK [UIDNEXT %d] next" % self.box.uidnext)
        self._say(tag + b" OK [" + way + b"] open")

    async def _on_examine(self, tag: bytes, args: list[str]) -> None:
        await self._on_select(tag, args, b"READ-ONLY")

    async def _on_status(self, tag: bytes, args: list[str]) -> None:
        box = self._server.boxes.get(args[0])
        if box is None:
            self._say(tag + b" NO no such folder")
            return
        values = f"MESSAGES {len(box.mails)} UIDVALIDITY {box.uidvalidity} UIDNEXT {box.uidnext}"
        self._say(f'* STATUS "{box.name}" ({values})'.encode())
        self._say(tag + b" OK done")

    async def _on_append(self, tag: bytes, args: list[str]) -> None:
        box = self._server.boxes.get(args[0])
        if box is None:
            self._say(tag + b" NO [TRYCREATE] no such folder")
            return
        box.put(args[-1].encode(), EPOCH)
        self._say(tag + b" OK appended")

    async def _on_uid_search(self, tag: bytes, args: list[str], *, by_uid: bool = True) -> None:
        if args and args[0].upper() == "RETURN":
            self._say(tag + b" BAD unknown search key RETURN")  # announced, and rejected all the same
            return
        assert self.box is not None
        words = [one.upper() for one in args]
        wanted = args[words.index("UID") + 1] if "UID" in words else "1:*"
        found = self.box.chosen(wanted, by_uid=True)
        if "SINCE" in words:
            found = [one for one in found if one[1].at.date() >= _day(args[words.index("SINCE") + 1])]
        self._noise()
        numbers = [str(mail.uid if by_uid else number) for number, mail in self._oddly(found)]
        self._say(" ".join(["* SEARCH", *numbers]).encode())
        self._say(tag + b" OK done")

    async def _on_search(self, tag: bytes, args: list[str]) -> None:
        await self._on_uid_search(tag, args, by_uid=False)

    async def _on_uid_fetch(self, tag: bytes, args: list[str], *, by_uid: bool = True) -> None:
        assert self.box is not None
        self._noise()
        for number, mail in self._oddly(self.box.chosen(args[0], by_uid=by_uid)):
            if mail.uid == self._server.dies_at and "[]" in " ".join(args):
                raise Over
            self._say(b"* %d FETCH (" % number + _shown(mail, " ".join(args[1:]).upper()) + b")")
            await self.writer.drain()
        self._say(tag + b" OK done")

    async def _on_fetch(self, tag: bytes, args: list[str]) -> None:
        await self._on_uid_fetch(tag, args, by_uid=False)

    async def _on_idle(self, tag: bytes, args: list[str]) -> None:
        if "IDLE" not in self._server.capabilities:
            self._say(tag + b" BAD no IDLE here")
            return
        self._say(b"+ idling")
        self.idling.set()
        await self._harm("IDLING", tag)
        for _ in self._oddly([self.box])[1:]:
            self._say(b"* %d EXISTS" % len(self.box.mails if self.box else ()))
        while (line := await self._reader.readline()).strip().upper() != b"DONE":
            if not line:
                raise Over
        self.idling.clear()
        self._say(tag + b" OK done")

    def _oddly(self, answers: Sequence[T]) -> list[T]:
        """In the order, and as often, as a fault wants them said."""
        odd, self._odd = self._odd, None
        if odd == "reorder":
            return [*reversed(answers)]
        return [*answers, *answers] if odd == "double" else [*answers]

    def _noise(self) -> None:
        for line in self._server.noise:
            self._say(line)
        self._server.noise.clear()


def _shown(mail: Mail, wanted: str) -> bytes:
    head = mail.raw[: mail.raw.find(b"\r\n\r\n") + 4] if b"\r\n\r\n" in mail.raw else mail.raw
    shown = [b"UID %d" % mail.uid]
    if "INTERNALDATE" in wanted:
        when = mail.at
        shown.append(f'INTERNALDATE "{when.day:2d}-{MONTHS[when.month - 1]}-{when:%Y %H:%M:%S %z}"'.encode())
    if "RFC822.SIZE" in wanted:
        shown.append(b"RFC822.SIZE %d" % (len(mail.raw) if mail.size is None else mail.size))
    if "FLAGS" in wanted:
        shown.append(b"FLAGS (\\Seen)")
    if "[HEADER]" in wanted:
        shown.append(b"BODY[HEADER] {%d}\r\n" % len(head) + head)
    elif "[]" in wanted:
        shown.append(b"BODY[] {%d}\r\n" % len(mail.raw) + mail.raw)
    elif wanted.strip("()") == "RFC822":
        shown.append(b"RFC822 {%d}\r\n" % len(mail.raw) + mail.raw)
    return b" ".join(shown)


def _day(text: str) -> dt.date:
    day, month, year = text.split("-")
    return dt.date(int(year), MONTHS.index(month.title()) + 1, int(day))
