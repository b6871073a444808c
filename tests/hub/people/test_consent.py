"""Whoever wants no more messages is heard: by an early tag and a late one, once, whoever they become part of."""

import shutil
from pathlib import Path

import msgspec
import pytest

from hub.arrivals.tagging import Tagger
from hub.errors import BadInput, NotFound
from hub.ids import address_id, inbound_id
from hub.learning.correcting import Corrector
from hub.model import AddressId, Agent, AgentId, Band, Consent, ContactId, Message, MessageId, Tag, Wish
from hub.people import consent
from hub.people.consent import may_greet, objection
from hub.people.merge import merge, root_of, unmerge
from nlp.examples import Row
from nlp.train import train_to
from tests.hub.conftest import CoreMaker
from tests.hub.core import LAN, MINH, SHOP, START, Core, running, until
from tests.hub.cutting import Cut, Wire
from tests.hub.scripted import said

STOPPING = ("đừng nhắn nữa", "ngừng gửi quảng cáo", "đừng gửi quảng cáo cho tôi", "huỷ nhận tin", "đừng nhắn quảng cáo")
GREETING = ("chào shop", "xin chào", "hello shop", "alo shop ơi", "chào buổi sáng", "shop ơi cho hỏi")
NO_MORE = "đừng nhắn quảng cáo cho tôi nữa"
WHO = address_id("scripted", "u1")
OTHER = address_id("scripted", "u2")


def tag(intent: str = "stop_messages", band: Band = "route", others: tuple[Wish, ...] = ()) -> Tag:
    return Tag(intent=intent, confidence=0.97, band=band, language="vi", model="m", others=others)


async def stops(core: Core, who: str = "u1", said_as: Tag | None = None, id_: str = "m1") -> Message:
    """Somebody writes, and the tag comes late."""
    message = await core.hears(NO_MORE, id_, who)
    await core.triage.tagged_late({message.id: said_as or tag()})
    return message


async def known(core: Core, who: str = "u1") -> list[Consent]:
    """What is known of this customer's wishes."""
    person = await root_of(core.store, (await core.talk(who)).contact)
    return await consent.said_by(core.store, person)


async def may(core: Core, who: str = "u1", address: AddressId | None = None) -> bool:
    return await may_greet(core.store, (await core.talk(who)).contact, address or address_id("scripted", who))


async def lifted(core: Core, reason: str = "Chị gọi lại, muốn nhận tin Tết", who: str = "u1") -> None:
    person = await root_of(core.store, (await core.talk(who)).contact)
    ids = [one.id for one in await known(core, who) if one.says == "stop"]
    await core.announcer.announce(await consent.lift(core.store, person, ids, LAN, reason, START), START)


async def test_a_late_tag_is_heeded_and_told(core: Core) -> None:
    assert await stops(core) is not None
    [one] = await known(core)
    last = [msgspec.json.decode(one.data) for one in await core.told() if one.type == "contact.changed"][-1]

    talk = await core.talk()
    assert (one.says, one.by.id, one.address, one.channel, one.conversation, one.message, one.sure) == (
        "stop",
        talk.contact,
        WHO,
        "scripted",
        talk.id,
        (await core.log())[0].id,
        True,
    )
    assert (last["contact"], [each["id"] for each in last["set"]["consents"]]) == (talk.contact, [one.id])
    assert not await may(core)


async def test_whoever_said_nothing_may_be_greeted(core: Core) -> None:
    await core.hears("chào shop", "m1")
    await stops(core, "u2", id_="m2")

    assert await may(core)
    assert await objection(core.store, (await core.talk("u2")).contact, OTHER) is not None


@pytest.mark.parametrize(
    ("said_as", "sure"),
    [
        (tag(), True),
        (tag(band="suggest"), False),
        (tag("order_status", others=(Wish(intent="stop_messages", confidence=0.6),)), False),
    ],
    ids=["certain", "suggested", "one wish of several"],
)
async def test_it_is_heeded_however_sure_the_tagger_is(core: Core, said_as: Tag, sure: bool) -> None:
    await stops(core, said_as=said_as)

    assert [one.sure for one in await known(core)] == [sure]


