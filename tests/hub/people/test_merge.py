"""A person is a set of contacts: a merge takes both, one way only, and can be undone."""

import asyncio

import pytest

from hub.errors import Conflict, NotFound
from hub.model import ContactId, Merge
from hub.people.merge import members, merge, root_of, unmerge
from tests.hub.conftest import CoreMaker
from tests.hub.core import START, Core


async def people(core: Core, *who: str) -> list[ContactId]:
    """Strangers who each wrote once; their contacts."""
    for one in who:
        await core.hears("Chào shop", f"m-{one}", one)
    return [(await core.talk(one)).contact for one in who]


async def join(core: Core, into: ContactId, child: ContactId) -> Merge | None:
    return await merge(core.store, into, child, why="by hand", by="a_lan", now=START)


async def persons(core: Core, *contacts: ContactId) -> list[set[ContactId]]:
    return [set(members(await root_of(core.store, one))) for one in contacts]


async def test_two_become_one_and_are_found_from_either_side(core: Core) -> None:
    a, b = await people(core, "u1", "u2")
    await join(core, a, b)

    assert await persons(core, a, b) == [{a, b}, {a, b}]
    assert await join(core, b, a) is None


async def test_a_merge_that_is_undone_leaves_two_people_again(core: Core) -> None:
    a, b = await people(core, "u1", "u2")
    made = await join(core, a, b)
    assert made is not None
    undone = await unmerge(core.store, made.id, START)

    assert undone.undone == START
    assert await persons(core, a, b) == [{a}, {b}]
    with pytest.raises(NotFound):
        await unmerge(core.store, made.id, START)
    assert await join(core, a, b) is not None


async def test_an_earlier_merge_is_undone_below_a_later_one(core: Core) -> None:
    a, b, c = await people(core, "u1", "u2", "u3")
    first = await join(core, a, b)
    await join(core, c, a)
    assert first is not None
    await unmerge(core.store, first.id, START)

    assert await persons(core, a, b, c) == [{a, c}, {b}, {a, c}]


async def test_what_went_in_together_comes_out_together(core: Core) -> None:
    a, b, c = await people(core, "u1", "u2", "u3")
    await join(core, b, c)
    second = await join(core, a, b)
    assert second is not None
    await unmerge(core.store, second.id, START)

    assert await persons(core, a, b, c) == [{a}, {b, c}, {b, c}]


@pytest.mark.parametrize("turn", range(4))
async def test_two_merges_against_each_other_cannot_both_win(core: Core, make_core: CoreMaker, turn: int) -> None:
    a, b = await people(core, "u1", "u2")
    other = await make_core()
    ended = await asyncio.gather(join(core, a, b), join(other, b, a), return_exceptions=True)

    assert {type(one) for one in ended} <= {Merge, Conflict, type(None)}
    assert sum(isinstance(one, Merge) for one in ended) == 1
    assert await persons(core, a, b) == [{a, b}, {a, b}]


async def test_a_name_that_changes_during_a_merge_leaves_no_half_person(core: Core, make_core: CoreMaker) -> None:
    a, b = await people(core, "u1", "u2")
    other = await make_core()
    ended = await asyncio.gather(
        join(core, a, b),
        *(other.store.contacts.change(one, {"name": "Hoa"}) for one in (a, b, a, b)),
        return_exceptions=True,
    )

    together = isinstance(ended[0], Merge)
    assert await persons(core, a, b) == ([{a, b}, {a, b}] if together else [{a}, {b}])


async def test_a_contact_that_is_not_there_is_said(core: Core) -> None:
    with pytest.raises(NotFound):
        await root_of(core.store, ContactId("nobody"))
