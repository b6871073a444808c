"""The last words of a conversation, for its list row."""

from hub.model import Message, Preview

PREVIEW_CHARS = 160


def preview(message: Message) -> Preview:
    """The last words, for the list row."""
    return Preview(
        text=words(message.text),
        kind=message.kind,
        author=message.author,
        message=message.id,
        delivery=message.delivery,
        attachments=len(message.attachments),
    )


def words(text: str) -> str:
    """A text as one short line."""
    return " ".join(text[: PREVIEW_CHARS * 2].split())[:PREVIEW_CHARS]
