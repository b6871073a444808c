"""How fast is a mailbox of 20,000 mails read the first time, and how soon does a new mail stand on an agent's screen?

A real Dovecot holds both mailboxes; the hub runs as `hub up`. The first one is connected with its history: the time
runs from the moment at which the account is there until the last mail is a message in the log (kept, parsed, with its
people and its conversation). Memory is the hub's and its mail processes' together, the database's apart; it is read
after a first small mailbox, when everything has been loaded, and at its highest while the large one is read. For the
second question the bench idles at the same mailbox: the time runs from the EXISTS that it is told until the mail's
words are painted in the list of an agent's inbox in Chromium; its live event on another agent's socket stands beside.
"""

import asyncio
import time

import aiohttp
import msgspec

from channels.email import wire
from channels.email.listening.imap import Imap
from hub.clock import utc_now
from hub.model import Account, AccountId
from hub.store import Store, open_store
from tests.bench.figures import Figure, Goal, not_run, percentile
from tests.bench.house import Grounds, House
from tests.bench.load import Screen, numbers, text
from tests.bench.mailbox import fill
from tests.bench.painted import PaintedInbox, painted_inbox
from tests.bench.processes import command, family, memory_mb
from tests.channels.email.mail_house import PASSWORD, MailHouse, client_tls, dovecot, why_not
from tests.web.browsing import why_no_browser

MAILS, FIRST_MAILS, NEWS = 20_000, 300, 60
BETWEEN_S = 0.3  # until both idle: whoever begins to idle only then is told at once, half a second before the other
MOST_S = 400.0
COUNT_S = 1.0
OTHERS = ("secantus", "valkey", "nlp.")  # processes of the hub's family that are not measured here

RATE = Goal(
    what="mailbox of 20,000 mails first synced: kept, parsed, in the log, as history",
    unit="mails/s",
    must=150,
    aim=400,
    issue="channels",
)
GROWTH = Goal(
    what="mailbox of 20,000 mails first synced: memory growth", unit="MB", sense="at most", must=100, issue="channels"
)
SHOWN = Goal(
    what="Dovecot's EXISTS to the agent's screen, p95", unit="s", sense="at most", must=0.6, aim=0.2, issue="channels"
)
FINDABLE = Goal(
    what="mailbox of 20,000 mails first synced: the last one is found by its words, after it is in the log",
    unit="s",
    sense="at most",
    aim=30,
    issue="search",
)
GOALS = (RATE, GROWTH, SHOWN, FINDABLE)
FIND_S = 120.0


async def run(grounds: Grounds) -> list[Figure]:
    if why := why_not("dovecot"):
        return [not_run(goal, why) for goal in GOALS]
    with dovecot() as mail:
        fill(mail, "first", FIRST_MAILS)
        size = fill(mail, "all", MAILS)
        async with grounds.open("up") as house:
            return [*await _sync(house, mail, size), await _news(house, mail)]


# -- the first time ----------------------------------------------------------------------------------------------------


async def _sync(house: House, mail: MailHouse, size: int) -> list[Figure]:
    async with open_store(house.mongo) as store:
        messages = store.ledger.light("messages")
        began, had = time.perf_counter(), await messages.estimated_document_count()
        await connect(house, mail, "first")
        await _until(store, "first", FIRST_MAILS, had)
        took_first = time.perf_counter() - began
        await asyncio.sleep(3.0)
        before = held(house)
        began = time.perf_counter()
        await connect(house, mail, "all")
        most = await _until(store, "all", MAILS, had + FIRST_MAILS, house)
        took = time.perf_counter() - began
    findable = await _found(house, str(MAILS - 1))
    beside = {"mails": f"{size / 1e6:.0f} MB", "first 300": f"{took_first:.1f} s", "before": f"{before:.0f} MB"}
    return [
        Figure(goal=RATE, readings=(MAILS / took,), beside=beside),
        Figure(goal=GROWTH, readings=(most - before,), beside={"before": f"{before:.0f} MB", "most": f"{most:.0f} MB"}),
        findable,
    ]


async def _found(house: House, typed: str) -> Figure:
    """How long until these words find a message; the last mail's own number stands in its text."""
    began = time.perf_counter()
    try:
        async with asyncio.timeout(FIND_S), aiohttp.ClientSession(headers={"Cookie": house.cookie}) as http:
            while not await _hits(http, house, typed):
                await asyncio.sleep(0.1)
    except TimeoutError:
        return not_run(FINDABLE, f"it was not found within {FIND_S:.0f} s")
    return Figure(goal=FINDABLE, readings=(time.perf_counter() - began,))


async def _hits(http: aiohttp.ClientSession, house: House, words: str) -> list[str]:
    asked = {"view": "all", "limit": "6", "q": words}
    async with http.get(f"{house.url}/api/v1/conversations", params=asked) as answer:
        return [one["id"] for one in (await answer.json())["items"] if "hit" in one]


