"""Deliver: sent, refused or unknown; in order; never twice by itself."""

import asyncio
import datetime as dt

import msgspec
import pytest

from hub.departures.outcome import FIRST_PAUSE_S, LONGEST_PAUSE_S, MOST_TRIES
from hub.departures.parts import worst
from hub.errors import Conflict, Refused, Retry, Unknown
from hub.model import Delivery, Leave, Message, Sent
from tests.hub.core import SHOP, Clock, Core, talk, until
from tests.hub.departures.replies import LONG, called, states, two_replies
from tests.hub.scripted import HANG, Scripted
from tests.query_shapes import FROM_A_TEST

# --- the three endings --------------------------------------------------------------------------------------------


async def test_what_the_platform_took_is_sent_and_leaves_no_more(asked: Core, channel: Scripted) -> None:
    reply = await asked.replies("Dạ còn ạ", seen=1)
    await asked.deliver()
    await asked.deliver()
    sent = await asked.message(reply)

    assert channel.calls == [("u1", "Dạ còn ạ")]
    assert (sent.delivery, sent.leave, sent.deliveries[0].external) == ("sent", None, "x1")
    preview = (await asked.talk()).preview
    assert preview is not None and preview.delivery == "sent"


async def test_the_row_shows_how_the_last_of_several_replies_ended(asked: Core, channel: Scripted) -> None:
    channel.script.append(Refused("The customer has blocked the shop."))
    _, last = await two_replies(asked)
    await asked.deliver()

    preview = (await asked.talk()).preview
    assert preview is not None
    assert (preview.message, preview.delivery) == (last.id, "sent")


@pytest.mark.parametrize(
    ("answer", "state", "why"),
    [
        (Refused("The customer has blocked the shop."), "refused", "The customer has blocked the shop."),
        (Unknown("The connection broke."), "unknown", "The connection broke."),
        (KeyError("a bug"), "unknown", "The channel failed while sending (KeyError)."),
        (HANG, "unknown", "The platform did not answer in time. It may have the message."),
    ],
    ids=["refused", "unknown", "a bug", "no answer"],
)
async def test_an_ending_is_said_and_lets_the_next_one_pass(
    asked: Core, channel: Scripted, answer: object, state: str, why: str
) -> None:
    channel.script.append(answer)
    first, _ = await two_replies(asked)
    await asked.deliver()

    assert channel.texts == ["một", "hai"]
    assert await states(asked) == [state, "sent"]
    assert (await asked.message(first)).deliveries[0].why == why
    await asked.deliver()
    assert channel.texts == ["một", "hai"]


async def test_a_retry_holds_those_behind_it_and_they_leave_in_order(
    asked: Core, channel: Scripted, clock: Clock
) -> None:
    channel.script.append(Retry("The platform is busy.", after_s=30))
    await two_replies(asked)
    await asked.deliver()
    assert (channel.texts, await states(asked)) == (["một"], ["queued", "queued"])
    await asked.replies("ba", seen=3)

    clock.pass_s(29)
    await asked.deliver()
    assert channel.texts == ["một"]
    clock.pass_s(2)
    await asked.deliver()
    assert channel.texts == ["một", "một", "hai", "ba"]
    assert await states(asked) == ["sent", "sent", "sent"]


async def test_other_conversations_do_not_wait_for_one_that_hangs(asked: Core, channel: Scripted) -> None:
    await asked.hears("Alo", "m2", "u2")
    answer = asyncio.Event()
    channel.limits = msgspec.structs.replace(channel.limits, timeout_s=5)
    channel.script.append(answer)
    await asked.replies("một", seen=1)
    slow = await asked.deliverer.start([f"{talk('u1')}:0"])
    await until(lambda: called(channel, 1))
    quick = await asked.replies("hai", seen=1, who="u2")
    await asked.deliver("u2")

    assert (await asked.message(quick)).delivery == "sent"
    answer.set()
    await asyncio.gather(*slow)
    assert await states(asked) == ["sent"]


async def test_pauses_grow_with_some_chance_and_end_in_a_refusal(asked: Core, channel: Scripted, clock: Clock) -> None:
    channel.script.extend(Retry("busy") for _ in range(MOST_TRIES + 5))
    reply = await asked.replies("một", seen=1)
    pauses = []
    for _ in range(MOST_TRIES - 1):
        await asked.deliver()
        leave = (await asked.message(reply)).leave
        assert leave is not None
        pauses.append((leave.due - clock()).total_seconds())
        clock.now = leave.due
    await asked.deliver()
    ended = await asked.message(reply)

    for tries, pause in enumerate(pauses):
        middle = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**tries)
        assert middle * 0.5 <= pause <= middle * 1.5
    assert len({round(pause / min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**n), 3) for n, pause in enumerate(pauses)}) > 5
    assert (ended.delivery, len(channel.calls), ended.leave) == ("refused", MOST_TRIES, None)
    assert ended.deliveries[0].why == f"It could not be delivered in {MOST_TRIES} tries. The last cause: busy"


