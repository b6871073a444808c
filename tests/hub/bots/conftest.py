"""Bots' flows over real stores: the shop of the rules' tests, and the words that these say with it."""

import pytest

from hub.bots.reading import check
from hub.flow import AnyStep, Ask, Choice, End, Flow, FlowId, HandOver, Say
from hub.model import Message
from hub.rule import AnyCondition, StartFlow, Trigger
from tests.hub.core import CARE, SALES, Core
from tests.hub.routing.conftest import Routing

BRANCHING: tuple[AnyStep, ...] = (
    Say(id="hello", text={"vi": "Dạ em chào anh/chị.", "en": "Hello!"}),
    Ask(
        id="what",
        text={"vi": "Anh/chị cần gì ạ?", "en": "How can we help?"},
        choices=(
            Choice(text={"vi": "Mua hàng", "en": "Buy"}, label="mua"),
            Choice(text={"vi": "Bảo hành", "en": "Warranty"}, go="care"),
        ),
    ),
    Ask(id="phone", text={"vi": "Cho em xin số điện thoại ạ.", "en": "Your phone number?"}, keep="phone"),
    HandOver(id="sales", to=SALES, text={"vi": "Dạ em chuyển nhân viên bán hàng."}),
    HandOver(id="care", to=CARE),
    End(id="end"),
)


class Bots(Routing):
    """A shop with flows."""

    async def flow(self, *steps: AnyStep, id: str = "f1", on: bool = True) -> Flow:
        made = Flow(id=FlowId(id), name=f"Kịch bản {id}", steps=steps or BRANCHING, on=on)
        check(made)
        await self.core.store.flows.put(made)
        await self.known()
        return made

    async def opens(self, *parts: AnyCondition, when: Trigger = "opened", flow: str = "f1") -> None:
        """A rule starts it with whoever writes for the first time."""
        await self.rule(when, *parts, StartFlow(name=flow))

    async def begun(self, text: str = "alo") -> None:
        """A customer wrote, and the first question stands in the log."""
        await self.flow()
        await self.opens()
        await self.begin()
        await self.says(text, "m1")

    async def says(self, text: str, id_: str) -> Message:
        """A customer writes, and what follows from it happens."""
        said = await self.core.hears(text, id_)
        await self.turn()
        return said

    async def spoken(self) -> list[str]:
        """What the bot said, in its order."""
        return [one.text for one in await self.core.log() if one.author.id.startswith("flow:") and one.text]

    async def entries(self) -> list[tuple[str, str | None]]:
        """The flow's own entries: verb, and the flow or why it ended."""
        return [(verb, to) for verb, to, _ in await self.changes() if verb.startswith("flow_")]

    async def ended(self) -> str | None:
        return next((to for verb, to in await self.entries() if verb == "flow_ended"), None)


@pytest.fixture
async def bots(core: Core) -> Bots:
    made = Bots(core)
    core.known = lambda: made.book.current
    return made
