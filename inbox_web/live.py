"""/live: the agents' socket. Events in order and without gaps, resumed by `since`; presence beside them."""

import asyncio
import contextlib
from collections.abc import Iterable

import msgspec
import structlog
from aiohttp import WSMsgType, web

from hub.errors import Denied, HubError, NotSignedIn, StoreDown
from hub.logs import where
from hub.model import Agent, Session
from inbox_web.api.route import COOKIE, signed_in
from inbox_web.follower import Batch, Follower, events_frame
from inbox_web.frames import NOT_SIGNED_IN, SHUTTING_DOWN, WRONG_ORIGIN, Socket, text_frame
from inbox_web.meters import Meters
from inbox_web.origins import check_own
from inbox_web.parts import PARTS, Parts
from inbox_web.presence import HERE, PRESENCE, TYPING, Here, Presence, Room
from inbox_web.seq import Seq

MOST_REPLAYED = 5_000  # events; a browser that is further behind reloads its lists
REPLAY_AT_ONCE = 200
SAY_AGAIN_S = 10.0
CHECK_EVERY_S = 60.0
AWAY_PAUSE_S = 1.0
HEARTBEAT_S = 30.0
FRAME_BYTES = 16_384

log = structlog.get_logger(__name__)


class Hello(msgspec.Struct, frozen=True, tag_field="t", tag="hello"):
    since: Seq | None = None


class Viewing(msgspec.Struct, frozen=True, tag_field="t", tag="viewing"):
    conversation: str | None = None
    typing: bool = False


class Ping(msgspec.Struct, frozen=True, tag_field="t", tag="ping"):
    pass


Said = Hello | Viewing | Ping
_said = msgspec.json.Decoder(Said)
_encode = msgspec.json.encode


class AgentSocket(Socket):
    """An agent's browser tab."""

    def __init__(self, ws: web.WebSocketResponse, request: web.Request, agent: Agent, session: Session) -> None:
        super().__init__(ws, request)
        self.agent = agent
        self.session = session
        self.token = request.cookies.get(COOKIE)
        self.viewing: str | None = None


