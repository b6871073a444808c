"""The files that came along with messages, as attachments that name their content's hash. Pure: others store them.

What the platform still has is only named here; `fetching.py` gets it.
"""

import hashlib
from collections.abc import Sequence

import msgspec

from hub.inbound import Inbound, InboundFile, InboundMessage
from hub.model import Attachment

MB = 1_000_000
TOO_LARGE = "The file has {size} MB; at most {most} MB are kept here. Ask the customer for a smaller one."


class Filed(msgspec.Struct, frozen=True, kw_only=True):
    """Inbounds without bytes, and the bytes that they name: to be stored before the messages are logged."""

    inbounds: list[Inbound]
    contents: list[bytes]


def filed(inbounds: Sequence[Inbound], most: int) -> Filed:
    """The same inbounds, their files as attachments, their HTML as its hash; no file of more than `most` bytes."""
    made, contents = list[Inbound](), list[bytes]()
    for one in inbounds:
        made.append(_filed(one, most, contents) if isinstance(one, InboundMessage) and (one.files or one.html) else one)
    return Filed(inbounds=made, contents=contents)


def _filed(said: InboundMessage, most: int, contents: list[bytes]) -> InboundMessage:
    attachments = tuple(_attachment(one, most, contents) for one in said.files)
    html = None
    if said.html:
        contents.append(said.html.encode("utf-8", "replace"))
        html = _hash(contents[-1])
    return msgspec.structs.replace(said, attachments=said.attachments + attachments, files=(), html=html)


def _attachment(file: InboundFile, most: int, contents: list[bytes]) -> Attachment:
    size = file.size if file.data is None else len(file.data)
    made = Attachment(
        file="",
        name=file.name,
        mime=file.mime,
        bytes=size,
        width=file.width,
        height=file.height,
        state="waiting",
        ref=file.ref,
        inline=file.inline,
    )
    if size > most:
        return failed(made, TOO_LARGE.format(size=-(-size // MB), most=most // MB))
    if file.data is None:
        return made
    contents.append(file.data)
    return msgspec.structs.replace(made, file=_hash(file.data), state="here")


def failed(file: Attachment, why: str) -> Attachment:
    """A file that will not come, and the sentence that says why."""
    return msgspec.structs.replace(file, state="failed", why=why)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