@pytest.mark.parametrize("said_as", [tag(band="default"), tag("complaint")], ids=["a mere guess", "something else"])
async def test_what_nobody_would_even_suggest_is_not(core: Core, said_as: Tag) -> None:
    await stops(core, said_as=said_as)

    assert await may(core)


async def test_a_message_that_comes_twice_or_is_tagged_twice_counts_once(core: Core) -> None:
    message = await stops(core)
    await core.keep(said(NO_MORE, "m1", "u1", at=core.clock()), external="again")
    await core.triage.process(await core.take_in())
    await core.triage.tagged_late({message.id: tag(band="suggest")})

    assert [one.sure for one in await known(core)] == [True]


async def test_a_message_that_is_tagged_again_stays_lifted(core: Core) -> None:
    message = await stops(core)
    await lifted(core)
    await core.triage.tagged_late({message.id: tag()})

    assert await may(core)


@pytest.mark.parametrize("nth", range(1, 5))
@pytest.mark.parametrize("side", ["before", "after"])
async def test_a_late_tag_is_heeded_once_the_ledger_is_back(
    core: Core, make_core: CoreMaker, wire: Wire, side: str, nth: int
) -> None:
    message = await core.hears(NO_MORE, "m1")
    other = await make_core(mongo=wire.url)
    await other.account()
    wire.plan(msgspec.convert({side: "write", "nth": nth}, Cut))
    await other.triage.tagged_late({message.id: tag()})
    wire.mend()
    async with running(other.triage.step()):
        await until(lambda: _is_heeded(core))

    assert (await core.message(message)).tag == tag()
    assert [one.says for one in await known(core)] == ["stop"]


async def _is_heeded(core: Core) -> bool:
    """Whether the tag, the last that is written of it, is there."""
    return (await core.talk()).tag is not None and not await may(core)


async def test_it_counts_whatever_anybody_did_meanwhile(core: Core) -> None:
    message = await core.hears(NO_MORE, "m1")
    await core.replies("Dạ em ghi nhận ạ", seen=message.seq)
    await core.store.conversations.change(message.conversation, {"agent": "a_lan", "state": "resolved"})
    await core.triage.tagged_late({message.id: tag()})

    assert not await may(core)


async def test_an_agent_who_says_that_a_message_meant_it_is_heeded_too(core: Core) -> None:
    message = await core.hears(NO_MORE, "m1")
    await core.triage.tagged_late({message.id: tag("complaint")})
    lan = Agent(id=AgentId(LAN.id), name=LAN.name, email="lan@shop.example", role="agent", password="", at=START)
    await Corrector(core.store, core.announcer, core.clock).correct(
        await core.message(message), "stop_messages", lan, "key-00000001"
    )

    assert not await may(core)


# -- whoever they become ----------------------------------------------------------------------------------------------


async def _two(core: Core) -> tuple[ContactId, ContactId]:
    """Two people, of whom the second wants no messages."""
    await core.hears("chào shop", "m1")
    await stops(core, "u2", id_="m2")
    return (await core.talk("u1")).contact, (await core.talk("u2")).contact


async def test_a_merge_brings_it_to_the_whole_person(core: Core) -> None:
    first, second = await _two(core)
    await merge(core.store, first, second, why="by hand", by="a_lan", now=START)

    assert [await may(core, "u1"), await may(core, "u2"), await may(core, "u1", OTHER)] == [False, False, False]


async def test_what_is_said_after_a_merge_counts_for_the_whole_person(core: Core) -> None:
    await core.hears("chào shop", "m1")
    await core.hears("chào shop", "m2", "u2")
    first, second = (await core.talk("u1")).contact, (await core.talk("u2")).contact
    await merge(core.store, first, second, why="by hand", by="a_lan", now=START)
    await stops(core, "u2", id_="m3")
    last = [msgspec.json.decode(one.data) for one in await core.told() if one.type == "contact.changed"][-1]

    assert not await may(core, "u1")
    assert last["contact"] == first


