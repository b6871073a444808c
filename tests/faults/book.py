"""What the other side wrote down: what was acknowledged to it, and every number and id that it was ever shown."""

import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a customer; `n` is its place among their words."""

    sender: str
    n: int
    text: str


class Book:
    """One for the whole test; nothing is ever taken out."""

    def __init__(self) -> None:
        self.acknowledged: dict[str, Said] = {}  # by text, which is never the same twice
        self.shown: dict[tuple[str, int], str] = {}  # (conversation, seq) → message
        self.events: dict[int, str] = {}  # number → hash of what it carried
        self.texts: dict[str, str] = {}  # message → text, of all that a live socket brought
        self.replies: dict[str, str] = {}  # message → text, of the replies that were answered 201
        self.contradictions: list[str] = []  # a number that was shown under two names
        self.complaints: list[str] = []  # what must not happen at all

    def acknowledge(self, said: Said) -> None:
        self.acknowledged[said.text] = said

    def show(self, where: str, messages: Iterable[dict[str, Any]], conversation: str | None = None) -> None:
        """Somebody was shown these messages."""
        for message in messages:
            key = (conversation or message["conversation"], message["seq"])
            known = self.shown.setdefault(key, message["id"])
            if known != message["id"]:
                self.contradictions.append(f"{where}: {key} was {known}, now {message['id']}")

    def hear(self, where: str, n: int, items: list[dict[str, Any]]) -> None:
        """A live socket brought event `n`."""
        digest = fingerprint(items)
        if self.events.setdefault(n, digest) != digest:
            self.contradictions.append(f"{where}: event {n} carries something else now")
        added = [item["data"]["message"] for item in items if item["type"] == "message.added"]
        self.texts |= {message["id"]: message["text"] for message in added}
        self.show(where, added)

    def complain(self, what: str) -> None:
        self.complaints.append(what)


def fingerprint(items: Any) -> str:
    """The same for the same items, whatever their spacing."""
    return hashlib.sha256(msgspec.json.encode(items, order="sorted")).hexdigest()
