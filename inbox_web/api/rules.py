"""/rules: what happens by itself. Every change holds at once in every process, and names the version it was made of."""

import datetime as dt

import msgspec

from hub.errors import BadInput, Conflict, NotFound
from hub.routing import reading
from hub.routing.book import WEBHOOKS, RuleBook
from hub.routing.preview import preview
from hub.routing.reading import Known
from hub.rule import AnyAction, AnyCondition, Rule, RuleId, Trigger
from hub.views import TagView, tag_view
from inbox_web.api.agents import tell
from inbox_web.api.derived import derived_id
from inbox_web.api.route import Ask, Route
from inbox_web.api.versioned import Switch, add, save, switch

MOST_RULES = 1_000
MOST_PREVIEW = 1_000
IF_THEN = {"conditions": "if", "actions": "then"}


class RuleWish(msgspec.Struct, frozen=True, kw_only=True, rename=IF_THEN):
    """A rule as somebody writes it; `version` is the one that they saw, of a change."""

    name: str
    when: Trigger
    conditions: tuple[AnyCondition, ...] = ()
    actions: tuple[AnyAction, ...] = ()
    after_minutes: int | None = None
    on: bool = True
    version: int = 0


class RuleList(msgspec.Struct, frozen=True, kw_only=True):
    """In the order in which they are looked at."""

    items: list[Rule]


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """Every rule's id, the first to be looked at first."""

    ids: list[str]


class MatchView(msgspec.Struct, frozen=True, kw_only=True):
    """A past message that the rule would have matched."""

    message: str
    conversation: str
    name: str
    channel: str
    at: dt.datetime
    text: str
    tag: TagView | None
    team: str | None


class PreviewView(msgspec.Struct, frozen=True, kw_only=True):
    """`looked` is 0 for a rule that waits for something else than a message: `possible` is false then."""

    possible: bool
    looked: int = 0
    matched: int = 0
    since: dt.datetime | None = None
    items: list[MatchView] = []


class Secret(msgspec.Struct, frozen=True, kw_only=True):
    """With which webhooks are signed."""

    secret: str


async def _list(ask: Ask, _: None) -> RuleList:
    return RuleList(items=await ask.parts.store.rules.all())


async def _add(ask: Ask, wish: RuleWish) -> Rule:
    """Behind all others. The same key again finds the rule that it made."""
    known = await ask.parts.store.rules.all()
    if len(known) >= MOST_RULES:
        raise BadInput(f"There are {MOST_RULES} rules already; remove one first.")
    order = max((one.order for one in known), default=0) + 1
    return await add(ask, ask.parts.store.rules, await _made(ask, wish, derived_id("r", ask), order, 1))


async def _change(ask: Ask, wish: RuleWish) -> Rule:
    before = await _rule(ask, ask.path["id"])
    return await save(ask, ask.parts.store.rules, await _made(ask, wish, before.id, before.order, wish.version + 1))


async def _switch(ask: Ask, wish: Switch) -> Rule:
    return await switch(ask, ask.parts.store.rules, await _rule(ask, ask.path["id"]), wish)


async def _remove(ask: Ask, _: None) -> None:
    if not await ask.parts.store.rules.remove(ask.path["id"]):
        raise NotFound("There is no such rule.")
    await tell(ask)


async def _order(ask: Ask, wish: Order) -> RuleList:
    known = {str(one.id) for one in await ask.parts.store.rules.all()}
    if set(wish.ids) != known or len(wish.ids) != len(known):
        raise Conflict("The rules changed meanwhile. Look at them again before you move one.")
    if wish.ids:
        await ask.parts.store.rules.place({id_: place + 1 for place, id_ in enumerate(wish.ids)})
        await tell(ask)
    return await _list(ask, None)


async def _preview(ask: Ask, wish: RuleWish) -> PreviewView:
    rule = await _made(ask, wish, "preview", 0, 1)
    book = RuleBook(ask.parts.store, ask.parts.bus)
    await book.read()
    found = await preview(ask.parts.store, book.current, rule, MOST_PREVIEW, ask.parts.now())
    if found is None:
        return PreviewView(possible=False)
    items = [
        MatchView(
            message=one.message.id,
            conversation=one.conversation.id,
            name=one.conversation.name,
            channel=one.message.channel,
            at=one.message.at,
            text=one.message.text[:280],
            tag=tag_view(one.message.tag),
            team=one.conversation.team,
        )
        for one in found.newest
    ]
    return PreviewView(possible=True, looked=found.looked, matched=found.matched, since=found.since, items=items)


async def _secret(ask: Ask, _: None) -> Secret:
    return Secret(secret=ask.parts.ring.shared(WEBHOOKS))


async def _made(ask: Ask, wish: RuleWish, id_: str, order: int, version: int) -> Rule:
    """The rule that is wished for; raises BadInput with its place when it cannot work."""
    rule = Rule(
        id=RuleId(id_),
        name=wish.name.strip(),
        when=wish.when,
        conditions=wish.conditions,
        actions=wish.actions,
        after_minutes=wish.after_minutes,
        on=wish.on,
        order=order,
        version=version,
        at=ask.parts.now(),
        by=ask.agent.name,
    )
    reading.check(rule, await _known(ask))
    return rule


async def _known(ask: Ask) -> Known:
    store = ask.parts.store
    return Known(
        teams=frozenset(str(one.id) for one in await store.teams.all()),
        agents=frozenset(str(one.id) for one in await store.agents.all()),
        accounts=frozenset(str(one.id) for one in await store.accounts.all()),
        flows=frozenset(name for one in await store.flows.all() for name in (one.id, one.name)),
    )


async def _rule(ask: Ask, id_: str) -> Rule:
    rule = await ask.parts.store.rules.get(id_)
    if rule is None:
        raise NotFound("There is no such rule.")
    return rule


ROUTES = [
    Route(method="GET", path="/rules", run=_list, summary="Every rule, in order", right="settings", gives=RuleList),
    Route(
        method="POST",
        path="/rules",
        run=_add,
        summary="Add a rule behind all others",
        right="settings",
        takes=RuleWish,
        gives=Rule,
        status=201,
    ),
    Route(
        method="POST",
        path="/rules/preview",
        run=_preview,
        summary="What a rule would have matched of the newest 1,000 messages",
        right="settings",
        takes=RuleWish,
        gives=PreviewView,
        keyed=False,
    ),
    Route(
        method="PUT",
        path="/rules/order",
        run=_order,
        summary="In which order they are looked at",
        right="settings",
        takes=Order,
        gives=RuleList,
    ),
    Route(
        method="GET",
        path="/rules/secret",
        run=_secret,
        summary="The secret with which webhooks of rules are signed",
        right="settings",
        gives=Secret,
    ),
    Route(
        method="PUT",
        path="/rules/{id}",
        run=_change,
        summary="Change a rule, naming the version that was seen",
        right="settings",
        takes=RuleWish,
        gives=Rule,
    ),
    Route(
        method="PATCH",
        path="/rules/{id}",
        run=_switch,
        summary="Switch a rule on or off",
        right="settings",
        takes=Switch,
        gives=Rule,
    ),
    Route(method="DELETE", path="/rules/{id}", run=_remove, summary="Remove a rule", right="settings", status=204),
]
