"""Who wrote is asked for once in a while, not at every message; what a killed database lost is asked for again."""

from hub.ids import address_id
from tests.hub.core import Core, said

U1 = address_id("scripted", "u1")


async def test_a_sender_is_read_once_for_several_messages(core: Core) -> None:
    await core.hears("một", "1")
    await core.store.addresses.senders([U1])
    await core.store.ledger.light("addresses").delete_many({"_id": U1})
    assert list(await core.store.addresses.senders([U1])) == [U1]


async def test_a_sender_that_a_killed_database_lost_is_made_again(core: Core) -> None:
    await core.hears("một", "1")
    await core.store.addresses.senders([U1])
    await core.store.ledger.light("addresses").delete_many({"_id": U1})
    core.store.ledger.breaks.count += 1
    await core.hears("hai", "2")
    assert list(await core.store.addresses.by_ids([U1])) == [U1]
    assert await core.words() == ["một", "hai"]


async def test_what_is_said_of_an_address_is_seen_at_once(core: Core) -> None:
    await core.keep(said("một", "1", at=core.clock()))
    await core.take_in()
    await core.store.addresses.senders([U1])
    await core.store.addresses.name(U1, "Lan")
    assert (await core.store.addresses.senders([U1]))[U1].name == "Lan"
