"""/chat/{account}: the customers' socket; chat_http.py has the same frames over plain HTTP, and the files."""

import asyncio

import structlog
from aiohttp import WSMsgType, web

from hub.errors import BadInput, Denied, HubError, StoreDown
from hub.logs import where
from hub.model import Account
from inbox_web.chat_frames import MOST_FRAME_BYTES, Hello, failure
from inbox_web.desk import Desk
from inbox_web.frames import SHUTTING_DOWN, WRONG_ORIGIN, Socket
from inbox_web.guests import Guest, Guests
from inbox_web.meters import Meters
from inbox_web.middlewares import language
from inbox_web.origins import CALLER, own_origins
from inbox_web.pace import Pace
from inbox_web.parts import PARTS
from inbox_web.website import website

HEARTBEAT_S = 30.0
HELLO_WITHIN_S = 15.0
UPLOADS, UPLOADS_WINDOW_S = 20, 60.0

log = structlog.get_logger(__name__)


class Chat:
    """The customers' side of this process."""

    def __init__(self, guests: Guests, desk: Desk, meters: Meters) -> None:
        self.guests = guests
        self.desk = desk
        self.uploads = Pace(UPLOADS, UPLOADS_WINDOW_S)
        self.leaving = asyncio.Event()  # set when the process goes: polls answer at once
        self._gauge = meters.sockets.labels("customers")
        self._open: set[Socket] = set()

    def opened(self, socket: Socket) -> None:
        self._open.add(socket)
        self._gauge.set(len(self._open))

    def gone(self, socket: Socket) -> None:
        self._open.discard(socket)
        self._gauge.set(len(self._open))

    async def close(self) -> None:
        """Tell every widget that this process goes; they come back to another with what they have seen."""
        self.leaving.set()
        for socket in list(self._open):
            socket.end(SHUTTING_DOWN, b"shutting down")
        await asyncio.gather(*(socket.ended() for socket in list(self._open)))


CHAT = web.AppKey("chat", Chat)


# -- who may ask ------------------------------------------------------------------------------------------------------


def check_origin(request: web.Request, account: Account) -> str:
    """The page's origin, when the account names it or it is the hub's own; raises Denied."""
    origin = request.headers.get("Origin", "")
    own = own_origins(request[CALLER], request.app[PARTS].settings)
    if origin not in own and origin not in website(account).origins:
        raise Denied("This page may not use this chat; add its address to the account's settings.")
    return origin


# -- the socket -------------------------------------------------------------------------------------------------------


async def socket(request: web.Request) -> web.StreamResponse:
    """GET /chat/{account}, upgraded; what is wrong is said in a last frame: pages cannot read a refused handshake."""
    ws = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=MOST_FRAME_BYTES, compress=False)
    if not ws.can_prepare(request):
        raise BadInput("This address is for WebSockets; over plain HTTP there are /frames and /poll below it.")
    await ws.prepare(request)
    chat, line = request.app[CHAT], Socket(ws, request)
    chat.opened(line)
    try:
        account = await chat.desk.account(request.match_info["account"])
        check_origin(request, account)
        await _talk(chat, account, line)
    except HubError as error:
        line.send(failure(error, language(request)))
        line.end(_code(error), b"")
    except Exception as error:  # the handshake is over: no other answer than a close can be given
        log.error("chat failed", error=type(error).__name__, at=where(error))
        line.end(1011, b"")
    finally:
        chat.gone(line)
    await line.ended()
    return ws


def _code(error: HubError) -> int:
    match error:
        case Denied():
            return WRONG_ORIGIN
        case StoreDown():
            return 1013
        case _:
            return 1008


async def _talk(chat: Chat, account: Account, line: Socket) -> None:
    """Hello first, then frames until the widget goes. Raises what ends the talk."""
    hello = await _hello(chat, line)
    if hello is None:
        return
    guest = Guest(chat.desk.visitor(account, hello.token), line.send)
    chat.guests.join(guest)
    try:
        await _welcome(chat, account, guest, hello)
        async for message in line.ws:
            if message.type is not WSMsgType.TEXT:
                break
            current = await chat.desk.account(account.id)  # it may have been changed or switched off
            for answer in await chat.desk.answer(current, guest, chat.desk.read_frame(message.data)):
                line.send(answer)
    finally:
        chat.guests.leave(guest)


async def _hello(chat: Chat, line: Socket) -> Hello | None:
    """The first frame; None when the widget went without a word."""
    try:
        async with asyncio.timeout(HELLO_WITHIN_S):
            message = await line.ws.receive()
    except TimeoutError as error:
        raise BadInput("The first frame must be a hello, and it did not come.") from error
    if message.type is not WSMsgType.TEXT:
        return None
    frame = chat.desk.read_frame(message.data)
    if not isinstance(frame, Hello):
        raise BadInput("The first frame must be a hello.")
    return frame


async def _welcome(chat: Chat, account: Account, guest: Guest, hello: Hello) -> None:
    first, *more = await chat.desk.welcome(account, guest, hello)
    chat.guests.show(guest.begin(first))
    for frame in more:
        guest.push(frame)
