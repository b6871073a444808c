"""Slack's shapes, as far as the hub reads them. Loose where Slack is: what is missing or null has a default."""

import datetime as dt
import re
from typing import Any
from urllib.parse import parse_qs

import msgspec

API_URL = "https://slack.com/api/"
OUR_METADATA = "hub_part"  # on what we send, so that its echo names the message that it is
OPTION = "hub_option_"  # action ids of our quick replies
ANSWER = "hub_answer"  # of the button below a colleague's words in the mirror
PRESSED = "block_actions"  # of the interactive payloads the only kind that the hub causes
UNREADABLE = (msgspec.DecodeError, ValueError, KeyError, RecursionError)
MOST_FORM_FIELDS = 50
MOST_MICROS = 2**62

_TS = re.compile(r"(\d{1,12})\.(\d{6})", re.ASCII)


class Edited(msgspec.Struct, frozen=True, kw_only=True):
    user: str | None = None
    ts: str = ""


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file object; with `file_access` "check_file_info" it holds little more than its id."""

    id: str = ""
    name: str | None = None
    title: str | None = None
    mimetype: str | None = None
    size: int | None = None
    mode: str | None = None
    file_access: str | None = None
    is_external: bool | None = None
    url_private: str | None = None
    url_private_download: str | None = None
    permalink: str | None = None
    original_w: int | str | None = None
    original_h: int | str | None = None


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    name: str | None = None
    real_name: str | None = None
    display_name: str | None = None


class Bot(msgspec.Struct, frozen=True, kw_only=True):
    app_id: str | None = None
    name: str | None = None


class Metadata(msgspec.Struct, frozen=True, kw_only=True):
    event_type: str | None = None
    event_payload: dict[str, Any] | None = None


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A message, as an event, inside an event, or in a channel's history."""

    type: str = "message"
    subtype: str | None = None
    user: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    username: str | None = None
    bot_profile: Bot | None = None
    user_profile: Profile | None = None
    text: str | None = None
    ts: str = ""
    thread_ts: str | None = None
    event_ts: str | None = None
    channel: str | None = None
    channel_type: str | None = None
    blocks: list[Any] | None = None
    attachments: list[Any] | None = None
    files: list[File] | None = None
    edited: Edited | None = None
    metadata: Metadata | None = None
    latest_reply: str | None = None
    message: "Said | None" = None
    previous_message: "Said | None" = None
    deleted_ts: str | None = None


class Item(msgspec.Struct, frozen=True, kw_only=True):
    type: str = ""
    channel: str = ""
    ts: str = ""


class Reacted(msgspec.Struct, frozen=True, kw_only=True):
    type: str
    user: str = ""
    item: Item = Item()
    reaction: str = ""
    event_ts: str = ""


class Authorization(msgspec.Struct, frozen=True, kw_only=True):
    enterprise_id: str | None = None
    team_id: str | None = None
    user_id: str | None = None
    is_enterprise_install: bool | None = None


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    type: str = ""


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """What the Events API posts; `event` is read further by its own type."""

    type: str
    team_id: str | None = None
    context_team_id: str | None = None
    enterprise_id: str | None = None
    event_id: str | None = None
    authorizations: list[Authorization] | None = None
    minute_rate_limited: int | None = None
    event: msgspec.Raw = msgspec.Raw()  # empty: none


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """A team, user or channel inside an interactive payload."""

    id: str = ""
    name: str | None = None
    username: str | None = None


class Label(msgspec.Struct, frozen=True, kw_only=True):
    text: str | None = None


class Action(msgspec.Struct, frozen=True, kw_only=True):
    action_id: str = ""
    value: str | None = None
    action_ts: str = ""
    text: Label | None = None


class Pressed(msgspec.Struct, frozen=True, kw_only=True):
    """An interactive payload, such as a pressed button."""

    type: str
    team: Named | None = None
    enterprise: Named | None = None
    user: Named | None = None
    channel: Named | None = None
    message: Said | None = None
    actions: list[Action] | None = None


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an account's settings say, most of it found out by `connect`."""

    api_url: str = API_URL
    team_id: str = ""
    team: str = ""
    enterprise_id: str = ""
    bot_user_id: str = ""
    bot_id: str = ""
    bot_name: str = ""
    app_id: str = ""
    channels: tuple[str, ...] = ()  # only these are listened to; (): every one that the bot is in
    agents: tuple[str, ...] = ()  # users whose words here are answers of ours
    mirror: str = ""  # the channel where the team sees conversations of other accounts
    since: str = ""  # from when on messages are news


class Secrets(msgspec.Struct, frozen=True, kw_only=True):
    """An account's secrets, as the key ring opens them."""

    bot_token: str = ""
    signing_secret: str = ""
    app_token: str = ""
    client_id: str = ""  # of the app, for adding it to further workspaces
    client_secret: str = ""


envelope = msgspec.json.Decoder(Envelope)
kind = msgspec.json.Decoder(Kind)
said = msgspec.json.Decoder(Said)
reacted = msgspec.json.Decoder(Reacted)
pressed = msgspec.json.Decoder(Pressed)
_secrets = msgspec.json.Decoder(Secrets)


def secrets_of(secrets: bytes | None) -> Secrets:
    return _secrets.decode(secrets or b"{}")


def settings_of(settings: dict[str, object]) -> Settings:
    """The settings that the channel knows; what is null counts as not set."""
    return msgspec.convert({key: value for key, value in settings.items() if value is not None}, Settings)


def json_of(body: bytes) -> bytes:
    """The JSON of a request; an interactive one has it in a form's field `payload`. Raises what UNREADABLE lists."""
    if not body.startswith(b"payload="):
        return body
    form = parse_qs(body.decode("ascii"), max_num_fields=MOST_FORM_FIELDS, errors="strict")
    return form["payload"][0].encode()


def micros(ts: str | None) -> int | None:
    """Microseconds of a `ts` such as "1795254843.120000", None when it is none.

    The digits are put together as text: a float would round them, and a `ts` is a message's name.
    """
    found = _TS.fullmatch(ts or "")
    return int(found[1] + found[2]) if found and int(found[1]) < MOST_MICROS // 1_000_000 else None


def moment(order: int) -> dt.datetime:
    """The time of a platform's order, cut to milliseconds."""
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=order // 1000)


def ts_of(moment: dt.datetime) -> str:
    """A time as Slack writes it."""
    whole = (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)
    return f"{whole // 1_000_000}.{whole % 1_000_000:06}"


def settings_since(settings: Settings) -> int | None:
    """From when on messages are news, in microseconds; None when everything is."""
    if not settings.since:
        return None
    since = dt.datetime.fromisoformat(settings.since)
    return micros(ts_of(since if since.tzinfo else since.replace(tzinfo=dt.UTC)))
