"""kill -9 on web, worker, database and Redis while messages come and go, against the other side's own log."""

import asyncio
import os
import random
import secrets
import time
from pathlib import Path

import pytest

from hub.store import Store, open_store
from tests.faults import verdict
from tests.faults.shop import Shop, Size
from tests.faults.verdict import Ledger

FULL = os.environ.get("HUB_FAULTS") == "full"
SEED = int(os.environ.get("HUB_FAULTS_SEED", "0")) or secrets.randbelow(1_000_000)
ROUNDS = 5 if FULL else 2
SIZE = (
    Size(widgets=50, letters=40, senders=40, posts=78, agents=3, replies=60)
    if FULL
    else Size(widgets=12, letters=12, senders=12, posts=20, agents=2, replies=20)
)
ROUND_S = 240 if FULL else 60
QUIET_S = 300 if FULL else 90
FAULTS = ["web", "worker", "database", "redis", "flush", "flush"]
LEAST_GAP_S = 0.5


@pytest.mark.timeout(1_800 if FULL else 300)
async def test_nothing_acknowledged_is_lost_doubled_or_renumbered_when_processes_are_killed(
    tmp_path: Path, trained: Path
) -> None:
    print(f"\nHUB_FAULTS_SEED={SEED}")
    async with Shop(tmp_path, trained, SEED, SIZE).open() as shop:
        for number in range(ROUNDS):
            await _round(shop, number)
        ledger = await _quiet(shop)
    died = shop.web.died + shop.worker.died
    print(
        f"{len(shop.book.acknowledged)} acknowledged, {len(ledger.messages)} entries, {len(ledger.events)} events, "
        f"{len(shop.book.replies)} replies, {sum(shop.far.took.values())} taken, "
        f"{verdict.lost_track(ledger)} lost track of; web started {shop.web.starts} times, worker {shop.worker.starts}"
    )

    assert verdict.incoming(shop.book, ledger) == []
    assert verdict.shown(ledger) == []
    assert verdict.numbers(shop.book, ledger) == []
    assert verdict.outgoing(shop.book, ledger, shop.far) == []
    assert verdict.told(shop.book, ledger) == []
    assert [wrong for widget in shop.widgets for wrong in widget.strange()] == []
    assert shop.book.complaints == []
    assert died == []


async def _round(shop: Shop, number: int) -> None:
    """Everybody writes; each fault strikes when a drawn part of the round is acknowledged."""
    chance, began = random.Random(f"{SEED}:{number}"), time.monotonic()
    before = len(shop.book.acknowledged)
    marks = sorted(chance.uniform(0.05, 0.85) for _ in FAULTS)
    plan = list(zip(marks, chance.sample(FAULTS, len(FAULTS)), strict=True))
    shop.write()
    for mark, fault in plan:
        await shop.acknowledged(before + int(mark * SIZE.acknowledged), ROUND_S)
        await shop.strike(fault)
        await asyncio.sleep(chance.uniform(LEAST_GAP_S, 2 * LEAST_GAP_S))
    await shop.until(lambda: shop.written, ROUND_S, "everything is acknowledged")
    took_s = time.monotonic() - began
    print(f"round {number}: {len(shop.book.acknowledged) - before} acknowledged in {took_s:.1f} s, {plan}")


async def _quiet(shop: Shop) -> Ledger:
    """The ledger, once everything is logged, has left, and was shown."""
    async with open_store(shop.stores.urls.mongo) as store:
        left = await _left(shop, store)
        deadline = time.monotonic() + QUIET_S
        while any(left.values()):
            assert time.monotonic() < deadline, f"not quiet within {QUIET_S} s: {left}"
            await asyncio.sleep(1)
            left = await _left(shop, store)
        return await verdict.read(store)


async def _left(shop: Shop, store: Store) -> dict[str, object]:
    """What is still to be done."""
    head = await store.events.head()
    return {
        "waiting": await verdict.waiting(store),
        "leaving": await verdict.leaving(store),
        "agents behind": [desk.n for desk in shop.desks if (desk.n or 0) < head],
        "customers behind": [wrong for widget in shop.widgets for wrong in widget.strange()],
    }
