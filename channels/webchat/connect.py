"""Connecting a website: its address, and the line of HTML that brings the chat onto its pages."""

import secrets
from collections.abc import Mapping
from html import escape
from urllib.parse import urlsplit

import msgspec

from channels.base import Connected, Field
from channels.webchat import wire
from hub.errors import BadInput
from hub.model import Account

FIELDS = (
    Field(
        name="site",
        label={"vi": "Địa chỉ trang web", "en": "Address of the website"},
        help={"vi": "Ví dụ: https://tenshop.vn", "en": "For example: https://shop.example"},
    ),
)
LOCAL = "http://127.0.0.1:8080"


def connect(account: Account, answers: Mapping[str, str], base_url: str) -> Connected:
    """Nothing is asked of anybody: the chat works once the line stands in the pages. Raises BadInput."""
    origin = _origin(answers["site"])
    known = wire.secrets_decoder.decode(account.secrets or b"{}").identity_secret
    origins = [one for one in _known_origins(account) if one != origin]
    line = f'<script src="{escape(base_url or LOCAL)}/widget.js" data-account="{escape(account.id)}" async></script>'
    return Connected(
        name=urlsplit(origin).hostname or origin,
        settings={"origins": [*origins, origin]},
        secrets=msgspec.json.encode({"identity_secret": known or secrets.token_hex(32)}),
        steps={
            "vi": (f"Dán dòng này vào trang, ngay trước </body>: {line}", "Mở trang và thử viết một câu."),
            "en": (f"Put this line into your pages, just before </body>: {line}", "Open the page and write something."),
        },
    )


def _known_origins(account: Account) -> list[str]:
    known = account.settings.get("origins", [])
    return [str(one) for one in known] if isinstance(known, list | tuple) else []


def _origin(site: str) -> str:
    """scheme://host[:port] of what somebody typed."""
    parts = urlsplit(site if "://" in site else f"https://{site}")
    try:
        port = parts.port
    except ValueError as error:
        raise BadInput("The port in this address is no number.", "site") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadInput("The address of a website looks like https://shop.example.", "site")
    return f"{parts.scheme}://{parts.hostname}" + (f":{port}" if port else "")
