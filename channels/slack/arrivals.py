"""From what Slack hands over, by whichever way, to raw arrivals: what is kept, under which id, in which order. Pure.

A message is named by its channel and ts, whether it came as `message`, as `app_mention`, by webhook, by socket or from
the channel's history: it is kept once.
"""

import hashlib

import msgspec

from channels.base import RawArrival
from channels.slack import wire
from hub.model import Account

# What a person or bot said. Of the other subtypes only edits and deletions mean something to the hub.
SAID = frozenset({None, "", "bot_message", "file_share", "me_message", "thread_broadcast"})
TOMBSTONE = "tombstone"  # stands where a message with answers was deleted
CLOCKS_US = 600_000_000  # our clock may be ahead of Slack's by so much, ten minutes


def of_event(account: Account, payload: wire.Envelope, body: bytes) -> RawArrival | None:
    """What an event is kept as; None for what the hub has no use for. Raises msgspec's errors for what is no event."""
    if payload.type == "app_rate_limited":
        return _raw(f"limited:{payload.team_id}:{payload.minute_rate_limited}", "limits", body, None)
    if payload.type != "event_callback" or not bytes(payload.event):
        return None
    event, settings = bytes(payload.event), wire.settings_of(account.settings)
    match wire.kind.decode(event).type:
        case "message" | "app_mention":
            return _of_said(settings, payload, wire.said.decode(event), body)
        case "reaction_added" | "reaction_removed":
            return _of_reacted(settings, payload, wire.reacted.decode(event), body)
        case "app_uninstalled" | "tokens_revoked":
            return _raw(f"event:{payload.event_id}", "account", body, None)
    return None


def of_press(pressed: wire.Pressed, body: bytes) -> RawArrival | None:
    """A pressed button of ours; None for other interactions."""
    actions, channel = pressed.actions or [], pressed.channel
    if channel is None or not channel.id or not actions:
        return None
    if not is_option(pressed) and actions[0].action_id != wire.ANSWER:
        return None
    at = actions[0].action_ts
    return _raw(f"press:{channel.id}:{at}", channel.id, body, wire.micros(at))


def is_option(pressed: wire.Pressed) -> bool:
    """Whether a quick reply was pressed."""
    return bool(pressed.actions) and (pressed.actions or [])[0].action_id.startswith(wire.OPTION)


def is_mirrored(settings: wire.Settings, said: wire.Said) -> bool:
    """Whether a colleague wrote it in a thread of the mirror."""
    here = bool(settings.mirror) and said.channel == settings.mirror and said.subtype in SAID
    return (
        here and bool(said.thread_ts) and said.thread_ts != said.ts and not said.bot_id and not is_own(settings, said)
    )


def is_own(settings: wire.Settings, said: wire.Said) -> bool:
    """Whether this hub's own bot wrote it."""
    app = said.app_id or (said.bot_profile.app_id if said.bot_profile else None)
    own = ((said.bot_id, settings.bot_id), (said.user, settings.bot_user_id), (app, settings.app_id))
    return any(mine and theirs == mine for theirs, mine in own)


def is_heard(settings: wire.Settings, channel: str | None) -> bool:
    """Whether the account listens in this channel."""
    return bool(channel) and channel != settings.mirror and (not settings.channels or channel in settings.channels)


def edited_at(said: wire.Said) -> str | None:
    """The ts of a `message_changed` that somebody's edit caused; None when a preview or a counter changed.

    Previews repeat the `edited` of an earlier edit, so that it is compared with what stood there before.
    """
    new, old = said.message, said.previous_message
    if new is None:
        return None
    if new.subtype == TOMBSTONE:
        return said.event_ts or said.ts
    if old is not None and (new.text, new.blocks, new.edited) == (old.text, old.blocks, old.edited):
        return None
    if new.edited is not None:
        return new.edited.ts
    return (said.event_ts or said.ts) if old is not None else None


