"""/conversations/{id}/messages: pages as windows of seq, replies and notes; and deciding what became of a send."""

import re
from typing import Literal

import msgspec

from hub.arrivals.fetching_again import fetch_again
from hub.departures.compose import Draft
from hub.errors import BadInput, NotFound
from hub.model import Attachment, Message, MessageId
from hub.views import MessageView, message_view
from inbox_web.api.conversations import author, conversation
from inbox_web.api.route import Ask, Route
from inbox_web.seq import Seq

PAGE, MOST_PAGE = 50, 200
MOST_INDEX = 1_000  # no message has as many files
MOST_FILES, MOST_OPTIONS, MOST_OPTION, MOST_SUBJECT = 10, 8, 80, 500


class PageWish(msgspec.Struct, frozen=True, kw_only=True):
    """`before` or `after` a seq; without either the newest."""

    before: Seq | None = None
    after: Seq | None = None
    limit: int = PAGE


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Ascending by (order, seq); `more` in the direction that was asked for."""

    items: list[MessageView]
    more: bool


class MessageWish(msgspec.Struct, frozen=True, kw_only=True):
    """`seen`: the last seq that the author saw; a reply without it is refused.

    `to_all` false: only to who wrote last. `subject` is for channels that have one; null: the conversation's.
    """

    kind: Literal["reply", "note"] = "reply"
    text: str = ""
    files: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    seen: Seq | None = None
    to_all: bool = True
    subject: str | None = None


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    state: Literal["sent"]


async def _list(ask: Ask, wish: PageWish) -> Page:
    async with ask.parts.store.settled():
        return await _page(ask, wish)


async def _page(ask: Ask, wish: PageWish) -> Page:
    one = await conversation(ask)
    most = max(1, min(wish.limit, MOST_PAGE))
    if wish.after is not None:
        low, high = wish.after + 1, min(wish.after + 1 + most, one.head + 1)
        more = high <= one.head
    else:
        high = min(wish.before if wish.before is not None else one.head + 1, one.head + 1)
        low = max(high - most, 1)
        more = low > 1
    entries = await ask.parts.store.messages.window(one.id, low, high) if low < high else []
    return Page(items=[message_view(entry) for entry in entries], more=more)


async def _write(ask: Ask, wish: MessageWish) -> MessageView:
    assert ask.key is not None  # the route wants one
    if len(wish.options) > MOST_OPTIONS or any(not 1 <= len(one) <= MOST_OPTION for one in wish.options):
        raise BadInput(f"At most {MOST_OPTIONS} answers of {MOST_OPTION} characters can be offered.", "options")
    one = await conversation(ask)
    draft = Draft(
        author=author(ask.agent),
        conversation=one.id,
        key=ask.key,
        text=wish.text,
        attachments=await _attachments(ask, wish.files),
        options=wish.options,
        seen=wish.seen,
        to_all=wish.to_all,
        subject=_subject(wish.subject),
    )
    compose = ask.parts.composer.reply if wish.kind == "reply" else ask.parts.composer.note
    return message_view(await compose(draft))


def _subject(text: str | None) -> str | None:
    """One line, or None."""
    line = " ".join((text or "").split())
    if len(line) > MOST_SUBJECT:
        raise BadInput(f"A subject has at most {MOST_SUBJECT} characters.", "subject")
    return line or None


async def _attachments(ask: Ask, ids: tuple[str, ...]) -> tuple[Attachment, ...]:
    if not ids:
        return ()
    if len(ids) > MOST_FILES:
        raise BadInput(f"At most {MOST_FILES} files fit into one message.", "files")
    uploads = await ask.parts.store.files.uploads(list(ids), owner_of(ask.agent.id))
    if len(uploads) != len(ids):
        raise BadInput("One of these files is not here any more; attach it again.", "files")
    await ask.parts.store.files.keep(list(ids))
    return tuple(upload.file for upload in uploads)


async def message(ask: Ask) -> Message:
    """The message of the path; raises NotFound."""
    found = await ask.parts.store.messages.by_ids([MessageId(ask.path["id"])])
    if not found:
        raise NotFound("There is no such message.")
    return found[0]


async def _resend(ask: Ask, _: None) -> MessageView:
    return message_view(await ask.parts.composer.send_again((await message(ask)).id))


async def _settle(ask: Ask, _: Settlement) -> MessageView:
    return message_view(await ask.parts.composer.take_as_sent((await message(ask)).id))


async def _fetch(ask: Ask, _: None) -> MessageView:
    parts = ask.parts
    index = int(ask.path["index"]) if re.fullmatch(r"[0-9]{1,3}", ask.path["index"]) else MOST_INDEX
    return message_view(await fetch_again(parts.store, parts.announcer, await message(ask), index, parts.now()))


def owner_of(agent: str) -> str:
    """Under which an agent's uploads wait."""
    return f"agent:{agent}"


ROUTES = [
    Route(
        method="GET",
        path="/conversations/{id}/messages",
        run=_list,
        summary="A page of the thread",
        takes=PageWish,
        gives=Page,
    ),
    Route(
        method="POST",
        path="/conversations/{id}/messages",
        run=_write,
        summary="Reply to the customer, or leave a note",
        takes=MessageWish,
        gives=MessageView,
        status=201,
    ),
    Route(
        method="POST",
        path="/messages/{id}/resend",
        run=_resend,
        summary="Send a refused or unknown message again",
        gives=MessageView,
    ),
    Route(
        method="POST",
        path="/messages/{id}/settle",
        run=_settle,
        summary="Say that an unknown message arrived",
        takes=Settlement,
        gives=MessageView,
    ),
    Route(
        method="POST",
        path="/messages/{id}/files/{index}/fetch",
        run=_fetch,
        summary="Ask the platform once more for a file that it did not hand over",
        gives=MessageView,
    ),
]
