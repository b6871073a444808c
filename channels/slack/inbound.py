"""From Slack's requests to arrivals, and from arrivals to inbounds. Pure."""

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence

import msgspec

from channels.base import RawArrival, Verified
from channels.slack import arrivals, mrkdwn, signature, wire, words
from hub.errors import Forged, Poison
from hub.inbound import From, Inbound, InboundEdit, InboundMessage, InboundReaction, InboundReceipt
from hub.model import Account, Arrival, MessageId

NOTHING = Verified(arrivals=())
NOT_OURS = Verified(arrivals=(), astray=True)  # an event of a workspace that has no account here
EVENTS = frozenset({"event_callback", "app_rate_limited"})


def verify(headers: Mapping[str, str], body: bytes, accounts: list[Account], now: dt.datetime) -> Verified:
    """One signed request. Raises Forged, whatever is wrong with its headers; then nothing is kept.

    What is signed is answered with 200, whatever it is: Slack switches an app off whose answers fail. It is kept for
    the account whose workspace it names, among those that this signature proves.
    """
    proven = [one for one in accounts if signature.fits(headers, body, wire.secrets_of(one.secrets).signing_secret)]
    if not proven:
        if _is_ssl_check(body):  # asks whether somebody is there; tells nothing and is told nothing
            return NOTHING
        raise Forged("The signature does not fit the body.")
    signature.check_age(headers, now)
    return take(body, proven)


def take(body: bytes, accounts: list[Account]) -> Verified:
    """What to keep of a payload that is Slack's for sure, and for which of these accounts."""
    try:
        return _read(body, accounts)
    except wire.UNREADABLE:  # kept for a person to see, since trying again would better nothing
        return Verified(arrivals=(arrivals.unread(body),), account=accounts[0].id)


def _read(body: bytes, accounts: list[Account]) -> Verified:
    payload = wire.json_of(body)
    if not payload.startswith(b"{"):
        return NOTHING
    kind = wire.kind.decode(payload).type
    if kind == wire.PRESSED:
        return _pressed(payload, body, accounts)
    if kind not in EVENTS:
        return NOTHING
    said = wire.envelope.decode(payload)
    account = _account(accounts, *_workspaces(said))
    return NOT_OURS if account is None else _kept(account, arrivals.of_event(account, said, body))


def _pressed(payload: bytes, body: bytes, accounts: list[Account]) -> Verified:
    pressed = wire.pressed.decode(payload)
    teams = {pressed.team.id} if pressed.team else set()
    account = _account(accounts, teams, {pressed.enterprise.id} if pressed.enterprise else set())
    return NOT_OURS if account is None else _kept(account, arrivals.of_press(pressed, body))


def _kept(account: Account, raw: RawArrival | None) -> Verified:
    return Verified(arrivals=() if raw is None else (raw,), account=account.id)


def _workspaces(said: wire.Envelope) -> tuple[set[str], set[str]]:
    """The workspaces that an event is for, and the organisations when the app is installed in a whole one.

    In a shared channel `team_id` may be the other company's: those that authorised the app come first.
    """
    given = said.authorizations or []
    teams = {one.team_id for one in given if one.team_id} or {
        one for one in (said.context_team_id, said.team_id) if one
    }
    return teams, {one.enterprise_id for one in given if one.enterprise_id and one.is_enterprise_install}


def _account(accounts: list[Account], teams: set[str], organisations: set[str]) -> Account | None:
    """The account of one of these workspaces; the only one there is may not know its workspace yet."""
    known = [(one, wire.settings_of(one.settings)) for one in accounts]
    of_team = (one for one, settings in known if settings.team_id in teams)
    of_organisation = (one for one, settings in known if settings.enterprise_id in organisations - {""})
    alone = (one for one, settings in known if len(known) == 1 and not settings.team_id)
    return next(itertools.chain(of_team, of_organisation, alone), None)


def _is_ssl_check(body: bytes) -> bool:
    return len(body) < 1000 and b"ssl_check=1" in body.split(b"&")


# Arrivals ------------------------------------------------------------------------------------------------------------


def normalise(account: Account, arrival: Arrival, names: Mapping[str, str]) -> list[Inbound]:
    """What a kept arrival means; `names` by user or channel id, as far as somebody knows them. Raises Poison."""
    try:
        settings = wire.settings_of(account.settings)
        payload = wire.json_of(arrival.body)
        if wire.kind.decode(payload).type == wire.PRESSED:
            return _pressed_means(settings, wire.pressed.decode(payload), names)
        envelope = wire.envelope.decode(payload)
        event = bytes(envelope.event)
        if not event:
            return []
        kind = wire.kind.decode(event).type
        if kind in ("message", "app_mention"):
            return _said_means(_Place(settings, envelope), wire.said.decode(event), arrival, names)
        return _reacted_means(settings, wire.reacted.decode(event), names) if kind.startswith("reaction_") else []
    except wire.UNREADABLE as error:
        raise Poison(f"not what Slack sends: {type(error).__name__}") from error


