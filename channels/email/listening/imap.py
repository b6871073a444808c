"""A small IMAP client: what reading a mailbox needs, and putting a copy of our own mail into it; no flag is changed.

One command at a time. Every wait ends: with the answer, with `Gone` (the connection is over) or with `No` (the server
refuses). UIDs only, `BODY.PEEK` only, plain SEARCH only (some servers announce ESEARCH and reject it).
"""

import asyncio
import base64
import datetime as dt
import re
import ssl
from collections.abc import Sequence
from contextlib import suppress
from typing import Self

import msgspec

from channels.email.listening.grammar import Answer, Folder, folder, number, pairs, parse, quoted, ranges
from channels.email.listening.stream import ANSWER_S, Gone, Stream

GOODBYE_S = 3.0
MOST_QUESTIONS = 5  # of a server while it is signed in to
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(rb" ?(\d{1,2})-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")


class No(Exception):
    """The server answered NO or BAD; `code` is what it put in brackets, `said` its words."""

    def __init__(self, command: str, code: str, said: str) -> None:
        super().__init__(f"{command}: {said}")
        self.command = command
        self.code = code
        self.said = said


class Mailbox(msgspec.Struct, frozen=True, kw_only=True):
    """A folder as it was when it was opened."""

    uidvalidity: int
    uidnext: int  # 0: the server does not say
    exists: int


class Listed(msgspec.Struct, frozen=True):
    """One mail of a folder, without its words; `at` is when it got there."""

    uid: int
    size: int
    at: dt.datetime | None