def _of_said(settings: wire.Settings, payload: wire.Envelope, said: wire.Said, body: bytes) -> RawArrival | None:
    channel = said.channel or ""
    if is_mirrored(settings, said):
        return _raw(f"{channel}:{said.ts}", channel, body, wire.micros(said.ts))
    if not is_heard(settings, channel):
        return None
    if said.subtype == "message_changed":
        return _of_change(settings, said, body)
    if said.subtype == "message_deleted":
        own = said.previous_message is not None and is_own(settings, said.previous_message)
        order = wire.micros(said.event_ts or said.ts)
        return None if own else _raw(f"gone:{channel}:{said.deleted_ts}", channel, body, order)
    if said.subtype not in SAID or (is_own(settings, said) and our_message(said) is None):
        return None
    order = wire.micros(said.ts)
    if order is None:  # Slack's own; nothing of its shape is taken for granted
        return _raw(f"event:{payload.event_id}", channel, body, None)
    return _raw(f"{channel}:{said.ts}", channel, body, order, history=_is_old(settings, payload, order))


def _is_old(settings: wire.Settings, payload: wire.Envelope, order: int) -> bool:
    """Whether it was written before the account; what Slack tells of by itself is doubted only when much older."""
    since = wire.settings_since(settings)
    clocks = CLOCKS_US if payload.event_id else 0
    return since is not None and order < since - clocks


def our_message(said: wire.Said) -> str | None:
    """The message that an echo of ours names, if it does."""
    metadata = said.metadata
    if metadata is None or metadata.event_type != wire.OUR_METADATA or not metadata.event_payload:
        return None
    message = metadata.event_payload.get("message")
    return message if isinstance(message, str) else None


def _of_change(settings: wire.Settings, said: wire.Said, body: bytes) -> RawArrival | None:
    at, new = edited_at(said), said.message
    if at is None or new is None or is_own(settings, new):
        return None
    return _raw(f"edit:{said.channel}:{new.ts}:{at}", said.channel or "", body, wire.micros(at))


def _of_reacted(settings: wire.Settings, payload: wire.Envelope, one: wire.Reacted, body: bytes) -> RawArrival | None:
    if one.item.type != "message" or one.user == settings.bot_user_id or not is_heard(settings, one.item.channel):
        return None
    return _raw(f"event:{payload.event_id}", one.item.channel, body, wire.micros(one.event_ts))


def _raw(external: str, lane: str, body: bytes, order: int | None, *, history: bool = False) -> RawArrival:
    """`same` is the name: the bodies of a retry, of a mention and of the history differ and mean the same."""
    return RawArrival(external=external, lane=lane, body=body, same=external.encode(), order=order, history=history)


def unread(body: bytes) -> RawArrival:
    """What nobody can read, kept so that it is seen in quarantine."""
    return RawArrival(external=f"hook:{hashlib.sha256(body).hexdigest()}", lane="unread", body=body)


def in_history(account: Account, channel: str, channel_type: str, message: msgspec.Raw) -> tuple[RawArrival, ...]:
    """A message of a channel's history as the event that it would have been, and its edit as another."""
    settings = wire.settings_of(account.settings)
    try:
        said = wire.said.decode(bytes(message))
    except msgspec.DecodeError:
        return (unread(bytes(message)),)
    fields = msgspec.json.decode(bytes(message), type=dict[str, msgspec.Raw])
    place: dict[str, object] = {"channel": channel, "channel_type": channel_type}
    events: list[dict[str, object]] = [{**fields, **place}]
    if said.edited is not None and said.edited.ts:
        events.append({"type": "message", "subtype": "message_changed", "message": message, **place})
    found = []
    for event in events:
        body = msgspec.json.encode({"type": "event_callback", "team_id": settings.team_id, "event": event})
        found.append(of_event(account, wire.envelope.decode(body), body))
    return tuple(one for one in found if one is not None)
