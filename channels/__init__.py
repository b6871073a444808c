"""The one table of channels, as text, loaded on use."""

import importlib
from collections.abc import Callable, Iterator, Mapping
from typing import cast

from channels.base import Channel

CHANNELS: dict[str, str] = {
    "api": "channels.api:Api",
    "email": "channels.email:Email",
    "slack": "channels.slack:Slack",
    "telegram": "channels.telegram:Telegram",
    "webchat": "channels.webchat:WebChat",
}


class Kinds(Mapping[str, Channel]):
    """Channels by kind, each imported and made when it is first asked for; `prepare` sees it before anybody else.

    An installation without Slack accounts never imports what Slack needs: asking whether a kind is there loads nothing.
    """

    def __init__(self, table: Mapping[str, str], prepare: Callable[[Channel], None]) -> None:
        self._table = table
        self._prepare = prepare
        self._loaded: dict[str, Channel] = {}

    def __getitem__(self, kind: str) -> Channel:
        if kind not in self._loaded:
            channel = _made(self._table[kind])
            self._prepare(channel)
            self._loaded[kind] = channel
        return self._loaded[kind]

    def __contains__(self, kind: object) -> bool:
        return kind in self._table

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)

    def loaded(self) -> list[Channel]:
        """Those that somebody asked for."""
        return list(self._loaded.values())


def load(kind: str) -> Channel:
    """The channel of this kind; raises KeyError for a kind that is not in the table."""
    return _made(CHANNELS[kind])


def load_all(prepare: Callable[[Channel], None] = lambda _: None) -> Kinds:
    """Every channel by kind, loaded on use."""
    return Kinds(CHANNELS, prepare)


def _made(place: str) -> Channel:
    module, name = place.split(":")
    return cast(Channel, getattr(importlib.import_module(module), name)())
