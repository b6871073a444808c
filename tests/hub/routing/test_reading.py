"""Rules from JSON: what is read, and which place is named when something is wrong."""

import msgspec
import pytest

from hub.errors import BadInput
from hub.routing.reading import Known, read, read_all
from hub.rule import HasIntent, InHours, Label, OnChannel, Reply, Stop, ToTeam, Words

WHOLE = b"""{
  "id": "r1", "name": "Khi\xe1\xba\xbfu n\xe1\xba\xa1i", "when": "tagged",
  "if": [{"what": "intent", "is": ["complaint"], "at_least": 0.7}, {"what": "channel", "is_not": ["email"]},
         {"what": "words", "any": ["h\xe1\xbb\x8fng"]}, {"what": "hours", "open": false, "team": "care"}],
  "then": [{"do": "team", "to": "care"}, {"do": "label", "add": ["vip"]},
           {"do": "reply", "text": {"vi": "D\xe1\xba\xa1", "en": "Yes"}}, {"do": "stop"}]
}"""


def test_a_rule_is_read_and_written_as_it_stands() -> None:
    rule = read(WHOLE)
    assert rule.conditions == (
        HasIntent(any_of=("complaint",), at_least=0.7),
        OnChannel(none_of=("email",)),
        Words(any=("hỏng",)),
        InHours(open=False, team="care"),
    )
    assert rule.actions == (ToTeam(to="care"), Label(add=("vip",)), Reply(text={"vi": "Dạ", "en": "Yes"}), Stop())
    assert read(msgspec.json.encode(rule)) == rule


def body(when: str = "tagged", if_: str = "", then: str = '{"do": "stop"}', more: str = "") -> bytes:
    return f'{{"id": "r", "name": "r", "when": "{when}", "if": [{if_}], "then": [{then}]{more}}}'.encode()


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (b"not json", None),
        (b"\xff\xfe\x00", None),
        (b'{"id": "r", "when": "tagged"}', None),
        (body(when="sometimes"), "when"),
        (body(when="idle"), "after_minutes"),
        (body(more=', "after_minutes": 5'), "after_minutes"),
        (body(when="idle", more=', "after_minutes": 0'), "after_minutes"),
        (body(then=""), "then"),
        (body(if_='{"what": "weather"}'), "if[0].what"),
        (body(if_='{"what": "channel"}'), "if[0].is"),
        (body(if_='{"what": "channel", "are": ["email"]}'), "if[0]"),
        (body(if_='{"what": "channel", "is": ["email"]}, {"what": "intent", "is": ["refund"], "at_least": 7}'),
         "if[1].at_least"),
        (body(if_='{"what": "words", "any": ["!!!"]}'), "if[0].any"),
        (body(if_='{"what": "score"}'), "if[0].at_least"),
        (body(if_='{"what": "priority", "is": ["very"]}'), "if[0].is"),
        (body(if_='{"what": "team", "is_not": ["sails"]}'), "if[0].is_not"),
        (body(then='{"do": "team", "to": "sails"}'), "then[0].to"),
        (body(then='{"do": "stop"}, {"do": "webhook", "url": "file:///etc/passwd"}'), "then[1].url"),
        (body(then='{"do": "webhook", "url": "https://[::1"}'), "then[0].url"),
        (body(then='{"do": "reply", "text": {}}'), "then[0].text"),
        (body(then='{"do": "label"}'), "then[0].add"),
        (body(then='{"do": "priority", "to": 3}'), "then[0].to"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_rule_names_its_place(text: bytes, field: str | None) -> None:
    with pytest.raises(BadInput) as raised:
        read(text, Known(teams=frozenset(("care",))))
    assert raised.value.field == field


def test_in_a_list_the_rules_place_is_named_too() -> None:
    with pytest.raises(BadInput) as raised:
        read_all(b"[" + body() + b"," + body(then="") + b"]")
    assert raised.value.field == "[1].then"
