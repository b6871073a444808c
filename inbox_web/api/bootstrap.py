"""/bootstrap: everything that an inbox needs before it draws, in one answer; and /channels, which the settings show."""

import datetime as dt

import msgspec

from channels.base import Channel, Connects, Field, Limits, Named
from hub.intents import IntentList, Listed
from hub.model import Conversation, Preferences
from hub.safety.roles import may
from inbox_web.api.route import Ask, Route
from inbox_web.api.views import WEBCHAT, AccountView, AgentView, TeamView, account_view, agent_view, team_view
from inbox_web.live import FOLLOWER, LIVE
from inbox_web.middlewares import vietnamese
from inbox_web.website import Words
from inbox_web.windows import newest
from inbox_web.words import SENTENCES_VI

LABELS_FROM = 300  # the newest conversations; what nobody used for long is not offered


class ChannelView(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    name: Words
    icon: str
    limits: Limits
    fields: tuple[Field, ...]  # what connecting one asks; (): it is added by its name alone


class Channels(msgspec.Struct, frozen=True, kw_only=True):
    items: list[ChannelView]


class IntentName(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An intent as pages name it: a merged one as what it counts for; `offered`: whether it is to be chosen."""

    name: str
    vi: str
    en: str
    tone: str
    offered: bool = True


class Sentences(msgspec.Struct, frozen=True, kw_only=True):
    """What the hub says of accounts, files and messages, by the English; `{}` stands for what varies."""

    vi: dict[str, str]


class Bootstrap(msgspec.Struct, frozen=True, kw_only=True):
    """`n`: the event to follow /live from; everything here is at least as new."""

    agent: AgentView
    preferences: Preferences  # of this agent alone
    agents: list[AgentView]
    teams: list[TeamView]
    accounts: list[AccountView]
    channels: list[ChannelView]
    intents: tuple[IntentName, ...]
    labels: list[str]
    n: int
    shop: str
    quarantined: int
    here: list[str]
    demo: bool  # whether the demo shop is there to write from


async def _bootstrap(ask: Ask, _: None) -> Bootstrap:
    n = ask.request.app[FOLLOWER].head  # first: what changes while the rest is read comes again as an event
    store = ask.parts.store
    accounts = await store.accounts.all()
    return Bootstrap(
        agent=agent_view(ask.agent),
        preferences=ask.agent.preferences,
        agents=[agent_view(one) for one in await store.agents.all()],
        teams=[team_view(one) for one in await store.teams.all()],
        accounts=[account_view(one, whole=may(ask.agent, "settings")) for one in accounts],
        channels=_channels(ask, {WEBCHAT, *(one.kind for one in accounts)}),
        intents=_intents(IntentList(await store.intents.all())),
        labels=await _labels(ask),
        n=n,
        shop=min(accounts, key=lambda one: one.at).name if accounts else "",
        quarantined=len(await store.arrivals.quarantined()),
        here=ask.request.app[LIVE].here(),
        demo=ask.parts.settings.demo_on,
    )


def _intents(known: IntentList) -> tuple[IntentName, ...]:
    return tuple(_intent(one, known.shown(one.name) or one) for one in known.all)


def _intent(one: Listed, shown: Listed) -> IntentName:
    return IntentName(name=one.name, vi=shown.vi, en=shown.en, tone=shown.tone, offered=one.stands)


async def _labels(ask: Ask) -> list[str]:
    async def fetch(since: dt.datetime, before: dt.datetime) -> list[Conversation]:
        return await ask.parts.store.conversations.listed({}, since, before)

    rows = await newest(fetch, ask.parts.now() + dt.timedelta(days=1), LABELS_FROM)
    return sorted({label for one in rows for label in one.labels})


async def _list_channels(ask: Ask, _: None) -> Channels:
    return Channels(items=_channels(ask, set(ask.parts.channels)))


def _channels(ask: Ask, kinds: set[str]) -> list[ChannelView]:
    """These kinds, if they are channels; only for the settings are all of them loaded."""
    channels = ask.parts.channels
    return [_channel(kind, channels[kind]) for kind in sorted(kinds) if kind in channels]


def _channel(kind: str, channel: Channel) -> ChannelView:
    names, icon = (channel.names, channel.icon) if isinstance(channel, Named) else ({}, kind)
    name = Words(vi=names.get("vi", kind), en=names.get("en", kind))
    asks: object = channel
    fields = asks.fields if isinstance(asks, Connects) else ()
    return ChannelView(kind=kind, name=name, icon=icon, limits=channel.limits, fields=fields)


async def _sentences(ask: Ask, _: None) -> Sentences:
    channels = ask.parts.channels
    kinds = sorted({one.kind for one in await ask.parts.store.accounts.all()})
    spoken = [vietnamese(channels[kind]) for kind in kinds if kind in channels]
    return Sentences(vi={english: vi for words in (SENTENCES_VI, *spoken) for english, vi in words.items()})


ROUTES = [
    Route(method="GET", path="/bootstrap", run=_bootstrap, summary="All that an inbox needs at first", gives=Bootstrap),
    Route(method="GET", path="/channels", run=_list_channels, summary="What can be connected", gives=Channels),
    Route(
        method="GET",
        path="/sentences",
        run=_sentences,
        summary="What healths and refusals are called in Vietnamese",
        gives=Sentences,
    ),
]
