"""`hub connect KIND`: asks what a channel needs, checks it live, stores it sealed, and says what is left to click."""

import argparse
import asyncio
import getpass
import os
import sys

import channels
from channels.base import Channel, Connects, Field
from hub.clock import utc_now
from hub.commands.rooms import Rooms, open_rooms
from hub.embedded import join_or_start
from hub.errors import BadInput, NotFound
from hub.ids import random_id
from hub.model import Account, AccountId
from hub.people.connecting import NO_QUESTIONS, Connector, Wanted
from hub.settings import Settings

HELP = "Connect a website, mailbox, bot or workspace: asks, checks live, stores the secrets encrypted."


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=sorted(channels.CHANNELS), help="the channel")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="answer a question beforehand")
    parser.add_argument("--name", help="what the account is called in the inbox")
    parser.add_argument("--account", metavar="ID", help="give an account that is connected already new answers")
    parser.add_argument("--language", choices=["vi", "en"], default=_language(), help="of the questions")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """0; what the platform does not take ends as one line that says what to do."""
    print(asyncio.run(_connect(settings, args)))
    return 0


def _language() -> str:
    return "vi" if os.environ.get("LANG", "").startswith("vi") else "en"


async def _connect(settings: Settings, args: argparse.Namespace) -> str:
    async with (
        join_or_start(settings) as stores,
        open_rooms(settings, stores.urls.mongo, stores.urls.redis) as rooms,
    ):
        known = await _known(rooms, args)
        channel = rooms.channels[args.kind]
        answers = await asyncio.to_thread(_answers, channel, _given(args.set), args.language)
        connector = Connector(rooms.store, rooms.announcer, rooms.ring.seal, utc_now)
        wanted = Wanted(
            id=known.id if known else AccountId(random_id("acc")),
            kind=args.kind,
            answers=answers,
            name=args.name,
            known=known,
        )
        account, connected = await connector.connect(channel, wanted)
        return told(account, connected.steps.get(args.language, ()))


async def _known(rooms: Rooms, args: argparse.Namespace) -> Account | None:
    if args.account is None:
        return None
    known = await rooms.accounts.get(args.account)
    if known is None or known.kind != args.kind:
        raise NotFound(f"There is no {args.kind} account {args.account!r}; the settings page lists them.")
    return known


def told(account: Account, steps: tuple[str, ...]) -> str:
    """What was done, and what a person still has to do."""
    lines = [f"Connected: {account.name} ({account.id}). A hub that runs begins with it in a few seconds."]
    return "\n".join(lines + [f"  {number}. {step}" for number, step in enumerate(steps, 1)])


# -- questions --------------------------------------------------------------------------------------------------------


def _given(pairs: list[str]) -> dict[str, str]:
    made = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign:
            raise BadInput(f"--set takes NAME=VALUE, not {pair!r}.")
        made[name.strip()] = value
    return made


def _answers(channel: Channel, given: dict[str, str], language: str) -> dict[str, str]:
    """What was given, and on a terminal what is asked for the rest; elsewhere what is missing is said by the check."""
    asks: object = channel
    if not isinstance(asks, Connects):
        raise BadInput(NO_QUESTIONS)
    if not sys.stdin.isatty():
        return given
    left = [one for one in asks.fields if one.name not in given and (one.required or not given)]
    return given | {one.name: _ask(one, language) for one in left}


def _ask(field: Field, language: str) -> str:
    """One question; again while a required answer is empty."""
    label, help_ = field.label.get(language, field.name), field.help.get(language)
    extra = " / ".join(filter(None, field.options)) or field.default
    while True:
        if help_:
            print(f"  {help_}")
        prompt = f"{label}{f' [{extra}]' if extra else ''}: "
        answer = getpass.getpass(prompt) if field.secret else input(prompt)
        if answer.strip() or field.default or not field.required:
            return answer.strip()
