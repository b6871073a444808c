"""The one table of channels, as text, loaded on use."""

import importlib
from typing import cast

from channels.base import Channel

CHANNELS: dict[str, str] = {
    "api": "channels.api:Api",
    "webchat": "channels.webchat:WebChat",
}


def load(kind: str) -> Channel:
    """The channel of this kind; raises KeyError for a kind that is not in the table."""
    module, name = CHANNELS[kind].split(":")
    return cast(Channel, getattr(importlib.import_module(module), name)())


def load_all() -> dict[str, Channel]:
    """Every channel, by kind."""
    return {kind: load(kind) for kind in CHANNELS}