def people(account: Account, arrival: Arrival) -> Sequence[str]:
    """Those whose names `normalise` could use: who wrote it, who is mentioned without a name. [] for anything odd."""
    try:
        payload = wire.json_of(arrival.body)
        if wire.kind.decode(payload).type == wire.PRESSED:
            return []
        said = wire.said.decode(bytes(wire.envelope.decode(payload).event) or b"{}")
        said = said.message or said
        text = said.text or words.markup_of(said)
    except wire.UNREADABLE:
        return []
    return [one for one in (said.user, *mrkdwn.mentioned(text)) if one]


class _Place:
    """Where something was said: the workspace's id stands in every thread key."""

    def __init__(self, settings: wire.Settings, envelope: wire.Envelope) -> None:
        self.settings = settings
        self.team = settings.team_id or envelope.context_team_id or envelope.team_id or ""


def _said_means(place: _Place, said: wire.Said, arrival: Arrival, names: Mapping[str, str]) -> list[Inbound]:
    settings = place.settings
    if said.subtype == "message_changed":
        return _changed_means(settings, said, names)
    if said.subtype == "message_deleted":
        order = wire.micros(said.event_ts or said.ts) or arrival.order
        return [InboundEdit(target=f"{said.channel}:{said.deleted_ts}", at=wire.moment(order), order=order, gone=True)]
    if said.subtype not in arrivals.SAID or not said.channel or said.channel == settings.mirror:
        return []
    if arrivals.is_own(settings, said):
        return _echo_means(place, said)
    order = wire.micros(said.ts) or arrival.order
    message = InboundMessage(
        external=f"{said.channel}:{said.ts}",
        thread=words.thread(place.team, said),
        sender=words.sender(said, names),
        to=words.way_back(place.team, said),
        at=wire.moment(order),
        order=order,
        text=words.text(said, words.known(settings, names)),
        files=words.files(said),
        history=arrival.history,
        auto=words.is_automatic(said),
        elsewhere=said.user in settings.agents,
    )
    return [message] if message.text or message.files else []


def _echo_means(place: _Place, said: wire.Said) -> list[Inbound]:
    """Our own message came back: it arrived, whatever became of the answer to its sending."""
    ours = arrivals.our_message(said)
    if ours is None:
        return []
    external, thread = f"{said.channel}:{said.ts}", words.thread(place.team, said)
    return [InboundReceipt(thread=thread, state="sent", external=external, message=MessageId(ours))]


def _changed_means(settings: wire.Settings, said: wire.Said, names: Mapping[str, str]) -> list[Inbound]:
    at, new = arrivals.edited_at(said), said.message
    order = wire.micros(at)
    if new is None or order is None or arrivals.is_own(settings, new):
        return []
    target, gone = f"{said.channel}:{new.ts}", new.subtype == arrivals.TOMBSTONE
    text = "" if gone else words.text(new, words.known(settings, names))
    return [InboundEdit(target=target, at=wire.moment(order), order=order, text=text, gone=gone)]


def _reacted_means(settings: wire.Settings, one: wire.Reacted, names: Mapping[str, str]) -> list[Inbound]:
    order = wire.micros(one.event_ts)
    if one.item.type != "message" or order is None or one.user == settings.bot_user_id:
        return []
    return [
        InboundReaction(
            target=f"{one.item.channel}:{one.item.ts}",
            sender=From(value=one.user, name=names.get(one.user, ""), verified="platform"),
            emoji=mrkdwn.reaction(one.reaction),
            order=order,
            on=one.type == "reaction_added",
        )
    ]


def _pressed_means(settings: wire.Settings, pressed: wire.Pressed, names: Mapping[str, str]) -> list[Inbound]:
    """A pressed quick reply says its label."""
    if not arrivals.is_option(pressed) or pressed.user is None or pressed.channel is None:
        return []
    action = (pressed.actions or [])[0]
    order, label = wire.micros(action.action_ts), action.value or (action.text.text if action.text else None)
    if order is None or not label:
        return []
    kind = "mpim" if (pressed.channel.name or "").startswith("mpdm-") else None
    message = pressed.message or wire.Said()
    said = msgspec.structs.replace(message, channel=pressed.channel.id, channel_type=kind)
    team = settings.team_id or (pressed.team.id if pressed.team else "")
    name = names.get(pressed.user.id) or pressed.user.name or pressed.user.username or ""
    return [
        InboundMessage(
            external=f"press:{pressed.channel.id}:{action.action_ts}",
            thread=words.thread(team, said),
            sender=From(value=pressed.user.id, name=name, verified="platform"),
            to=words.way_back(team, said),
            at=wire.moment(order),
            order=order,
            text=label,
        )
    ]
