"""What is wrong with a flow is said by its place."""

import pytest

from hub.bots.reading import check
from hub.errors import BadInput
from hub.flow import AnyStep, Ask, Choice, End, Flow, FlowId, HandOver, Say

VI = {"vi": "Dạ"}


def flow(*steps: AnyStep, name: str = "Chào") -> Flow:
    return Flow(id=FlowId("f"), name=name, steps=steps)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (flow(), "steps"),
        (flow(End(id="a"), name=" "), "name"),
        (flow(End(id="a"), End(id="a")), "steps"),
        (flow(*(Say(id=f"{n}", text={"vi": "a" * 1_900}) for n in range(8))), "steps"),
        (flow(Say(id="a", text={})), "steps[0].text"),
        (flow(Say(id="a", text={"vi": " "})), "steps[0].text"),
        (flow(Say(id="a", text=VI, go="a")), "steps[0].go"),
        (flow(Say(id="a", text=VI), Ask(id="b", text=VI, go="a")), "steps[1].go"),
        (flow(HandOver(id="a", to="t_none")), "steps[0].to"),
        (flow(Ask(id="a", text=VI, choices=(Choice(text=VI, go="x"),))), "steps[0].choices[0].go"),
        (flow(Ask(id="a", text=VI, choices=(Choice(text=VI), Choice(text={"en": "da!"})))), "steps[0].choices[1].text"),
        (flow(Ask(id="a", text=VI, choices=(Choice(text={"vi": "?"}),))), "steps[0].choices[0].text"),
        (flow(Ask(id="a", text=VI, choices=(Choice(text=VI, label=" "),))), "steps[0].choices[0].label"),
    ],
)
def test_what_cannot_work_is_refused_by_its_place(bad: Flow, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        check(bad, frozenset({"t_sales"}))
    assert refused.value.field == field


def test_a_flow_that_only_goes_forward_is_taken() -> None:
    ask = Ask(id="a", text=VI, choices=(Choice(text=VI, go="c"), Choice(text={"en": "No"})))
    check(flow(ask, Say(id="b", text=VI, go="d"), HandOver(id="c", to="t_sales"), End(id="d")), frozenset({"t_sales"}))
