"""Conversations found by the words of their messages: the index says where, the ledger says what stands there now."""

import asyncio
import datetime as dt

import msgspec
from aiohttp import web
from prometheus_client import Gauge

from hub.model import Conversation, Message
from hub.search.following import Search
from hub.search.index import Hit, texts
from hub.search.words import snippet
from hub.store import Store
from hub.views import View
from inbox_web.follower import Follower
from inbox_web.meters import Meters
from inbox_web.parts import Parts


class HitView(View, frozen=True, kw_only=True):
    """The newest message of a conversation that holds the words; `text` is what stands around the first of them."""

    message: str
    seq: int
    at: dt.datetime
    text: str


class Found(msgspec.Struct, frozen=True, kw_only=True):
    conversation: Conversation
    hit: HitView


def new_search(parts: Parts, follower: Follower, meters: Meters) -> Search:
    """The search of this process, told by its follower."""
    search = Search(parts.settings.data, parts.store, follower.ready, lambda: follower.head, parts.now, parts.new_id)
    follower.add(search.heard)
    gauge = Gauge(
        "hub_search_built", "How much of the ledger the index has, where it is fed; 1 is all.", registry=meters.registry
    )
    gauge.set_function(lambda: search.done)
    return search


async def found(search: Search, store: Store, typed: str, most: int) -> list[Found]:
    """The newest hits first; one whose words are not there any more is left out."""
    hits = await search.find(typed, most)
    messages, rows = await asyncio.gather(
        store.messages.by_ids([one.message for one in hits]),
        store.conversations.by_ids([one.conversation for one in hits]),
    )
    said, known = {one.id: one for one in messages}, {one.id: one for one in rows}
    return [
        Found(conversation=known[hit.conversation], hit=view)
        for hit in hits
        if hit.message in said and hit.conversation in known and (view := _view(said[hit.message], hit, typed))
    ]


def _view(message: Message, hit: Hit, typed: str) -> HitView | None:
    shown = next((part for text in texts(message) if (part := snippet(text, typed)) is not None), None)
    return HitView(message=message.id, seq=hit.seq, at=message.at, text=shown) if shown is not None else None


SEARCH = web.AppKey("search", Search)
