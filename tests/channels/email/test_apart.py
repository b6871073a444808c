"""Mails are understood in processes of their own: what hangs or kills one of those harms no other mail."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest

from channels.email import Email
from channels.email.apart import Apart
from channels.email.inbound import normalise
from hub.errors import Poison
from tests.channels.email.mails import account, arrival, mail


@pytest.fixture
async def apart() -> AsyncIterator[Apart]:
    made = Apart(workers=1, timeout_s=5.0)
    yield made
    await made.close()


async def test_a_mail_means_the_same_as_on_the_loop(apart: Apart) -> None:
    one = arrival(mail(cc="hoa@khach.example"))
    assert await apart.normalise(account(), one) == normalise(account(), one)


async def test_many_at_once_are_all_answered_in_their_own_words(apart: Apart) -> None:
    many = [arrival(mail(f"thư {n}", message_id=f"<{n}@x>")) for n in range(200)]
    found = await asyncio.gather(*(apart.normalise(account(), one) for one in many))
    assert found == [normalise(account(), one) for one in many]


def test_who_only_reads_mails_loads_nothing_of_the_network() -> None:
    code = "import sys, channels.email.apart_worker\n"
    code += "print([name for name in ('aiohttp', 'aiosmtplib', 'dns', 'structlog') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout == "[]\n"


async def test_what_is_no_mail_is_poison_with_its_reason(apart: Apart) -> None:
    with pytest.raises(Poison, match="not a mail"):
        await apart.normalise(account(), arrival(b"nothing", {}))


async def test_a_worker_that_is_killed_is_replaced_and_its_mail_tried_again(apart: Apart) -> None:
    await apart.normalise(account(), arrival(mail()))
    (worker,) = apart._all
    assert worker._process is not None
    os.kill(worker._process.pid, signal.SIGKILL)
    assert await apart.normalise(account(), arrival(mail())) == normalise(account(), arrival(mail()))


async def test_a_service_manager_that_ends_everything_at_once_does_not_end_the_reader_first(apart: Apart) -> None:
    await apart.normalise(account(), arrival(mail()))
    (worker,) = apart._all
    assert worker._process is not None
    os.kill(worker._process.pid, signal.SIGTERM)
    assert await apart.normalise(account(), arrival(mail())) == normalise(account(), arrival(mail()))
    assert worker._process is not None
    assert worker._process.returncode is None


async def test_a_mail_that_hangs_is_set_aside_and_those_beside_it_are_understood() -> None:
    apart = Apart(workers=1, timeout_s=1.0)
    await apart.normalise(account(), arrival(mail()))
    (worker,) = apart._all
    assert worker._process is not None
    os.kill(worker._process.pid, signal.SIGSTOP)  # it takes its question and never answers
    first = asyncio.ensure_future(apart.normalise(account(), arrival(mail())))
    with pytest.raises(Poison, match="given up"):
        await first
    assert await apart.normalise(account(), arrival(mail())) == normalise(account(), arrival(mail()))
    await apart.close()


async def test_a_channel_that_was_closed_works_again() -> None:
    channel = Email()
    for _ in range(2):
        assert await channel.normalise_apart(account(), arrival(mail()))
        await channel.close()


async def test_whoever_stops_waiting_disturbs_nobody(apart: Apart) -> None:
    await apart.normalise(account(), arrival(mail()))
    left = asyncio.ensure_future(apart.normalise(account(), arrival(mail("một"))))
    stays = asyncio.ensure_future(apart.normalise(account(), arrival(mail("hai"))))
    await asyncio.sleep(0)
    left.cancel()
    assert await stays == normalise(account(), arrival(mail("hai")))


async def test_where_no_process_can_be_had_mails_are_understood_all_the_same(
    apart: Apart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    assert await apart.normalise(account(), arrival(mail())) == normalise(account(), arrival(mail()))
