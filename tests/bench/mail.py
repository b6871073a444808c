"""How fast is a mailbox of 20,000 mails read the first time, and how soon does a new mail stand on an agent's screen?

A real Dovecot holds both mailboxes; the hub runs as `hub up`. The first one is connected with its history: the time
runs from the moment at which the account is there until the last mail is a message in the log (kept, parsed, with its
people and its conversation). Memory is the hub's and its mail processes' together, the database's apart; it is read
after a first small mailbox, when everything has been loaded, and at its highest while the large one is read. For the
second question the bench idles at the same mailbox: the time runs from the EXISTS that it is told to the live event.
"""

import asyncio
import base64
import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import msgspec

from channels.email import wire
from channels.email.listening.imap import Imap
from hub.clock import utc_now
from hub.model import Account, AccountId
from hub.store import Store, open_store
from tests.bench.figures import Figure, Goal, not_run, percentile
from tests.bench.house import Grounds, House
from tests.bench.load import WORDS, Screen, numbers, text
from tests.bench.processes import command, family, memory_mb
from tests.channels.email.mail_house import PASSWORD, MailHouse, client_tls, dovecot, why_not

MAILS, FIRST_MAILS, NEWS = 20_000, 300, 60
CUSTOMERS = 1_500
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


async def _news(house: House, mail: MailHouse) -> Figure:
    await connect(house, mail, "news")
    watcher = await Imap.open("localhost", mail.ports["imaps"], "tls", client_tls(mail))
    await watcher.login("news", PASSWORD)
    await watcher.examine(b"INBOX")
    screen = await Screen.open(house)
    await asyncio.sleep(3.0)  # until the hub idles, too
    told: list[float] = []
    delivered: list[float] = []
    for number in numbers(NEWS):
        watcher.news = False
        idle = asyncio.create_task(watcher.idle(30.0))
        raw = _simple(number)
        await asyncio.to_thread(mail.deliver, "news", raw)
        began = time.perf_counter()
        await idle
        exists = time.perf_counter()
        shown = await screen.until([number], 30.0)
        told.append(max(0.0, shown - exists))
        delivered.append(shown - began)
    screen.close()
    await watcher.close()
    beside = {
        "p50": f"{percentile(told, 0.5):.3f} s",
        "delivered to shown, p95": f"{percentile(delivered, 0.95):.2f} s (Dovecot tells after half a second)",
    }
    return Figure(goal=SHOWN, readings=(percentile(told, 0.95),), beside=beside)


def _simple(number: int) -> bytes:
    head = f"From: Khách {number} <khach{number}@elsewhere.test>\r\nTo: news@example.test\r\nSubject: Tin\r\n"
    kind = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return f"{head}Message-ID: <{number}@news.test>\r\n{kind}{text(number)}\r\n".encode()


# -- a mailbox ---------------------------------------------------------------------------------------------------------


def fill(mail: MailHouse, user: str, count: int) -> int:
    """Put so many mails of some years into a mailbox, as files; their bytes."""
    folder = mail.maildir(user)
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    size = 0
    began = int(time.time()) - 3 * 365 * 86_400
    for number, raw in enumerate(mails(user, count)):
        path = folder / "cur" / f"{began + number * 4000}.M{number}.bench,S={len(raw)}:2,S"
        path.write_bytes(raw)
        size += len(raw)
    _give(mail.folder / "mail" / user)
    return size


def mails(user: str, count: int) -> Iterator[bytes]:
    """Threads of one to six mails by many customers: plain, HTML, quoting, some with files."""
    chance = random.Random(user)
    thread, customer, subject, left = "", 0, "", 0
    for number in range(count):
        id_ = f"<{number}.{chance.getrandbits(64):x}@mail.elsewhere.test>"
        if left == 0:
            customer, subject, left, thread = chance.randrange(CUSTOMERS), _word(f"Đơn {number}"), 6, ""
        left = chance.randrange(left)
        head = [
            f"From: {_word(f'Khách {customer}')} <khach{customer}@elsewhere.test>",
            f"To: {user}@example.test",
            f"Subject: Re: {subject}" if thread else f"Subject: {subject}",
            f"Message-ID: {id_}",
            *([f"In-Reply-To: {thread}", f"References: {thread}"] if thread else []),
            "MIME-Version: 1.0",
        ]
        thread = thread or id_
        yield ("\r\n".join(head) + "\r\n" + _body(chance, number)).encode()


def _word(text_: str) -> str:
    return f"=?utf-8?b?{base64.b64encode(text_.encode()).decode()}?="


def _body(chance: random.Random, number: int) -> str:
    said = "\n".join(chance.choice(WORDS) for _ in range(chance.randint(1, 12)))
    quoted = "\n".join(f"> {chance.choice(WORDS)}" for _ in range(chance.randint(0, 20)))
    plain = f"{said} {number}\n\nVào Th 2, 3 thg 11, 2025 lúc 10:00 Mộc An <shop@example.test> đã viết:\n{quoted}\n"
    parts = [_part("text/plain; charset=utf-8", plain.encode())]
    if chance.random() < 0.6:
        lines = plain.replace("\n", "<br>\n")
        page = f'<div dir="ltr">{lines}</div><div class="gmail_quote">{lines}</div>'
        parts.append(_part("text/html; charset=utf-8", page.encode()))
    words = _together("alternative", parts) if len(parts) > 1 else parts[0]
    if chance.random() >= 0.03:
        return words
    data = chance.randbytes(chance.randint(5_000, 60_000))
    return _together("mixed", [words, _part('image/jpeg; name="anh.jpg"', data)])


def _part(kind: str, data: bytes) -> str:
    coded = base64.encodebytes(data).decode().replace("\n", "\r\n")
    return f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n{coded}"


def _together(kind: str, parts: list[str]) -> str:
    inner = "".join(f"--{kind}-x\r\n{part}\r\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{kind}-x"\r\n\r\n{inner}--{kind}-x--\r\n'


def _give(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, 65534, 65534)
