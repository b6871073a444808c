"""A channel whose platform does what a test says: it records every call and answers by script."""

import asyncio
import datetime as dt
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec

from channels.base import Batch, Limits, RawArrival
from hub.errors import Poison
from hub.inbound import From, Inbound, InboundMessage
from hub.model import Account, Arrival, Part, Sent

HANG = object()
_inbounds = msgspec.json.Decoder(list[Inbound])


class Scripted:
    """Nothing may be repeated on it. An arrival's body is the JSON of its inbounds; `script` holds the next answers."""

    kind = "scripted"

    def __init__(self) -> None:
        self.limits = Limits(text=40, timeout_s=0.2)
        self.script: deque[Any] = deque()  # Sent, an exception, HANG, or an asyncio.Event to wait for; then "sent"
        self.calls: list[tuple[str, str]] = []
        self.parts: list[Part] = []
        self.broken = False  # a bug in its normaliser

    def normalise(self, account: Account, arrival: Arrival) -> list[Inbound]:
        if arrival.body == b"poison":
            raise Poison("nobody can read this")
        if self.broken and b"bug" in arrival.body:
            raise ValueError("a bug")
        return _inbounds.decode(arrival.body)

    async def send(self, account: Account, to: str, part: Part) -> Sent:
        self.calls.append((to, part.text))
        self.parts.append(part)
        answer = self.script.popleft() if self.script else Sent(external=f"x{len(self.calls)}")
        if answer is HANG:
            await asyncio.Event().wait()
        if isinstance(answer, asyncio.Event):
            await answer.wait()
            return Sent(external="late")
        if isinstance(answer, BaseException):
            raise answer
        assert isinstance(answer, Sent)
        return answer

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.calls]


class Speaking(Scripted):
    """A platform that is asked: `news` holds what the next listeners find, a Batch or an exception each."""

    def __init__(self) -> None:
        super().__init__()
        self.news: dict[str, asyncio.Queue[Batch | Exception]] = {}
        self.given_up: list[Batch | Exception] = []  # what a look back finds
        self.asked: list[tuple[str, str | None]] = []  # account and cursor of each beginning
        self.began: list[float] = []  # when each beginning was, by the loop's clock
        self.looked: list[dt.datetime] = []
        self.thanked: list[str] = []
        self.listening = 0
        self.files: dict[str, bytes | Exception] = {}
        self.fetched: list[str] = []
        self.apart = 0

    def finds(self, *batches: Batch | Exception, account: str = "shop") -> None:
        for one in batches:
            self.news.setdefault(account, asyncio.Queue()).put_nowait(one)

    async def listen(self, account: Account, cursor: str | None) -> AsyncIterator[Batch]:
        self.asked.append((account.id, cursor))
        self.began.append(asyncio.get_running_loop().time())
        self.listening += 1
        try:
            while True:
                found = await self.news.setdefault(account.id, asyncio.Queue()).get()
                if isinstance(found, Exception):
                    raise found
                yield found
        finally:
            self.listening -= 1

    async def backfill(self, account: Account, since: dt.datetime) -> AsyncIterator[Batch]:
        self.looked.append(since)
        for found in self.given_up:
            if isinstance(found, Exception):
                raise found
            yield found

    async def fetch(self, account: Account, ref: str) -> AsyncIterator[bytes]:
        self.fetched.append(ref)
        found = self.files[ref]
        if isinstance(found, Exception):
            raise found
        yield found

    async def normalise_apart(self, account: Account, arrival: Arrival) -> list[Inbound]:
        self.apart += 1
        await asyncio.sleep(0)
        return self.normalise(account, arrival)

    async def kept(self, account: Account, arrivals: Sequence[RawArrival]) -> None:
        self.thanked += [one.external for one in arrivals]


def batch(cursor: str, *inbounds: InboundMessage, found: int | None = None, history: bool = False) -> Batch:
    """What a listener finds: an arrival for each of these."""
    raws = [
        RawArrival(external=one.external, lane=one.thread, body=msgspec.json.encode([one]), history=history)
        for one in inbounds
    ]
    return Batch(arrivals=tuple(raws), cursor=cursor, found=found)


def said(text: str, id_: str, who: str = "u1", *, at: dt.datetime, **more: Any) -> InboundMessage:
    """A customer's words as the platform's adapter would put them."""
    order = int(at.timestamp() * 1_000_000)
    sender = From(value=who, name=more.pop("name", ""), verified="platform")
    return InboundMessage(external=id_, thread=who, sender=sender, to=who, at=at, order=order, text=text, **more)
