"""The frames of the customers' chat, both ways, and what a customer is shown of a message. No behaviour but shaping."""

import datetime as dt

import msgspec

from hub.errors import HubError
from hub.model import Attachment
from hub.safety.keys import KeyRing
from hub.safety.tokens import file_token
from hub.views import MessageView
from inbox_web.problems import BROKEN, kind_of
from inbox_web.seq import Seq
from inbox_web.website import WidgetView
from inbox_web.words import say

MOST_FRAME_BYTES = 64 * 1024
SHOWN_STATES = frozenset({"sent", "delivered", "read"})

encode = msgspec.json.encode


class _Frame(msgspec.Struct, frozen=True, kw_only=True, tag_field="t"):
    pass


class SignedUser(msgspec.Struct, frozen=True, kw_only=True):
    data: str
    signature: str


class _Signed(msgspec.Struct, frozen=True, kw_only=True):
    id: str


class Hello(_Frame, frozen=True, kw_only=True, tag="hello"):
    token: str | None = None
    since: Seq = 0
    language: str = "vi"
    page: str | None = None
    user: SignedUser | None = None


class Send(_Frame, frozen=True, kw_only=True, tag="send"):
    id: str
    text: str = ""
    files: tuple[str, ...] = ()


class Profile(_Frame, frozen=True, kw_only=True, tag="profile"):
    id: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None


class Typing(_Frame, frozen=True, kw_only=True, tag="typing"):
    pass


class Read(_Frame, frozen=True, kw_only=True, tag="read"):
    seq: Seq


class Ping(_Frame, frozen=True, kw_only=True, tag="ping"):
    pass


Frame = Hello | Send | Profile | Typing | Read | Ping
decoder: msgspec.json.Decoder[Frame] = msgspec.json.Decoder(Frame)


class ChatAuthor(msgspec.Struct, frozen=True, kw_only=True):
    """Agents go by their name; ids stay inside, and so does what agents call the customer."""

    kind: str
    name: str


class ChatFile(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    mime: str
    bytes: int
    width: int | None
    height: int | None
    url: str


class ChatMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message as the customer sees it; never a note, an event, or what has not left.

    `text` is what it says now; `edited` tells that it once said something else, `gone` that it was deleted.
    """

    id: str
    client: str | None
    seq: int
    mine: bool
    author: ChatAuthor
    at: dt.datetime
    text: str
    files: tuple[ChatFile, ...]
    options: tuple[str, ...]
    edited: bool = False
    gone: bool = False


class Welcome(_Frame, frozen=True, kw_only=True, tag="welcome"):
    token: str
    account: WidgetView
    cursor: int
    messages: list[ChatMessage]
    seen: int
    identified: bool
    profile_given: bool


class Messages(_Frame, frozen=True, kw_only=True, tag="messages"):
    messages: list[ChatMessage]
    cursor: int


class Nack(_Frame, frozen=True, kw_only=True, tag="nack"):
    id: str
    slug: str
    detail: str
    retry: bool


class Failure(_Frame, frozen=True, kw_only=True, tag="error"):
    slug: str
    detail: str


RETRIED = frozenset({"unavailable", "too-many", BROKEN.slug})


def ack(id_: str) -> bytes:
    """The ledger has it: the widget may drop its copy."""
    return encode({"t": "ack", "id": id_})


def nack(id_: str, error: HubError, language: str) -> bytes:
    """The ledger has it not; `retry` says whether the same frame may go through later."""
    slug = kind_of(error).slug
    return encode(Nack(id=id_, slug=slug, detail=say(str(error), language, slug), retry=slug in RETRIED))


def failure(error: HubError, language: str) -> bytes:
    """The last frame before the hub hangs up."""
    slug = kind_of(error).slug
    return encode(Failure(slug=slug, detail=say(str(error), language, slug)))


def shown(message: MessageView) -> bool:
    """Whether the customer may see it now."""
    return message.kind == "in" or (message.kind == "out" and message.delivery in SHOWN_STATES)


def amends(message: MessageView) -> str | None:
    """The message that this entry says was edited or deleted; None for any other entry."""
    change = message.change
    return change.to if change is not None and change.verb in ("edited", "deleted") else None


def pending(message: MessageView) -> bool:
    """Whether the customer may see it later: it has not left yet."""
    return message.kind == "out" and message.delivery not in SHOWN_STATES


def chat_message(message: MessageView, ring: KeyRing, now: dt.datetime) -> ChatMessage:
    """One message with links that open its files for an hour."""
    base, amended = f"/chat/{message.account}/files/", message.amended
    gone = amended is not None and amended.gone
    files = tuple(
        ChatFile(
            name=file.name,
            mime=file.mime,
            bytes=file.bytes,
            width=file.width,
            height=file.height,
            url=base + file_token(ring, message.id, index, now),
        )
        for index, file in enumerate(() if gone else message.attachments)
    )
    return ChatMessage(
        id=message.id,
        client=message.client,
        seq=message.seq,
        mine=message.kind == "in",
        author=ChatAuthor(kind=message.author.kind, name=message.author.name if message.kind == "out" else ""),
        at=message.at,
        text=amended.text if amended is not None else message.text,
        files=files,
        options=() if gone else message.options,
        edited=amended is not None,
        gone=gone,
    )


def kept_send(frame: Send, files: tuple[Attachment, ...], language: str, page: str | None) -> bytes:
    """The frame as the ledger keeps it and the web chat's channel reads it."""
    return encode(
        {
            "t": "send",
            "id": frame.id,
            "text": frame.text,
            "attachments": files,
            "language": language,
            "page": page,
        }
    )


def kept_profile(frame: Profile, language: str) -> bytes:
    """What the form says, with the language that it was shown in."""
    return encode({**msgspec.structs.asdict(frame), "t": "profile", "language": language})


def kept_read(seq: int) -> bytes:
    """How far the customer has read."""
    return encode({"t": "read", "seq": seq})


def kept_identity(user: SignedUser) -> bytes:
    """What the site's backend signed, word for word."""
    return encode({"t": "identify", "data": user.data, "signature": user.signature})


def signed_id(user: SignedUser) -> str:
    """Whom the site's backend signed for; to be asked once the channel has verified it."""
    return msgspec.json.decode(user.data, type=_Signed).id
