"""Fetching the wanted mails of an open folder in batches of bounded size, one batch ahead of whoever keeps them."""

import asyncio
import datetime as dt
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Iterator, Sequence

from channels.email.listening import cursor as cursors
from channels.email.listening.arriving import MOST_BYTES, Fetched, too_large
from channels.email.listening.cursor import Place
from channels.email.listening.grammar import ranges
from channels.email.listening.imap import Imap, Listed, No
from channels.email.listening.stream import Gone

WINDOW = 500  # mails whose sizes are asked at once
BATCH_BYTES = 4_000_000
BATCH_MAILS = 500

MOST_SCARS = 3
CLOCKS = dt.timedelta(minutes=10)  # a mail server's clock may be behind ours by so much

Bundle = list[Fetched]
Scars = dict[int, int]  # by UID


async def collect(
    imap: Imap, wanted: Sequence[int], place: Place, since: dt.datetime, scars: Scars, *, history: bool
) -> AsyncGenerator[Bundle]:
    """The wanted mails, oldest first, and before the next of them whatever came meanwhile.

    A mail that the server does not give is left out: it is missing at the next comparison, too. `scars` counts at
    which mails the connection broke: they are fetched alone the next time, and passed by after the third.
    """
    top = max([cursors.last(place.uids), *wanted])
    windows = deque(wanted[at : at + WINDOW] for at in range(0, len(wanted), WINDOW))
    imap.news = True  # look behind the last one in any case: the server may have said nothing
    while windows or imap.news:
        if imap.news:
            imap.news = False
            listed = [one for one in await imap.listed(f"{top + 1}:*") if one.uid > top]
            top = max([top, *(one.uid for one in listed)])
        else:
            listed = await imap.listed(ranges(list(windows.popleft())))
        old = {one.uid: _is_old(one, place, since) for one in listed}
        skipped = [one.uid for one in listed if old[one.uid] and not history and one.uid <= place.before]
        if skipped:
            yield [Fetched(uid=uid, at=None, history=True, body=None) for uid in skipped]
        left = [one for one in listed if one.uid not in set(skipped) and scars.get(one.uid, 0) < MOST_SCARS]
        for bundle in _bundles(left, scars):
            yield await _unhurt(_fetched(imap, bundle, old), [one.uid for one in bundle], scars)


def _is_old(mail: Listed, place: Place, since: dt.datetime) -> bool:
    """Whether it came before the account. The server counts whole seconds, and mail behind our first look is doubted
    only where it is much older: then somebody moved it there."""
    edge = since.replace(microsecond=0) - (CLOCKS if mail.uid > place.before else dt.timedelta())
    return mail.at is not None and mail.at < edge


async def _unhurt(fetching: Awaitable[Bundle], uids: Sequence[int], scars: Scars) -> Bundle:
    """What was fetched; a connection that breaks meanwhile leaves its mark on all that it may have broken at."""
    try:
        fetched = await fetching
    except Gone:
        scars.update({uid: scars.get(uid, 0) + 1 for uid in uids})
        raise
    for uid in uids:
        scars.pop(uid, None)
    return fetched


def _bundles(listed: Sequence[Listed], scars: Scars) -> Iterator[list[Listed]]:
    bundle: list[Listed] = []
    size = 0
    for one in listed:
        alone = one.uid in scars or (bundle and bundle[-1].uid in scars)
        if bundle and (alone or len(bundle) == BATCH_MAILS or size + one.size > BATCH_BYTES):
            yield bundle
            bundle, size = [], 0
        bundle.append(one)
        size += min(one.size, MOST_BYTES)
    if bundle:
        yield bundle


async def _fetched(imap: Imap, bundle: Sequence[Listed], old: dict[int, bool]) -> Bundle:
    whole = [one.uid for one in bundle if one.size <= MOST_BYTES]
    bodies = await _bodies(imap, whole) if whole else {}
    for one in bundle:
        if one.size > MOST_BYTES:
            heads = await imap.bodies([one.uid], "HEADER")
            bodies |= {uid: too_large(head, one.size) for uid, head in heads.items()}
    return [
        Fetched(uid=one.uid, at=one.at, history=old.get(one.uid, False), body=bodies[one.uid])
        for one in bundle
        if one.uid in bodies
    ]


async def _bodies(imap: Imap, uids: list[int]) -> dict[int, bytes]:
    """All at once; one by one when the server refuses, so that one broken mail holds no other back."""
    try:
        return await imap.bodies(uids)
    except No:
        found: dict[int, bytes] = {}
        for uid in uids:
            try:
                found |= await imap.bodies([uid])
            except No:
                continue  # it stays missing, and is asked for again at the next comparison
        return found


async def ahead(bundles: AsyncGenerator[Bundle]) -> AsyncGenerator[Bundle]:
    """The same, the next one being fetched while the last one is kept; never more than one."""
    coming = asyncio.ensure_future(_next(bundles))
    try:
        while (bundle := await coming) is not None:
            coming = asyncio.ensure_future(_next(bundles))
            yield bundle
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        await bundles.aclose()


async def _next(bundles: AsyncGenerator[Bundle]) -> Bundle | None:
    return await anext(bundles, None)