class Live:
    """Every agent's socket of this process."""

    def __init__(self, parts: Parts, follower: Follower, meters: Meters) -> None:
        self._parts = parts
        self._follower = follower
        self._gauge = meters.sockets.labels("agents")
        self._process = parts.new_id()
        self._room = Room(parts.now)
        self._open: set[AgentSocket] = set()  # everyone who is connected
        self._following: set[AgentSocket] = set()  # those who are at the head
        self._told_here: list[str] = []
        self._doubt = asyncio.Event()  # somebody may have been switched off or signed out
        follower.add(self._heard)
        follower.hear(PRESENCE, self._heard_presence)
        follower.hear(HERE, self._heard_here)
        follower.hear(TYPING, self._heard_typing)

    def here(self) -> list[str]:
        """The agents that are connected anywhere."""
        return sorted({*self._room.here(), *(socket.agent.id for socket in self._open)})

    # -- one socket ---------------------------------------------------------------------------------------------------

    async def serve(self, socket: AgentSocket) -> None:
        """Answer one browser until it goes away."""
        self._open.add(socket)
        self._gauge.set(len(self._open))
        await self._say_here()
        try:
            async for message in socket.ws:
                if message.type is not WSMsgType.TEXT:
                    break
                await self._answer(socket, message.data)
        finally:
            self._open.discard(socket)
            self._following.discard(socket)
            self._gauge.set(len(self._open))
            await self._look(socket, None, False)
            await self._say_here()

    async def _answer(self, socket: AgentSocket, text: str) -> None:
        try:
            said = _said.decode(text)
        except msgspec.MsgspecError:
            return  # a newer page may say more than this hub knows
        match said:
            case Hello():
                await self._hello(socket, said.since)
            case Viewing():
                await self._look(socket, said.conversation, said.typing)
            case Ping():
                socket.send(b'{"t":"pong"}')

    async def _hello(self, socket: AgentSocket, since: int | None) -> None:
        """Bring the browser to the head, then let it follow."""
        self._following.discard(socket)
        head = self._follower.head
        if since is not None and not await self._replayable(since, head):
            socket.send(b'{"t":"reset","n":%d}' % self._follower.head)
            since = None
        at = self._follower.head if since is None else await self._replay(socket, since)
        if at is None:
            return
        self._following.add(socket)  # no await since `at` was the head
        socket.send(b'{"t":"hello","n":%d}' % at)
        socket.send(_here_frame(self.here()))

    async def _replayable(self, since: int, head: int) -> bool:
        if since > head or head - since > MOST_REPLAYED:
            return False
        return since == head or await self._parts.store.events.has(since + 1)

    async def _replay(self, socket: AgentSocket, since: int) -> int | None:
        """Send what came behind `since`, until there is no more; the number reached, None when the socket is gone."""
        at = since
        while at < self._follower.head:
            told = self._follower.head
            events = await self._parts.store.events.after(at, REPLAY_AT_ONCE, self._parts.now(), told)
            frames = b"".join(events_frame(event.id, event.items) for event in events if event.id <= told)
            if not frames or not socket.write(frames):
                socket.end(1011, b"the log has a gap")
                return None
            at = min(events[-1].id, told)
        return at

    # -- everyone -----------------------------------------------------------------------------------------------------

    def _heard(self, batches: list[Batch]) -> None:
        frames = b"".join(batch.frame for batch in batches)
        self._write(self._following, frames)
        if any(b'"settings.changed"' in batch.frame for batch in batches):
            self._doubt.set()

    def _write(self, sockets: Iterable[AgentSocket], frames: bytes) -> None:
        lost = [socket for socket in sockets if not socket.write(frames)]
        for socket in lost:
            self._following.discard(socket)

    async def keep_checking(self) -> None:
        """Close the sockets that nobody is signed in at any more, when told and every minute; until cancelled."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CHECK_EVERY_S):
                    await self._doubt.wait()
            self._doubt.clear()
            try:
                await self._check_sessions()
            except StoreDown:
                self._doubt.set()
                await asyncio.sleep(AWAY_PAUSE_S)

    async def _check_sessions(self) -> None:
        """Close the sockets of agents who were switched off or signed out, and of sessions that are over."""
        agents = {agent.id: agent for agent in await self._parts.store.agents.all()}
        for socket in list(self._open):
            agent = agents.get(socket.agent.id)
            session = await self._parts.store.sessions.get(socket.session.id)
            if agent is None or not agent.on or session is None or session.until <= self._parts.now():
                socket.end(NOT_SIGNED_IN, b"signed out")

    async def close(self) -> None:
        """Tell every browser that this process goes; they come back to another with `since`."""
        for socket in list(self._open):
            socket.end(SHUTTING_DOWN, b"shutting down")
        await asyncio.gather(*(socket.ended() for socket in list(self._open)))

    # -- presence -----------------------------------------------------------------------------------------------------

    async def _look(self, socket: AgentSocket, conversation: str | None, typing: bool) -> None:
        before, socket.viewing = socket.viewing, conversation
        agent = socket.agent
        if before is not None and before != conversation and not self._looks(agent.id, before):
            await self._say(Presence(conversation=before, agent=agent.id, name=agent.name, state="gone"))
        if conversation is None:
            return
        if before != conversation:
            for other in self._room.at(conversation):
                if other.agent != agent.id:
                    socket.send(_encode(other))
        state = "typing" if typing else "viewing"
        await self._say(Presence(conversation=conversation, agent=agent.id, name=agent.name, state=state))

    def _looks(self, agent: str, conversation: str) -> bool:
        """Whether another tab of the same agent still shows it."""
        return any(one.agent.id == agent and one.viewing == conversation for one in self._open)

    async def _say(self, presence: Presence) -> None:
        await self._parts.bus.publish(PRESENCE, _encode(presence))

    async def _say_here(self) -> None:
        self._tell_here()
        agents = sorted({str(socket.agent.id) for socket in self._open})
        await self._parts.bus.publish(HERE, _encode(Here(process=self._process, agents=agents)))

    def _heard_presence(self, payload: bytes) -> None:
        said = msgspec.json.decode(payload, type=Presence)
        if self._room.hear(said):
            self._tell_presence(said)

    def _tell_presence(self, said: Presence) -> None:
        self._write([one for one in self._following if one.agent.id != said.agent], text_frame(_encode(said)))

    def _heard_here(self, payload: bytes) -> None:
        self._room.hear_here(msgspec.json.decode(payload, type=Here))
        self._tell_here()

    def _tell_here(self) -> None:
        """Everyone who follows, and only when it is news."""
        here = self.here()
        if here != self._told_here:
            self._told_here = here
            self._write(list(self._following), text_frame(_here_frame(here)))

    def _heard_typing(self, payload: bytes) -> None:
        self._write(list(self._following), text_frame(payload))

    async def keep_saying(self) -> None:
        """Say again who is here, and forget who did not; until cancelled."""
        while True:
            await asyncio.sleep(SAY_AGAIN_S)
            await self._say_here()
            for gone in self._room.forget():
                self._tell_presence(gone)


LIVE = web.AppKey("live", Live)
FOLLOWER = web.AppKey("follower", Follower)


def _here_frame(agents: list[str]) -> bytes:
    return _encode({"t": "here", "agents": agents})


async def live(request: web.Request) -> web.StreamResponse:
    """The handler of /live; what is wrong is said by the close code, since a page cannot read a refused handshake."""
    parts = request.app[PARTS]
    ws = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=FRAME_BYTES, compress=False)
    await ws.prepare(request)
    try:
        check_own(request, parts.settings)
        session, agent = await signed_in(request)
        if not await request.app[FOLLOWER].ready(timeout_s=5.0):
            raise StoreDown("The event log cannot be read right now.")
        await request.app[LIVE].serve(AgentSocket(ws, request, agent, session))
    except HubError as error:
        await ws.close(code=_close_code(error), message=str(error).encode()[:120])
    except Exception as error:  # the handshake is over: no other answer than a close can be given
        log.error("live failed", error=type(error).__name__, at=where(error))
        await ws.close(code=1011)
    return ws


def _close_code(error: HubError) -> int:
    match error:
        case NotSignedIn():
            return NOT_SIGNED_IN
        case Denied():
            return WRONG_ORIGIN
        case StoreDown():
            return 1013
        case _:
            return 1011
