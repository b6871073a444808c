"""Intake of what is no message: profiles, proofs of who somebody is, receipts."""

import datetime as dt

import msgspec

from hub.inbound import From, InboundIdentity, InboundProfile, InboundReceipt
from hub.model import Contact
from hub.people.merge import members, root_of
from tests.hub.core import SHOP, START, Clock, Core
from tests.hub.scripted import Scripted

FAR = START + dt.timedelta(days=365)

# --- what becomes known of people ---------------------------------------------------------------------------------


async def test_a_profile_is_written_down_as_claimed_and_shown_in_the_rows(core: Core, clock: Clock) -> None:
    await core.hears("Chào shop", "m1")
    profile = InboundProfile(sender=From(value="u1"), name="Hoa", email="hoa@example.com", phone="0912 345 678")
    await core.keep(profile, external="p1")
    await core.take_in()

    contact = await root_of(core.store, (await core.talk()).contact)
    assert (contact.name, contact.facts) == ("Hoa", {"email": "hoa@example.com", "phone": "+84912345678"})
    assert (await core.talk()).name == "Hoa"
    assert [one.verified for one in await core.store.addresses.of_contacts([contact.id])] == ["platform"]
    assert [one.type for one in await core.told()][-2:] == ["contact.changed", "conversation.changed"]


async def test_a_profile_before_the_first_words_makes_the_person(core: Core) -> None:
    await core.keep(InboundProfile(sender=From(value="u1"), name="Hoa"), external="p1")
    await core.take_in()
    await core.hears("Chào shop", "m1")

    assert (await core.talk()).name == "Hoa"


def vouched(user: str, who: str = "u1", name: str | None = "Hoa") -> InboundIdentity:
    return InboundIdentity(sender=From(value=who), user=user, name=name, email=f"{user}@example.com")


async def test_an_identity_joins_the_visitor_to_the_known_user_and_the_timeline_shows_both(
    core: Core, clock: Clock
) -> None:
    await core.hears("từ điện thoại", "m1", "phone")
    await core.keep(vouched("hoa", "phone"), external="i1", lane="phone")
    await core.take_in("phone")
    await core.hears("từ máy tính", "m2", "desk")
    await core.keep(vouched("hoa", "desk"), external="i2", lane="desk")
    await core.take_in("desk")

    root = await root_of(core.store, (await core.talk("desk")).contact)
    timeline = await core.store.messages.timeline(members(root), START, FAR)
    assert root.name == "Hoa"
    assert [one.text for one in timeline] == ["từ điện thoại", "từ máy tính"]
    assert ((await core.talk("phone")).name, (await core.talk("desk")).name) == ("Hoa", "Hoa")


async def test_who_is_known_already_keeps_their_name_in_what_they_open_next(core: Core, clock: Clock) -> None:
    await core.keep(vouched("hoa"), external="i1")
    await core.take_in()
    await core.hears("Chào shop", "m1")

    assert (await core.talk()).name == "Hoa"


async def test_an_identity_twice_changes_nothing_more(core: Core, clock: Clock) -> None:
    await core.hears("Chào shop", "m1")
    for _ in range(2):
        await core.keep(vouched("hoa"), external="i1")
        await core.take_in()
        await core.store.arrivals.release(await core.kept(), clock())
        await core.take_in()

    root = await root_of(core.store, (await core.talk()).contact)
    assert len(members(root)) == len(set(members(root))) == 2
    assert await core.count("merges") == 1


async def test_two_users_of_the_site_at_one_browser_do_not_become_one_person(core: Core, clock: Clock) -> None:
    await core.hears("Chào shop", "m1")
    await core.keep(vouched("hoa"), external="i1")
    await core.keep(vouched("nam", name="Nam"), external="i2")
    await core.take_in()

    root = await root_of(core.store, (await core.talk()).contact)
    sites = [one.value for one in await core.store.addresses.of_contacts(members(root)) if one.channel == "site"]
    assert sites == [f"{SHOP}:hoa"]
    assert root.facts["email"] == "hoa@example.com"


async def says(core: Core, name: str = "Hoa", **facts: str) -> Contact:
    """The site vouches for its user and says this of them; the person as they are known then."""
    said = InboundIdentity(sender=From(value="u1"), user="hoa", name=name, facts=facts)
    await core.keep(said, external=f"{name} {facts}{await core.count('arrivals')}")
    await core.take_in()
    return await root_of(core.store, (await core.talk()).contact)


async def test_what_an_agent_made_of_a_person_stays_until_the_site_says_something_else(core: Core) -> None:
    await core.hears("Chào shop", "m1")
    first = await says(core, stage="regular", score="12", region="Huế")
    by_hand = {"name": "Chị Hoa", "facts.stage": "lost", "facts.region": None}
    await core.store.contacts.change(first.id, by_hand)

    again = await says(core, stage="Regular", score="20", region="Huế", source="app")
    assert (again.name, again.facts) == ("Chị Hoa", {"stage": "lost", "score": "20", "source": "app"})
    silent = await says(core)
    assert (silent.name, silent.facts) == (again.name, again.facts)
    other = await says(core, "Hoà", stage="vip", score="20", region="Đà Nẵng")
    assert (other.name, other.facts["stage"], other.facts["region"]) == ("Hoà", "vip", "Đà Nẵng")
    assert (await core.talk()).name == "Hoà"


async def test_what_was_known_of_a_visitor_stays_when_the_site_says_who_it_is(core: Core) -> None:
    await core.hears("Chào shop", "m1")
    visitor = (await core.talk()).contact
    await core.store.contacts.change(visitor, {"facts.stage": "lead", "facts.note": "Hỏi giá sỉ"})

    known = await says(core, stage="customer")
    assert (known.id != visitor, known.facts) == (True, {"stage": "customer", "note": "Hỏi giá sỉ"})


# --- receipts -----------------------------------------------------------------------------------------------------


def receipt(state: str, seq: int) -> InboundReceipt:
    return msgspec.convert({"type": "receipt", "thread": "u1", "state": state, "seq": seq}, InboundReceipt)


async def test_a_receipt_raises_what_was_sent_and_never_goes_back(core: Core) -> None:
    await core.hears("Chào shop", "m1")
    reply = await core.replies("Dạ em nghe ạ", seen=1)
    await core.deliver()
    states = []
    for state in ("delivered", "read", "delivered"):
        await core.keep(receipt(state, 2), external=f"r{len(states)}")
        await core.take_in()
        states.append((await core.message(reply)).delivery)

    assert states == ["delivered", "read", "read"]
    assert [one.state for one in (await core.message(reply)).deliveries] == ["read"]
    preview = (await core.talk()).preview
    assert preview is not None and preview.delivery == "read"


async def test_a_receipt_raises_nothing_that_was_not_sent(core: Core, channel: Scripted) -> None:
    await core.hears("Chào shop", "m1")
    reply = await core.replies("Dạ em nghe ạ", seen=1)
    await core.keep(receipt("read", 2), external="r1")
    await core.take_in()

    assert (await core.message(reply)).delivery == "queued"
    assert channel.calls == []


async def test_a_receipt_from_a_stranger_or_for_what_is_not_there_changes_nothing(core: Core) -> None:
    await core.keep(receipt("read", 99), external="r1")
    await core.take_in()
    await core.hears("Chào shop", "m1")
    await core.keep(receipt("read", 99), external="r2")
    await core.take_in()

    assert (await core.talk()).seen_by_customer == 1
