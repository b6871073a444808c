"""Fetching again, because an agent asked: a file that could not be had may be there by now."""

import datetime as dt

import msgspec

from hub.errors import Conflict, NotFound
from hub.events import Announcer, message_changed
from hub.model import Message
from hub.store import Store
from hub.store.fetches import Fetch, fetch_id
from hub.views import file_views


async def fetch_again(store: Store, announcer: Announcer, message: Message, index: int, now: dt.datetime) -> Message:
    """Wait for this file of a message once more, and tell it; the worker fetches it. Twice is once.

    The fetch goes in first: one whose file is not waited for is dropped. Raises NotFound, or Conflict when the file is
    here, on its way, or was never its platform's to give.
    """
    file = message.attachments[index] if index < len(message.attachments) else None
    if file is None:
        raise NotFound("There is no such file.")
    if file.state != "failed" or file.ref is None:
        raise Conflict("This file cannot be fetched again.")
    fetch = Fetch(
        id=fetch_id(message.id, index),
        account=message.account,
        conversation=message.conversation,
        message=message.id,
        index=index,
        ref=file.ref,
        due=now,
    )
    await store.fetches.add([fetch])
    waiting = msgspec.structs.replace(file, state="waiting", why=None)
    if await store.messages.wait_for_file(message.id, index, waiting):
        [message] = await store.messages.by_ids([message.id])
        told = {"attachments": file_views(message)}
        await announcer.announce([message_changed(message.conversation, message.id, told)], now)
    return message
