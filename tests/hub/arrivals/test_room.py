"""Room: which of all that a listener kept is asked for, and what counts as waiting."""

import pytest

from hub.arrivals.room import EACH, sampled
from hub.model import ArrivalId
from tests.hub.core import Clock, Core, kept_as
from tests.hub.scripted import said


@pytest.mark.parametrize("size", [1, 7, EACH - 1, EACH, EACH + 1, 500])
def test_every_fiftieth_is_asked_for_however_large_the_batches_are(size: int) -> None:
    kept = [ArrivalId(f"{n}") for n in range(1, 1001)]

    asked = [one for at in range(0, len(kept), size) for one in sampled(kept[at : at + size], at)]

    assert asked == [f"{n}" for n in range(50, 1001, 50)]


async def test_what_is_logged_set_aside_or_never_kept_does_not_wait(core: Core, clock: Clock) -> None:
    await core.keep(said("một", "m1", at=clock()), lane="u1")
    await core.keep_body(b"poison", "p1", lane="u2")
    await core.triage.process(await core.take_in("u1", "u2"))
    await core.keep(said("hai", "m2", at=clock()), lane="u1")

    asked = [kept_as(one) for one in ("m1", "p1", "m2", "m9")]

    assert await core.store.arrivals.still_new(asked) == {kept_as("m2")}