def bench_account(user: str) -> AccountId:
    return AccountId(f"bench-{user}")


async def connect(house: House, mail: MailHouse, user: str) -> None:
    """Add the mailbox as an account of the hub; its listener begins within a second."""
    settings = wire.Settings(
        address=f"{user}@example.test",
        imap=wire.Server(host="localhost", port=mail.ports["imaps"], security="tls", user=user),
        ca_file=mail.ca_file,
        since=utc_now().isoformat(),
        history=True,
    )
    secrets = wire.Secrets(imap_password=PASSWORD, token_secret="only the bench knows this")
    async with house.rooms() as rooms:
        id_ = bench_account(user)
        sealed = rooms.ring.seal(f"account:{id_}", msgspec.json.encode(secrets))
        values = msgspec.to_builtins(settings)
        await rooms.store.accounts.add(
            Account(id=id_, kind="email", name=user, at=utc_now(), settings=values, secrets=sealed)
        )


async def _until(store: Store, user: str, mails: int, had: int, house: House | None = None) -> float:
    """Wait until that many mails are kept and logged; the most memory that was held meanwhile.

    The embedded database counts by reading everything, so it is asked to once all are kept, and seldom: counting four
    times a second took a fifth of its time.
    """
    most, account = 0.0, bench_account(user)
    messages = store.ledger.light("messages")
    async with asyncio.timeout(MOST_S):
        while True:
            if house is not None:
                most = max(most, held(house))
            known = (await store.cursors.progress([account])).get(account)
            all_kept = known is not None and known.stored >= mails
            if all_kept and await messages.estimated_document_count() >= had + mails:
                return most
            await asyncio.sleep(COUNT_S if all_kept else 0.25)


def held(house: House) -> float:
    """What the hub and its mail processes hold, in MB."""
    ours = [one for one in family(house.processes[0].pid) if not any(word in _command(one) for word in OTHERS)]
    return sum(_memory(one) for one in ours)


def _command(pid: int) -> str:
    try:
        return command(pid)
    except OSError:  # it ended just now
        return ""


def _memory(pid: int) -> float:
    try:
        return memory_mb(pid)[0]
    except (OSError, KeyError):
        return 0.0


# -- news --------------------------------------------------------------------------------------------------------------


class New(msgspec.Struct, frozen=True, kw_only=True):
    """One mail by the bench's clock: handed to Dovecot, told of, on a socket, painted on a screen."""

    delivered: float
    exists: float
    event: float
    painted: float


async def _news(house: House, mail: MailHouse) -> Figure:
    if why := why_no_browser():
        return not_run(SHOWN, why)
    await connect(house, mail, "news")
    watcher = await Imap.open("localhost", mail.ports["imaps"], "tls", client_tls(mail))
    await watcher.login("news", PASSWORD)
    await watcher.examine(b"INBOX")
    screen = await Screen.open(house)
    async with painted_inbox(house) as inbox:
        await asyncio.sleep(3.0)  # until the hub idles, too
        news = [await _one_more(number, mail, watcher, screen, inbox) for number in numbers(NEWS)]
    screen.close()
    await watcher.close()
    painted = [_told(one, one.painted) for one in news]
    return Figure(goal=SHOWN, readings=(percentile(painted, 0.95),), beside=_beside(news, painted))


def _told(one: New, at: float) -> float:
    """Seconds after Dovecot told; it may tell the hub before it tells the bench."""
    return max(0.0, at - one.exists)


def _beside(news: list[New], painted: list[float]) -> dict[str, str]:
    event = [_told(one, one.event) for one in news]
    delivered = [one.painted - one.delivered for one in news]
    return {
        "mails": f"{len(news)}",
        "p50": f"{percentile(painted, 0.5):.3f} s",
        "live event, p50": f"{percentile(event, 0.5):.3f} s",
        "live event, p95": f"{percentile(event, 0.95):.3f} s",
        "delivered to painted, p95": f"{percentile(delivered, 0.95):.2f} s (Dovecot tells after half a second)",
    }


async def _one_more(number: int, mail: MailHouse, watcher: Imap, screen: Screen, inbox: PaintedInbox) -> New:
    watcher.news = False
    idle = asyncio.create_task(watcher.idle(30.0))
    await asyncio.sleep(BETWEEN_S)
    await asyncio.to_thread(mail.deliver, "news", _simple(number))
    delivered = time.perf_counter()
    await idle
    exists = time.perf_counter()
    event = await screen.until([number], 30.0)
    return New(delivered=delivered, exists=exists, event=event, painted=await inbox.until(number))


def _simple(number: int) -> bytes:
    head = f"From: Khách {number} <khach{number}@elsewhere.test>\r\nTo: news@example.test\r\nSubject: Tin\r\n"
    kind = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return f"{head}Message-ID: <{number}@news.test>\r\n{kind}{text(number)}\r\n".encode()
