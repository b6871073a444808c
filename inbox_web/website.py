"""The settings of a web chat account: how the widget looks and asks, and which pages may use it."""

from typing import Literal

import msgspec

from hub.errors import BadInput
from hub.model import Account

DEFAULT_COLOR = "#3b4fb8"
MOST_ORIGINS = 50


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """The base of these shapes; what is left out has its default."""


class Words(Setting, frozen=True, kw_only=True):
    """The same in both languages."""

    vi: str = ""
    en: str = ""


class WordLists(Setting, frozen=True, kw_only=True):
    vi: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


class Field(Setting, frozen=True, kw_only=True):
    name: Literal["name", "email", "phone"]
    required: bool = False


class Prechat(Setting, frozen=True, kw_only=True):
    """What a stranger is asked before the first message."""

    on: bool = False
    fields: tuple[Field, ...] = (Field(name="name"), Field(name="phone"))


class Website(Setting, frozen=True, kw_only=True):
    """One site's chat. `origins`: "https://shop.example"; the hub's own pages may always use it."""

    origins: tuple[str, ...] = ()
    color: str = DEFAULT_COLOR
    greeting: Words = Words(vi="Dạ em chào anh/chị, em có thể giúp gì ạ?", en="Hello! How can we help?")
    prechat: Prechat = Prechat()
    quick_replies: WordLists = WordLists()
    language: Literal["auto", "vi", "en"] = "auto"


class WidgetView(Setting, frozen=True, kw_only=True):
    """What the widget is told of its account."""

    name: str
    color: str
    greeting: Words
    prechat: Prechat
    quick_replies: WordLists
    language: str


def website(account: Account) -> Website:
    """The settings of an account, defaults for what is not set; broken ones count as not set."""
    try:
        return msgspec.convert(account.settings, Website, strict=False)
    except msgspec.ValidationError:
        return Website()


def checked(settings: dict[str, object]) -> Website:
    """Settings that somebody wants to save; raises BadInput."""
    try:
        site = msgspec.convert(settings, Website, strict=False)
    except msgspec.ValidationError as error:
        raise BadInput(f"These settings cannot be used: {error}.", "settings") from error
    if len(site.origins) > MOST_ORIGINS:
        raise BadInput(f"At most {MOST_ORIGINS} addresses can be named.", "settings.origins")
    for origin in site.origins:
        if not _is_origin(origin):
            raise BadInput("An address looks like https://shop.example, without a path.", "settings.origins")
    if len(site.color) != 7 or site.color[0] != "#" or not set(site.color[1:].lower()) <= set("0123456789abcdef"):
        raise BadInput("A colour looks like #3b4fb8.", "settings.color")
    return site


def widget_view(account: Account) -> WidgetView:
    """Name, colours and words; no origins, no secrets."""
    site = website(account)
    return WidgetView(
        name=account.name,
        color=site.color,
        greeting=site.greeting,
        prechat=site.prechat,
        quick_replies=site.quick_replies,
        language=site.language,
    )


def _is_origin(text: str) -> bool:
    scheme, _, host = text.partition("://")
    return scheme in ("http", "https") and bool(host) and not set(host) & set("/?# @")
