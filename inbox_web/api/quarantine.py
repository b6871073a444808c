"""/quarantine: what could not be understood, to be tried again after a fix or set aside for good."""

import msgspec

from hub.errors import NotFound
from hub.events import quarantine_changed
from hub.model import Arrival, ArrivalId
from inbox_web.api.route import Ask, Route
from inbox_web.api.views import QuarantinedView, quarantined_view

INTAKE = "intake"  # the kind of nudge that workers wait for


class Quarantined(msgspec.Struct, frozen=True, kw_only=True):
    items: list[QuarantinedView]


async def _list(ask: Ask, _: None) -> Quarantined:
    found = await ask.parts.store.arrivals.quarantined()
    return Quarantined(items=[quarantined_view(one) for one in found])


async def _retry(ask: Ask, _: None) -> QuarantinedView:
    """Back into its lane; what is still wrong comes back here."""
    arrival = await _arrival(ask)
    await ask.parts.store.arrivals.release([arrival], ask.parts.now())
    await ask.parts.bus.nudge(INTAKE, [arrival.lane])
    await ask.parts.announcer.announce([quarantine_changed()], ask.parts.now())
    return quarantined_view(arrival)


async def _set_aside(ask: Ask, _: None) -> None:
    arrival = await _arrival(ask)
    await ask.parts.store.arrivals.set_aside(arrival.id)
    await ask.parts.announcer.announce([quarantine_changed()], ask.parts.now())


async def _arrival(ask: Ask) -> Arrival:
    arrival = await ask.parts.store.arrivals.get(ArrivalId(ask.path["id"]))
    if arrival is None or arrival.state not in ("quarantined", "new"):
        raise NotFound("This is not in quarantine any more.")
    return arrival


ROUTES = [
    Route(
        method="GET",
        path="/quarantine",
        run=_list,
        summary="Arrivals that could not be understood",
        right="settings",
        gives=Quarantined,
    ),
    Route(
        method="POST",
        path="/quarantine/{id}/retry",
        run=_retry,
        summary="Try one again",
        right="settings",
        gives=QuarantinedView,
        status=202,
    ),
    Route(
        method="DELETE",
        path="/quarantine/{id}",
        run=_set_aside,
        summary="Set one aside for good",
        right="settings",
        status=204,
    ),
]
