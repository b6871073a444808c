"""The index follows the ledger: what is said, edited, deleted is found so; whatever happens to its file."""

import contextlib
from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit

from hub.departures.compose import Draft
from hub.embedded import StoreUrls
from hub.ids import random_id
from hub.inbound import InboundEdit
from hub.search.following import Search
from hub.search.index import FILE
from inbox_web.follower import Follower
from tests.hub.conftest import CoreMaker
from tests.hub.core import LAN, Core, furnish, running, talk, until


@contextlib.asynccontextmanager
async def searching(core: Core) -> AsyncIterator[Search]:
    """A process's search, fed as the web feeds it, ended as the web ends it."""
    follower = Follower(core.store, core.bus, core.clock)
    search = Search(core.data, core.store, follower.ready, lambda: follower.head, core.clock, lambda: random_id("l"))
    follower.add(search.heard)
    try:
        async with running(follower.run()), running(follower.listen()), running(search.run()):
            yield search
    finally:
        await search.close()


async def found(search: Search, typed: str) -> list[str]:
    return [hit.conversation for hit in await search.find(typed, 50)]


async def finds(search: Search, typed: str, *who: str) -> None:
    """Wait until these conversations are found, and no others."""

    async def so() -> bool:
        return await found(search, typed) == [talk(one) for one in who]

    await until(so)


async def edits(core: Core, target: str, text: str, gone: bool = False) -> None:
    at = core.clock.pass_s(5)  # type: ignore[attr-defined]
    order = int(at.timestamp() * 1_000_000)
    await core.keep(InboundEdit(target=target, at=at, order=order, text=text, gone=gone), external=random_id("e"))
    await core.take_in()


async def test_what_customers_and_the_team_say_is_found_newest_first(core: Core) -> None:
    async with searching(core) as search:
        first = await core.hears("Shop còn áo dài không?", "1")
        core.clock.pass_s(60)  # type: ignore[attr-defined]
        await core.hears("Áo dài đỏ đẹp quá", "2", who="u2")
        await finds(search, "ao dai", "u2", "u1")
        await core.replies("Dạ còn màu tím ạ", seen=first.seq)
        draft = Draft(author=LAN, conversation=talk("u2"), key="key-note", text="Khách quen, ưu tiên giao", seen=None)
        await core.composer.note(draft)

        await finds(search, "mau tim", "u1")
        await finds(search, "uu tien", "u2")


async def test_history_is_found_as_news_is(core: Core) -> None:
    async with searching(core) as search:
        await core.hears("Đơn MA1234 ngày xưa", "1", history=True)

        await finds(search, "đơn ma12", "u1")


async def test_an_edit_and_a_deletion_are_followed(core: Core) -> None:
    async with searching(core) as search:
        await core.hears("Giao về Hải Phòng", "1")
        await finds(search, "hai phong", "u1")
        await edits(core, "1", "Giao về Đà Lạt")
        await finds(search, "da lat", "u1")
        await finds(search, "hai phong")
        await edits(core, "1", "", gone=True)

        await finds(search, "da lat")


async def test_what_was_said_while_no_process_ran_is_found_by_the_next(core: Core) -> None:
    async with searching(core) as search:
        await core.hears("áo dài", "1")
        await finds(search, "ao dai", "u1")
    await core.hears("khăn lụa", "2", who="u2")

    async with searching(core) as search:
        await finds(search, "khan lua", "u2")
        await finds(search, "ao dai", "u1")


async def test_a_ledger_that_was_never_indexed_is_built_from(core: Core) -> None:
    await core.hears("áo dài", "1")
    await core.hears("khăn lụa", "2", who="u2")
    await core.hears("áo ấm", "3")
    await edits(core, "3", "áo len")

    async with searching(core) as search:
        await finds(search, "ao len", "u1")
        await finds(search, "khan", "u2")
        await finds(search, "ao am")


async def test_a_deleted_file_is_made_anew_while_the_process_runs(core: Core) -> None:
    async with searching(core) as search:
        await core.hears("áo dài", "1")
        await finds(search, "ao dai", "u1")
        for path in core.data.glob(f"{FILE}*"):
            path.unlink()

        await finds(search, "ao dai")
        await finds(search, "ao dai", "u1")


async def test_a_broken_file_is_made_anew(core: Core) -> None:
    await core.hears("áo dài", "1")
    (core.data / FILE).write_bytes(b"this is no database, but it is long enough to be one" * 100)

    async with searching(core) as search:
        await finds(search, "ao dai", "u1")


async def test_an_index_behind_the_kept_events_is_made_anew(core: Core) -> None:
    async with searching(core) as search:
        await core.hears("áo dài", "1")
        await finds(search, "ao dai", "u1")
    await core.hears("khăn lụa", "2", who="u2")
    head = await core.store.events.head()
    await core.store.ledger.light("events").delete_many({"n": {"$gte": 1, "$lt": head}})
    core.clock.pass_s(60)  # type: ignore[attr-defined]

    async with searching(core) as search:
        await finds(search, "khan lua", "u2")


async def test_an_index_of_another_ledger_is_made_anew(core: Core, make_core: CoreMaker, stores: StoreUrls) -> None:
    async with searching(core) as search:
        await core.hears("áo dài", "1")
        await finds(search, "ao dai", "u1")
        await core.hears("sau khi sao lưu", "2", who="u2")
        await finds(search, "sao luu", "u2")
    other = await make_core(mongo=urlunsplit(urlsplit(stores.mongo)._replace(path=f"/{random_id('test')}")))
    await furnish(other)
    await other.hears("lụa tơ tằm", "1")

    async with searching(other) as search:
        await finds(search, "to tam", "u1")
        await finds(search, "ao dai")
    await other.store.ledger.client.drop_database(other.store.ledger.database.name)


async def test_two_processes_find_while_one_feeds_and_the_other_takes_over(core: Core, make_core: CoreMaker) -> None:
    other = await make_core()
    async with contextlib.AsyncExitStack() as stack:
        first = await stack.enter_async_context(contextlib.AsyncExitStack())
        one = await first.enter_async_context(searching(core))
        await core.hears("áo dài", "1")
        await finds(one, "ao dai", "u1")
        two = await stack.enter_async_context(searching(other))
        await finds(two, "ao dai", "u1")
        await core.hears("khăn lụa", "2", who="u2")
        await finds(two, "khan lua", "u2")
        assert (one.done, two.done) == (1, 0)
        await first.aclose()
        await core.hears("nón lá", "3", who="u3")

        await finds(two, "non la", "u3")
