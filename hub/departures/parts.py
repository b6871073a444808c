"""An outgoing message as parts: one call to the platform each, always cut the same way."""

from channels.base import Limits
from channels.split import split
from hub.model import DELIVERY_ORDER, Delivery, DeliveryState, Message, Part


def parts(message: Message, limits: Limits) -> list[Part]:
    """The text cut at the platform's limit; files and quick replies go with the last piece."""
    texts = split(message.text, limits)
    last = len(texts) - 1
    everyone = tuple(dict.fromkeys(one.to for one in message.deliveries))
    return [
        Part(
            message=message.id,
            index=index,
            conversation=message.conversation,
            at=message.at,
            author=message.author,
            subject=message.subject,
            everyone=everyone if len(everyone) > 1 else (),
            answers=message.answers,
            auto=message.auto,
            text=text,
            attachments=message.attachments if index == last else (),
            options=message.options if index == last else (),
        )
        for index, text in enumerate(texts)
    ]


def worst(deliveries: tuple[Delivery, ...]) -> DeliveryState:
    """The state that a message shows: the worst of its deliveries."""
    return min((one.state for one in deliveries), key=DELIVERY_ORDER.index)