class Imap:
    """A signed-in connection; `news` says that mail came since it was last set to False."""

    def __init__(self, stream: Stream, patience_s: float) -> None:
        self._stream = stream
        self._patience_s = patience_s
        self._tags = 0
        self._saying_goodbye = False
        self.capabilities: frozenset[str] = frozenset()
        self.news = False

    @classmethod
    async def open(
        cls, host: str, port: int, security: str, context: ssl.SSLContext | None, patience_s: float = ANSWER_S
    ) -> Self:
        """Connect, greet, and upgrade where asked. Raises OSError, TimeoutError, Gone or No."""
        stream = Stream(host, security, context, patience_s)
        await stream.open(port)
        self = cls(stream, patience_s)
        try:
            greeting = await self._answer()
            if greeting.tag != b"*" or greeting.kind not in (b"OK", b"PREAUTH"):
                raise Gone(f"the server greeted with {_words(greeting)}")
            if security == "starttls":
                await self._command("STARTTLS")
                await stream.start_tls()
            await self._ask_capabilities()
        except BaseException:
            await stream.close()
            raise
        return self

    async def login(self, user: str, password: str) -> None:
        """Sign in with a password. Raises No."""
        name, secret = quoted(user.encode()), quoted(password.encode())
        if name is None or secret is None or "LOGINDISABLED" in self.capabilities:
            await self._authenticate("PLAIN", f"\0{user}\0{password}".encode())
        else:
            await self._command("LOGIN", name + b" " + secret)
        await self._ask_capabilities()

    async def xoauth2(self, user: str, token: str) -> None:
        """Sign in with a token. Raises No; the server's reason, which it sends as a question, is in `said`."""
        await self._authenticate("XOAUTH2", f"user={user}\1auth=Bearer {token}\1\1".encode())
        await self._ask_capabilities()

    async def folders(self) -> list[Folder]:
        """Every folder that can be opened."""
        found = [folder(one) for one in await self._command("LIST", b'"" "*"')]
        return [one for one in found if one and not one.flags & {"\\noselect", "\\nonexistent"}]

    async def examine(self, raw: bytes) -> Mailbox:
        """Open a folder for reading only; `raw` is its name as LIST gave it. Raises No."""
        self.news = False
        return _mailbox(await self._command("EXAMINE", _name(raw)))

    async def uidnext(self, raw: bytes) -> tuple[int, int]:
        """(UIDVALIDITY, UIDNEXT) of a folder that is not open."""
        for answer in await self._command("STATUS", _name(raw) + b" (UIDVALIDITY UIDNEXT)"):
            if answer.kind == b"STATUS" and answer.tokens:
                said = pairs(answer.tokens[-1])
                return number(said.get(b"UIDVALIDITY")), number(said.get(b"UIDNEXT"))
        return 0, 0

    async def uids(self, low: int = 1, since: dt.date | None = None) -> list[int]:
        """The UIDs from `low` on, sorted; `since` leaves out what came before that day (in the server's own time)."""
        asked = f"UID {low}:*" + (f" SINCE {since.day}-{MONTHS[since.month - 1].title()}-{since.year}" if since else "")
        answers = await self._command("UID SEARCH", asked.encode())
        found = {number(one) for answer in answers if answer.kind == b"SEARCH" for one in answer.tokens}
        return sorted(uid for uid in found if uid >= low)  # n:* always names the last mail, even one below n

    async def listed(self, wanted: str) -> list[Listed]:
        """Size and time of these mails, by UID; `wanted` is a set such as 5:9,12 or 7:*."""
        answers = await self._command("UID FETCH", f"{wanted} (UID RFC822.SIZE INTERNALDATE)".encode())
        found = [pairs(one.tokens[0]) for one in answers if one.kind == b"FETCH" and one.tokens]
        mails = {number(one.get(b"UID")): one for one in found if b"RFC822.SIZE" in one}
        return [
            Listed(uid, number(one[b"RFC822.SIZE"]), _date(one.get(b"INTERNALDATE")))
            for uid, one in sorted(mails.items())
            if uid
        ]

    async def bodies(self, uids: Sequence[int], section: str = "") -> dict[int, bytes]:
        """The mails' bytes by UID; one that is gone meanwhile is missing. `section` HEADER leaves out the rest."""
        asked = f"{ranges(sorted(uids))} (UID BODY.PEEK[{section}])"
        key = f"BODY[{section}]".encode()
        found: dict[int, bytes] = {}
        for answer in await self._command("UID FETCH", asked.encode()):
            said = pairs(answer.tokens[0]) if answer.kind == b"FETCH" and answer.tokens else {}
            uid, body = number(said.get(b"UID")), said.get(key)
            if uid and isinstance(body, bytes):  # anything else is news about flags
                found[uid] = body
        return found

    async def append(self, raw: bytes, mail: bytes) -> None:
        """Put a mail into a folder, as read. Raises No."""
        tag = await self._say("APPEND", _name(raw) + b" (\\Seen) {%d}" % len(mail))
        answer = await self._answer()
        while answer.tag == b"*":
            answer = await self._answer()
        if answer.tag == b"+":
            await self._stream.write(mail)
            answer = await self._until(tag)
        self._judge("APPEND", answer)

    async def noop(self) -> None:
        """Ask whether anything is new; `news` says it."""
        await self._command("NOOP")

    async def idle(self, for_s: float) -> None:
        """Wait up to `for_s` seconds until mail comes; `news` says it. Raises Gone as soon as the connection is."""
        tag = await self._say("IDLE")
        if (first := await self._answer()).tag != b"+":
            self._judge("IDLE", first if first.tag == tag else await self._until(tag))
            return
        reading = asyncio.ensure_future(self._answer(whenever=True))
        try:
            async with asyncio.timeout(for_s):
                while not self.news:
                    if (await asyncio.shield(reading)).tag == tag:
                        return
                    reading = asyncio.ensure_future(self._answer(whenever=True))
        except TimeoutError:
            pass  # nothing came: end it politely
        except BaseException:
            reading.cancel()
            raise
        await self._end_idle(tag, reading)

    async def _end_idle(self, tag: bytes, reading: "asyncio.Future[Answer]") -> None:
        await self._stream.write(b"DONE")
        try:
            async with asyncio.timeout(self._patience_s):
                answer = await reading
        except TimeoutError as error:
            raise Gone("the server did not answer any more while it was being listened to") from error
        self._judge("IDLE", answer if answer.tag == tag else await self._until(tag))

    async def close(self, *, politely: bool = True) -> None:
        """Say goodbye and close; never raises for what the server does."""
        try:
            if politely:
                self._saying_goodbye = True
                with suppress(Gone, No, TimeoutError):
                    async with asyncio.timeout(GOODBYE_S):
                        await self._command("LOGOUT")
        finally:
            await self._stream.close()

    # -- one command --------------------------------------------------------------------------------------------------

    async def _ask_capabilities(self) -> None:
        for answer in await self._command("CAPABILITY"):
            if answer.kind == b"CAPABILITY":
                words = [one for one in answer.tokens if isinstance(one, bytes)]
                self.capabilities = frozenset(word.decode("ascii", "replace").upper() for word in words)

    async def _authenticate(self, mechanism: str, secret: bytes) -> None:
        tag = await self._say("AUTHENTICATE", mechanism.encode())
        asked: list[bytes] = []
        while (answer := await self._answer()).tag != tag:
            if answer.tag != b"+":
                continue
            if len(asked) == MOST_QUESTIONS:
                raise Gone("the server kept asking while it was signed in to")
            # A second question tells why it refuses (XOAUTH2): only an empty line lets it say NO.
            await self._stream.write(b"" if asked else base64.b64encode(secret))
            asked.append(answer.text)
        why = _unwrapped(asked[1]) if len(asked) > 1 else ""
        self._judge(f"AUTHENTICATE {mechanism}", answer, why)

    async def _command(self, name: str, rest: bytes = b"") -> list[Answer]:
        """Everything that the server says up to its answer. Raises No, Gone."""
        tag = await self._say(name, rest)
        said: list[Answer] = []
        while (answer := await self._answer()).tag != tag:
            said.append(answer)
        self._judge(name, answer)
        return said

    async def _say(self, name: str, rest: bytes = b"") -> bytes:
        self._tags += 1
        tag = b"H%d" % self._tags
        await self._stream.write(tag + b" " + name.encode() + (b" " + rest if rest else b""))
        return tag

    async def _until(self, tag: bytes) -> Answer:
        while (answer := await self._answer()).tag != tag:
            pass
        return answer

    async def _answer(self, *, whenever: bool = False) -> Answer:
        answer = parse(await self._stream.pieces(whenever=whenever))
        if answer.tag == b"*":
            if answer.kind == b"EXISTS":
                self.news = True
            elif answer.kind == b"BYE" and not self._saying_goodbye:
                raise Gone(f"the server said goodbye: {_words(answer)}")
        return answer

    def _judge(self, command: str, answer: Answer, why: str = "") -> None:
        if answer.kind != b"OK":
            raise No(command, answer.code.decode("ascii", "replace").upper(), why or _words(answer))


