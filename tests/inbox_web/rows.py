"""Conversations and their words, written straight into the ledger for tests that read them."""

import datetime as dt
from typing import Any

from hub.clock import utc_now
from hub.ids import conversation_id
from hub.model import AccountId, Author, ContactId, Conversation, Message, MessageId

BEGAN = utc_now() - dt.timedelta(days=2)


def row(number: int, name: str = "", **more: Any) -> Conversation:
    thread, at = f"site:v{number}", BEGAN + dt.timedelta(minutes=number)
    return Conversation(
        id=conversation_id(thread, 0),
        account=AccountId("site"),
        channel="webchat",
        thread=thread,
        turn=0,
        contact=ContactId(f"c_{number}"),
        name=name or f"Khách {number}",
        to=f"v{number}",
        opened=at,
        last=at,
        **more,
    )


async def add_words(hub: Any, conversation: str, *texts: str, kind: Any = "in", author: str = "c_11") -> None:
    entries = [
        Message(
            id=MessageId(f"m_{conversation}_{text[:60]}"),
            conversation=conversation,  # type: ignore[arg-type]  # a plain text will do
            seq=number,
            kind=kind,
            author=Author(kind="contact" if kind == "in" else "agent", id=author, name="Huyền"),
            account=AccountId("site"),
            channel="webchat",
            contact=ContactId("c_11"),
            at=BEGAN + dt.timedelta(minutes=number),
            order=number,
            text=text,
        )
        for number, text in enumerate(texts, start=1)
    ]
    appended = await hub.parts.store.messages.append(entries, journaled=True)
    head = max(one.message.seq for one in appended)
    await hub.parts.store.conversations.change(conversation, {"in_head": head}, head=head)


NEWEST = row(11).id
