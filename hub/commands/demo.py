"""`hub demo`: fills the shop with conversations on four channels; with --live, customers write and answer now."""

import argparse
import asyncio
import logging
import random
import sys

from channels.base import Webhook
from hub import logs
from hub.clock import utc_now
from hub.commands.demo_shop import guests, script, team
from hub.commands.demo_shop.fill import ELSEWHERE, MARK, Filling, is_told
from hub.commands.demo_shop.live import Crowd
from hub.commands.demo_shop.town import Town, open_town
from hub.commands.demo_shop.voices import ByMail, Moment, OnSite, OnSlack, OnTelegram, Voice
from hub.commands.first_start import DEMO_ACCOUNT, prepare
from hub.commands.helping import helping
from hub.commands.rooms import Rooms, open_rooms
from hub.commands.serving import told_to_stop
from hub.commands.whereabouts import address_of
from hub.embedded import join_or_start
from hub.errors import NotFound
from hub.model import Account
from hub.settings import Settings

HELP = (
    "Fill the demo shop with customers and a month of conversations by chat, email, Telegram and Slack; twice is once. "
    "With --live, customers write to the running hub on all four instead, and answer when you reply. The mailbox, the "
    "bot and the workspace are false ones on this machine: they serve while the command runs, and no account is needed."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--live", action="store_true", help="be customers who write now and then to the running hub, on every channel"
    )
    parser.add_argument("--minutes", type=_above_0, metavar="N", help="with --live: stop after N minutes (else Ctrl-C)")
    parser.add_argument("--rate", type=_above_0, metavar="PER_MINUTE", help="with --live: new customers a minute (4)")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """0 when the shop is filled, or the customers went home."""
    logs.configure("warning", settings.log_format)
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd warns of a field that it sets by itself
    if args.live:
        return asyncio.run(_live(settings, args.rate or 4.0, args.minutes))
    return asyncio.run(_fill(settings))


# -- fill -------------------------------------------------------------------------------------------------------------


async def _fill(settings: Settings) -> int:
    async with (
        join_or_start(settings) as stores,
        open_rooms(settings, stores.urls.mongo, stores.urls.redis) as rooms,
    ):
        login = await prepare(rooms)
        if login is not None:
            print(f"This hub was empty: sign in as {login.email} with password {login.password} (shown only now).")
        await fill(rooms)
    return 0


async def fill(rooms: Rooms) -> None:
    """Let every story happen that has not. Raises NotFound when the demo shop's chat was removed."""
    account, channel = await _shop(rooms)
    authors, added = await team.gather(rooms)
    stories, elsewhere = script.stories(), script.elsewhere()
    address = rooms.settings.base_url or address_of(rooms.settings)
    moment = Moment(utc_now())
    async with helping(rooms, train=True) as help_:
        on_site = {"webchat": OnSite(account, channel, moment, f"{address}/demo")}
        news = await Filling(rooms, MARK, stories, on_site, moment, authors, help_).run(_tell)
        if not await is_told(rooms, ELSEWHERE, elsewhere):
            async with open_town(rooms, address_of(rooms.settings), moment) as town:
                voices = _voices(rooms, town, moment)
                await Filling(rooms, ELSEWHERE, elsewhere, voices, moment, authors, help_).run(_tell)
            news = True
    people = len({one.person.key for one in (*stories, *elsewhere)})
    if news:
        print(f"{len(stories) + len(elsewhere)} conversations with {people} customers happened in the last 30 days.")
    else:
        print("The demo shop is filled already; nothing was added.")
    if added:
        print(f"Agents: {', '.join(added)}. To sign in as one of them: hub agent password EMAIL")
    print(f"Look at {address}/ – and `hub demo --live` lets customers write while you watch.")


def _voices(rooms: Rooms, town: Town, moment: Moment) -> dict[str, Voice]:
    """By email, Telegram and Slack."""
    made: tuple[Voice, ...] = tuple(
        one(town, rooms.channels[one.kind], moment) for one in (ByMail, OnTelegram, OnSlack)
    )
    return {one.account.kind: one for one in made}


async def _shop(rooms: Rooms) -> tuple[Account, Webhook]:
    account = await rooms.accounts.get(DEMO_ACCOUNT)
    channel = rooms.channels.get(account.kind) if account is not None else None
    if account is None or not isinstance(channel, Webhook):
        raise NotFound("The demo shop's web chat (account `demo`) was removed from this hub; use a fresh one: --data.")
    return account, channel


def _tell(number: int, rounds: int) -> None:
    """A bar on a terminal; scripts read only the last lines."""
    if sys.stdout.isatty():
        width = 24
        filled = round(width * (number + 1) / rounds)
        end = "\n" if number + 1 == rounds else ""
        print(f"\r  {'█' * filled}{'·' * (width - filled)}  a month in the shop", end=end, flush=True)


# -- live -------------------------------------------------------------------------------------------------------------


async def _live(settings: Settings, rate: float, minutes: float | None) -> int:
    address, chance = address_of(settings), random.Random()
    await Crowd(address, DEMO_ACCOUNT, chance, _say).check()
    stop = asyncio.create_task(told_to_stop())
    async with (
        join_or_start(settings) as stores,
        open_rooms(settings, stores.urls.mongo, stores.urls.redis) as rooms,
        open_town(rooms, address) as town,
    ):
        crowd = Crowd(address, DEMO_ACCOUNT, chance, _say, ways=guests.ways(town, chance))
        print(f"Customers come to {address}/ by chat, Telegram, email and Slack – false ones, on this machine.")
        print("Answer them there; Ctrl-C sends them home.", flush=True)
        visiting = asyncio.create_task(crowd.come(rate))
        await _until_over(visiting, stop, minutes)
        print("Closing the demo's Telegram, mailbox and Slack …", flush=True)
    print(f"{crowd.came} customers wrote {crowd.wrote} messages and got {crowd.heard} answers; look at {address}/")
    return 0


async def _until_over(visiting: "asyncio.Task[None]", stop: "asyncio.Task[None]", minutes: float | None) -> None:
    """Until the time is up or somebody says stop; then nobody visits any more. Raises what ended the visits."""
    try:
        await asyncio.wait({visiting, stop}, timeout=minutes * 60 if minutes else None, return_when="FIRST_COMPLETED")
        if visiting.done():
            await visiting
    finally:
        stop.cancel()
        visiting.cancel()
        await asyncio.gather(visiting, return_exceptions=True)


def _say(line: str) -> None:
    print(f"  {line}", flush=True)


def _above_0(text: str) -> float:
    number = float(text)
    if not 0 < number <= 100_000:
        raise argparse.ArgumentTypeError("it should be a number above 0")
    return number
