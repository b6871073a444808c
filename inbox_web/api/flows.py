"""/flows: the bots' flows that rules start. A change names the version it was made of; what has begun stays so."""

import msgspec

from hub.bots import reading
from hub.errors import BadInput, Conflict, NotFound
from hub.flow import AnyStep, Flow, FlowId
from hub.rule import StartFlow
from inbox_web.api.agents import tell
from inbox_web.api.derived import derived_id
from inbox_web.api.route import Ask, Route
from inbox_web.api.versioned import Switch, add, save, switch

MOST_FLOWS = 100


class FlowWish(msgspec.Struct, frozen=True, kw_only=True):
    """A flow as somebody writes it; `version` is the one that they saw, of a change."""

    name: str
    steps: tuple[AnyStep, ...] = ()
    on: bool = True
    version: int = 0


class FlowList(msgspec.Struct, frozen=True, kw_only=True):
    """By name."""

    items: list[Flow]


async def _list(ask: Ask, _: None) -> FlowList:
    return FlowList(items=sorted(await ask.parts.store.flows.all(), key=lambda one: (reading.same(one.name), one.id)))


async def _add(ask: Ask, wish: FlowWish) -> Flow:
    """The same key again finds the flow that it made."""
    if len(await ask.parts.store.flows.all()) >= MOST_FLOWS:
        raise BadInput(f"There are {MOST_FLOWS} flows already; remove one first.")
    return await add(ask, ask.parts.store.flows, await _made(ask, wish, derived_id("f", ask), 1))


async def _change(ask: Ask, wish: FlowWish) -> Flow:
    before = await _flow(ask, ask.path["id"])
    return await save(ask, ask.parts.store.flows, await _made(ask, wish, before.id, wish.version + 1))


async def _switch(ask: Ask, wish: Switch) -> Flow:
    return await switch(ask, ask.parts.store.flows, await _flow(ask, ask.path["id"]), wish)


async def _remove(ask: Ask, _: None) -> None:
    flow = await _flow(ask, ask.path["id"])
    for rule in await ask.parts.store.rules.all():
        if any(isinstance(one, StartFlow) and one.name in (flow.id, flow.name) for one in rule.actions):
            raise Conflict(f"The rule “{rule.name}” starts this flow. Change the rule first, or switch the flow off.")
    await ask.parts.store.flows.remove(flow.id)
    await tell(ask)


async def _made(ask: Ask, wish: FlowWish, id_: str, version: int) -> Flow:
    """The flow that is wished for; raises BadInput with its place when it cannot work."""
    flow = Flow(
        id=FlowId(id_),
        name=wish.name.strip(),
        steps=wish.steps,
        on=wish.on,
        version=version,
        at=ask.parts.now(),
        by=ask.agent.name,
    )
    reading.check(flow, frozenset(str(one.id) for one in await ask.parts.store.teams.all()))
    named = (one for one in await ask.parts.store.flows.all() if one.id != id_)
    if any(one.name.lower() == flow.name.lower() for one in named):
        raise BadInput("There is a flow of this name already.", "name")
    return flow


async def _flow(ask: Ask, id_: str) -> Flow:
    flow = await ask.parts.store.flows.get(id_)
    if flow is None:
        raise NotFound("There is no such flow.")
    return flow


ROUTES = [
    Route(method="GET", path="/flows", run=_list, summary="Every flow of the bots", right="settings", gives=FlowList),
    Route(
        method="POST",
        path="/flows",
        run=_add,
        summary="Add a flow; a rule starts it",
        right="settings",
        takes=FlowWish,
        gives=Flow,
        status=201,
    ),
    Route(
        method="PUT",
        path="/flows/{id}",
        run=_change,
        summary="Change a flow, naming the version that was seen",
        right="settings",
        takes=FlowWish,
        gives=Flow,
    ),
    Route(
        method="PATCH",
        path="/flows/{id}",
        run=_switch,
        summary="Switch a flow on or off",
        right="settings",
        takes=Switch,
        gives=Flow,
    ),
    Route(
        method="DELETE",
        path="/flows/{id}",
        run=_remove,
        summary="Remove a flow that no rule starts",
        right="settings",
        status=204,
    ),
]