def _words(answer: Answer) -> str:
    """What the server said, as one short line."""
    said = (answer.text or answer.kind).decode("utf-8", "replace")
    return "".join(one if one.isprintable() else " " for one in said)[:200]


def _unwrapped(question: bytes) -> str:
    try:
        return base64.b64decode(question).decode("utf-8", "replace")[:200]
    except ValueError:
        return question.decode("utf-8", "replace")[:200]


def _name(raw: bytes) -> bytes:
    name = quoted(raw)
    if name is None:
        raise No("EXAMINE", "CANNOT", "the folder's name has letters that this client cannot send")
    return name


def _mailbox(answers: list[Answer]) -> Mailbox:
    codes = dict(one.code.upper().split(b" ", 1) for one in answers if one.kind == b"OK" and b" " in one.code)
    exists = [one.number for one in answers if one.kind == b"EXISTS"]
    return Mailbox(
        uidvalidity=number(codes.get(b"UIDVALIDITY")),
        uidnext=number(codes.get(b"UIDNEXT")),
        exists=exists[-1] if exists else 0,
    )


def _date(said: object) -> dt.datetime | None:
    found = _DATE.fullmatch(said) if isinstance(said, bytes) else None
    if found is None or (month := found[2].decode("ascii", "replace").lower()) not in MONTHS:
        return None
    day, year, hour, minute, second = (int(found[group]) for group in (1, 3, 4, 5, 6))
    offset = dt.timedelta(hours=int(found[8]), minutes=int(found[9])) * (1 if found[7] == b"+" else -1)
    try:
        local = dt.datetime(year, MONTHS.index(month) + 1, day, hour, minute, second, tzinfo=dt.timezone(offset))
        return local.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