async def test_an_account_that_was_switched_off_sends_nothing(asked: Core, channel: Scripted) -> None:
    await asked.store.accounts.change(SHOP, {"on": False})
    asked.accounts.forget()
    await asked.replies("một", seen=1)
    await asked.deliver()

    assert (channel.calls, await states(asked)) == ([], ["refused"])


# --- parts --------------------------------------------------------------------------------------------------------


async def test_a_long_reply_leaves_in_parts_and_only_the_missing_part_is_tried_again(
    asked: Core, channel: Scripted, clock: Clock
) -> None:
    channel.script.extend([Sent(external="x1"), Retry("busy")])
    reply = await asked.replies(LONG, seen=1)
    await asked.deliver()
    assert [one.state for one in (await asked.message(reply)).deliveries] == ["sent", "queued"]
    clock.pass_s(10)
    await asked.deliver()

    first, second, again = channel.texts
    assert (f"{first} {second}", again) == (LONG, second)
    assert (await asked.message(reply)).delivery == "sent"


async def test_a_part_that_was_sent_stays_sent_when_the_rest_is_given_up(
    asked: Core, channel: Scripted, clock: Clock
) -> None:
    reply = await asked.replies(LONG, seen=1)
    rows = asked.store.ledger.durable("messages")
    await rows.update_one({"_id": reply.id}, {"$set": {"leave.attempts": MOST_TRIES - 1}}, comment=FROM_A_TEST)
    channel.script.extend([Sent(external="x1"), Retry("busy")])
    await asked.deliver()

    assert [one.state for one in (await asked.message(reply)).deliveries] == ["sent", "refused"]
    await asked.composer.send_again(reply.id)
    await asked.deliver()
    assert channel.texts[2:] == channel.texts[1:2]


async def test_what_is_being_sent_is_not_queued_under_the_workers_hands(
    asked: Core, channel: Scripted, clock: Clock
) -> None:
    """One part was refused and another is on its way: queued now, that one would be sent twice."""
    answer = asyncio.Event()
    channel.limits = msgspec.structs.replace(channel.limits, timeout_s=5)
    channel.script.extend([Refused("blocked"), Retry("busy"), answer])
    reply = await asked.replies(LONG, seen=1)
    await asked.deliver()
    clock.pass_s(10)
    sending = await asked.deliverer.start([f"{talk()}:0"])
    await until(lambda: called(channel, 3))
    with pytest.raises(Conflict, match="on its way"):
        await asked.composer.send_again(reply.id)
    answer.set()
    await asyncio.gather(*sending)
    await asked.composer.send_again(reply.id)
    await asked.deliver()

    first, second, third, again = channel.texts
    assert (second, third, again) == (third, second, first)
    assert await states(asked) == ["sent"]


# --- ranks --------------------------------------------------------------------------------------------------------


async def test_a_reply_does_not_wait_behind_a_campaign_of_the_same_chat(
    asked: Core, channel: Scripted, clock: Clock
) -> None:
    greeting = campaign(await asked.replies("chúc mừng", seen=1), clock())
    rows = asked.store.ledger.durable("messages")
    changes = {"leave": msgspec.to_builtins(greeting.leave, builtin_types=(dt.datetime,))}
    await rows.update_one({"_id": greeting.id}, {"$set": changes}, comment=FROM_A_TEST)
    channel.script.append(Retry("busy", after_s=600))
    await asked.deliver(rank=1)
    await asked.replies("Dạ còn ạ", seen=2)
    await asked.deliver(rank=0)

    assert channel.texts == ["chúc mừng", "Dạ còn ạ"]
    assert await states(asked) == ["queued", "sent"]


def campaign(message: Message, due: dt.datetime) -> Message:
    return msgspec.structs.replace(message, leave=Leave(lane=f"{talk()}:1", rank=1, due=due))


async def test_replies_are_rung_for_before_campaigns(core: Core) -> None:
    await core.bus.nudge("deliver1", ["v:1"])
    await core.bus.nudge("deliver0", ["v:0"])

    assert (await core.bus.take(["deliver0", "deliver1"], 10, 0.1))[0] == "deliver0"


def test_the_worst_delivery_is_shown() -> None:
    at = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    parts = tuple(Delivery(part=n, to="u1", state=state, at=at) for n, state in enumerate(("read", "unknown", "sent")))
    assert worst(parts) == "unknown"