async def test_an_unmerge_leaves_it_with_who_said_it_and_lifted_if_it_was(core: Core) -> None:
    first, second = await _two(core)
    made = await merge(core.store, first, second, why="by hand", by="a_lan", now=START)
    assert made is not None
    await unmerge(core.store, made.id, START)
    apart = [await may(core, "u1"), await may(core, "u2")]
    again = await merge(core.store, first, second, why="by hand", by="a_lan", now=START)
    assert again is not None
    await lifted(core)
    await unmerge(core.store, again.id, START)

    assert apart == [True, False]
    assert [await may(core, "u1"), await may(core, "u2")] == [True, True]


# -- taking it back ---------------------------------------------------------------------------------------------------


async def test_an_agent_takes_it_back_with_a_reason_and_both_words_stay(core: Core) -> None:
    await stops(core)
    await lifted(core, "  Bấm nhầm, chị xác nhận lại  ")

    assert await may(core)
    assert [(one.says, one.by.id, one.reason) for one in await known(core)] == [
        ("stop", (await core.talk()).contact, None),
        ("lift", LAN.id, "Bấm nhầm, chị xác nhận lại"),
    ]


async def test_the_next_message_of_the_kind_counts_anew(core: Core) -> None:
    await stops(core)
    await lifted(core)
    await stops(core, id_="m2")

    assert not await may(core)


async def test_of_two_agents_who_take_it_back_the_first_is_remembered(core: Core) -> None:
    await stops(core)
    await lifted(core)
    person = await root_of(core.store, (await core.talk()).contact)
    await consent.lift(core.store, person, [(await known(core))[0].id], MINH, "cũng vậy", START)

    assert [one.by.id for one in await known(core) if one.says == "lift"] == [LAN.id]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301])
async def test_without_a_reason_nothing_is_taken_back(core: Core, reason: str) -> None:
    await stops(core)
    with pytest.raises(BadInput):
        await lifted(core, reason)

    assert not await may(core)


async def test_what_a_person_never_said_cannot_be_taken_back(core: Core) -> None:
    await stops(core)
    person = await root_of(core.store, (await core.talk()).contact)
    for ids in ([], ["stop:m_of_somebody_else"]):
        with pytest.raises(NotFound):
            await consent.lift(core.store, person, ids, LAN, "nhầm", START)


# -- early ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stopping_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model that knows who wants no messages: a second of work."""
    folder = tmp_path_factory.mktemp("models")
    rows = {"stop_messages": STOPPING, "greeting": GREETING}
    train_to(folder, [Row(text=text, intent=intent) for intent, texts in rows.items() for text in texts])
    return folder


async def _is_up(tagger: Tagger) -> bool:
    return tagger.state == "up"


async def test_an_early_tag_is_heeded_before_anybody_is_told_of_the_message(core: Core, stopping_models: Path) -> None:
    shutil.copytree(stopping_models, core.data / "models")
    async with running(core.tagger.run()):
        await until(lambda: _is_up(core.tagger))
        core.tagger.ask({inbound_id(SHOP, "m1"): NO_MORE})
        await core.tagger.answers({MessageId("behind it"): "chào shop"}, wait_s=20)
        await core.keep(said(NO_MORE, "m1", at=core.clock()))
        await core.take_in()

    said_as = (await core.log())[0].tag
    told = [one.type for one in await core.told()]
    assert said_as is not None and said_as.intent == "stop_messages"
    assert [one.says for one in await known(core)] == ["stop"]
    assert told.count("contact.changed") == 1


async def test_a_refusal_that_an_agent_writes_down_counts_at_every_address_until_it_is_lifted(core: Core) -> None:
    await core.hears("chào shop", "m1")
    person = await root_of(core.store, (await core.talk()).contact)
    for _ in range(2):
        await core.announcer.announce(await consent.refuse(core.store, person, LAN, " Gọi điện ", START, "k"), START)

    [one] = await known(core)
    assert (one.says, one.by, one.reason, one.address, one.sure) == ("stop", LAN, "Gọi điện", None, True)
    assert [await may(core), await may(core, address=OTHER)] == [False, False]
    await lifted(core)
    assert await may(core)


async def test_a_refusal_without_a_word_on_how_it_was_said_is_not_kept(core: Core) -> None:
    await core.hears("chào shop", "m1")
    person = await root_of(core.store, (await core.talk()).contact)
    with pytest.raises(BadInput):
        await consent.refuse(core.store, person, LAN, " ", START, "k")
    assert await known(core) == []
