"""Asking Telegram for updates, where it cannot call us; and watching over the webhook, where it can.

An offset tells Telegram to forget everything before it, so one is sent only to confirm what is already kept. It is
never used to search: the numbers of updates begin anew, at random, after a week without any.
"""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable

import aiohttp
import msgspec

from channels.base import Batch
from channels.telegram import wire
from channels.telegram.ask import AWAY, NO_TOKEN, Away, SaidNo, ask
from channels.telegram.inbound import raw_arrival
from hub.errors import Unreachable
from hub.model import Account

SPARE_S = 10.0  # over the long poll itself, for the answer's way
WATCH_S = 60.0
RECENT = dt.timedelta(minutes=10)  # an error of the webhook's older than this is over

POLLED_TWICE = (
    "Another program asks Telegram for this bot's messages, so neither gets them all. Stop the other program, or "
    "make a new token for the bot with @BotFather and connect it again."
)
HOOKED = (
    "A webhook is set for this bot, so Telegram hands its messages over there. Connect the bot again to receive them "
    "here: hub connect telegram."
)
HOOK_GONE = "Telegram sends this bot's messages elsewhere. Connect the bot again: hub connect telegram."
HOOK_FAILS = (
    "Telegram cannot hand over this bot's messages: {why}. {count} wait there. Check that the hub's address is "
    "reachable from outside and its certificate is valid; Telegram tries again by itself for a day."
)


async def poll(
    http: aiohttp.ClientSession, account: Account, cursor: str | None, wait_s: float = wire.POLL_S
) -> AsyncIterator[Batch]:
    """Batches of updates for ever; the next call confirms those of the last batch. Raises Unreachable."""
    kept: int | None = None  # the last update that is in the ledger and not confirmed yet
    greeted = False
    while True:
        # The first answer is asked for at once, so that a connected account is known to be well.
        found = await _updates(http, account, kept, wait_s if greeted else 0.0)
        greeted = True
        arrivals = tuple(raw_arrival(bytes(one)) for one in found)
        kept = _number(found[-1]) if found else None
        cursor = cursor if kept is None else str(kept)
        yield Batch(arrivals=arrivals, cursor=cursor or "")


async def _updates(http: aiohttp.ClientSession, account: Account, kept: int | None, wait_s: float) -> list[msgspec.Raw]:
    given: dict[str, object] = {"timeout": int(wait_s), "limit": wire.BATCH, "allowed_updates": wire.UPDATES}
    if kept is not None:
        given["offset"] = kept + 1
    try:
        return wire.updates.decode(await ask(http, account, "getUpdates", given, wait_s + SPARE_S))
    except Away as error:
        raise Unreachable(str(error)) from None
    except SaidNo as error:
        raise _unreachable(error) from error
    except msgspec.DecodeError as error:
        raise Unreachable(AWAY) from error


def _number(update: msgspec.Raw) -> int:
    """An update's number. Raises Unreachable for what has none: it could not be confirmed and would come for ever."""
    try:
        return wire.numbered.decode(update).update_id
    except msgspec.DecodeError as error:
        raise Unreachable("What answers in Telegram's place does not speak its protocol.") from error


def _unreachable(error: SaidNo) -> Unreachable:
    if error.code in (401, 404):
        return Unreachable(NO_TOKEN, for_good=True)
    if error.code == 409:
        return Unreachable(HOOKED if "webhook" in error.description.lower() else POLLED_TWICE)
    if error.code == 429:
        return Unreachable("Telegram asks this bot to slow down.", after_s=error.after_s)
    return Unreachable(f"Telegram does not hand over messages: {error.description}.")


# -- the webhook's health ---------------------------------------------------------------------------------------------


async def watch(
    http: aiohttp.ClientSession, account: Account, cursor: str | None, now: Callable[[], dt.datetime]
) -> AsyncIterator[Batch]:
    """Empty batches, a minute apart, while Telegram can hand over at our door. Raises Unreachable when it cannot."""
    while True:
        why = hook_trouble(await hook(http, account), account, now())
        if why is not None:
            raise Unreachable(why, after_s=WATCH_S)
        yield Batch(arrivals=(), cursor=cursor or "")
        await asyncio.sleep(WATCH_S)


async def hook(http: aiohttp.ClientSession, account: Account) -> wire.Hook:
    """What Telegram knows of this bot's webhook. Raises Unreachable."""
    try:
        return msgspec.json.decode(await ask(http, account, "getWebhookInfo"), type=wire.Hook)
    except Away as error:
        raise Unreachable(str(error)) from None
    except msgspec.DecodeError:
        raise Unreachable(AWAY) from None
    except SaidNo as error:
        raise _unreachable(error) from error


def hook_trouble(known: wire.Hook, account: Account, now: dt.datetime) -> str | None:
    """Why messages do not come in by the webhook, as a sentence; None when they do."""
    if not known.url.endswith(f"/in/{account.id}"):
        return HOOK_GONE
    failed = known.last_error_date
    if failed and known.pending_update_count and now - dt.datetime.fromtimestamp(failed, dt.UTC) < RECENT:
        return HOOK_FAILS.format(why=known.last_error_message.rstrip("."), count=known.pending_update_count)
    return None
