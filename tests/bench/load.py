"""Customers who write, and an agent's screen that shows what they wrote. Messages carry their number in their words."""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from channels.api import wire as api_wire
from tests.bench.bare import WRITERS
from tests.bench.house import API, SECRET, SITE, House
from tests.bench.wire import HttpLine, WsLine, http_lines, post, ws_line

CUSTOMERS = 256
MARK = " · "
SHOWN_S = 180.0
WORDS = (
    "Shop ơi cho em hỏi ấm tử sa này còn hàng không ạ?",
    "Đơn của em đặt hôm thứ hai mà giờ vẫn chưa thấy giao",
    "Giá sỉ 20 hộp trà sen là bao nhiêu vậy shop",
    "Em nhận được hàng rồi nhưng bị bể một cái chén, đổi giúp em nhé",
    "Do you ship to Da Nang, and how long does it take?",
    "Em muốn đổi địa chỉ nhận hàng sang cơ quan được không ạ",
    "Cảm ơn shop nhiều, trà thơm lắm!",
    "Mình chuyển khoản rồi mà chưa thấy xác nhận, kiểm tra giúp mình với",
)
_numbers = itertools.count(1)


class Said(msgspec.Struct):
    text: str
    kind: str = "in"


class Item(msgspec.Struct):
    type: str
    data: msgspec.Raw


class Events(msgspec.Struct):
    t: str
    items: list[Item] = []


_events = msgspec.json.Decoder(Events)


class _Added(msgspec.Struct):
    message: Said


_added = msgspec.json.Decoder(_Added)


def numbers(count: int) -> list[int]:
    """So many message numbers that were never used."""
    return list(itertools.islice(_numbers, count))


def text(number: int) -> str:
    return f"{WORDS[number % len(WORDS)]}{MARK}{number}"


def number_of(words: str) -> int:
    _, _, number = words.rpartition(MARK)
    return int(number) if number.isdecimal() else 0


class Screen:
    """An agent's open inbox: when each message number came over /live."""

    def __init__(self) -> None:
        self.shown: dict[int, float] = {}
        self.told: Callable[[], None] | None = None  # called at each message
        self.line: WsLine | None = None
        self._hello: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @classmethod
    async def open(cls, house: House) -> "Screen":
        screen = cls()
        screen.line = await ws_line(f"{house.url}/live", house.url, house.cookie, heard=screen._heard)
        screen.line.say(b'{"t":"hello","since":null}')
        async with asyncio.timeout(20):
            await screen._hello
        return screen

    def _heard(self, _: WsLine, payload: bytes) -> None:
        now = time.perf_counter()
        frame = _events.decode(payload)
        if frame.t == "hello" and not self._hello.done():
            self._hello.set_result(None)
        for item in frame.items:
            if item.type == "message.added":
                self.shown.setdefault(number_of(_added.decode(item.data).message.text), now)
                if self.told is not None:
                    self.told()

    async def until(self, wanted: Sequence[int], within_s: float = SHOWN_S) -> float:
        """Wait until all of these were shown; when the last one was."""
        async with asyncio.timeout(within_s):
            left = set(wanted)
            while left := left - self.shown.keys():
                await asyncio.sleep(0.01)
        return max(self.shown[number] for number in wanted)

    def close(self) -> None:
        assert self.line is not None
        self.line.close()


# -- customers of the API channel -------------------------------------------------------------------------------------


def signed(house: House, number: int, customers: int = CUSTOMERS) -> bytes:
    """A ready request of the API channel; its customer is drawn from the number."""
    who = number % customers
    body = msgspec.json.encode(
        {
            "id": f"n{number}",
            "thread": f"t{who}",
            "from": {"id": f"u{who}", "name": f"Khách {who}"},
            "text": text(number),
            "language": "vi",
        }
    )
    headers = {
        "Host": f"127.0.0.1:{house.port}",
        api_wire.SIGNATURE: api_wire.sign(SECRET, body, int(time.time())),
    }
    return post(f"/in/{API}", body, headers)


class Flood:
    """Requests sent by all lines as fast as they are answered; each number is noted when it was acknowledged."""

    def __init__(self, house: House, wanted: Sequence[int], customers: int = CUSTOMERS) -> None:
        self.wanted = wanted
        self.acked: dict[int, float] = {}
        self.began = 0.0
        self._requests: Iterator[tuple[int, bytes]] = iter(
            [(number, signed(house, number, customers)) for number in wanted]
        )

    async def run(self, lines: Sequence[HttpLine], room: asyncio.Semaphore | None = None) -> None:
        """Send them all; with `room`, only as many at a time as others give room for."""
        self.began = time.perf_counter()
        await asyncio.gather(*(self._write(line, room) for line in lines))

    async def _write(self, line: HttpLine, room: asyncio.Semaphore | None) -> None:
        for number, request in self._requests:
            if room is not None:
                await room.acquire()
            status, body = await line.ask(request)
            if status != 200:
                raise RuntimeError(f"refused with {status}: {body[:200]!r}")
            self.acked[number] = time.perf_counter()

    @property
    def rate(self) -> float:
        """Acknowledgements a second."""
        return len(self.acked) / (max(self.acked.values()) - self.began)


async def writers(house: House) -> list[HttpLine]:
    """The connections of 32 writers."""
    return await http_lines(house.url, WRITERS)


# -- customers of the web chat ----------------------------------------------------------------------------------------


class Customer:
    """A visitor with an open widget."""

    def __init__(self) -> None:
        self.acked: dict[int, float] = {}
        self.line: WsLine | None = None
        self._waiting: dict[str, asyncio.Future[bool]] = {}

    @classmethod
    async def open(cls, house: House) -> "Customer":
        customer = cls()
        customer.line = await ws_line(f"{house.url}/chat/{SITE}", house.url, heard=customer._heard)
        welcome = customer._waiting["welcome"] = asyncio.get_running_loop().create_future()
        customer.line.say(b'{"t":"hello","token":null,"since":0,"language":"vi","page":"https://shop.example/tra"}')
        async with asyncio.timeout(20):
            await welcome
        return customer

    def _heard(self, _: WsLine, payload: bytes) -> None:
        if payload.startswith(b'{"t":"messages"'):
            return
        frame = msgspec.json.decode(payload)
        name = frame.get("id", frame["t"])
        waiting = self._waiting.pop(name, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(frame["t"] != "nack")

    async def send(self, number: int) -> bool:
        """Say one message and wait for its acknowledgement; False when the hub wants it later."""
        assert self.line is not None
        id_ = f"bench-{number:08}"
        answer = self._waiting[id_] = asyncio.get_running_loop().create_future()
        self.line.say(msgspec.json.encode({"t": "send", "id": id_, "text": text(number), "files": []}))
        taken = await answer
        if taken:
            self.acked[number] = time.perf_counter()
        return taken

    def close(self) -> None:
        assert self.line is not None
        self.line.close()


async def crowd(house: House, count: int) -> list[Customer]:
    """So many customers with open widgets."""
    customers: list[Customer] = []
    for start in range(0, count, WRITERS):
        customers += await asyncio.gather(*(Customer.open(house) for _ in range(start, min(start + WRITERS, count))))
    return customers


def close_all(lines: Iterable[HttpLine | WsLine | Customer | Screen]) -> None:
    for line in lines:
        line.close()
