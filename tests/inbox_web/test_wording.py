"""Vietnamese for whatever a health, a refusal or a connect page says: found by its form, and none is missing."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import channels
from channels.base import Spoken
from inbox_web.wording import worded
from inbox_web.words import SENTENCES_VI, say

TOP = Path(__file__).resolve().parents[2]
CHANNELS = sorted(channels.CHANNELS)
OF_THE_HUB = (
    "hub/people/connecting.py",
    "hub/arrivals/hearing.py",
    "hub/arrivals/fetching.py",
    "hub/arrivals/files.py",
    "hub/departures",
)
OF_THE_SETTINGS = (
    "hub/routing/reading.py",
    "hub/routing/hours.py",
    "hub/safety/passwords.py",
    "hub/safety/roles.py",
    "hub/learning/owning.py",
    "hub/store/rules.py",
    "inbox_web/api/rules.py",
    "inbox_web/api/roster.py",
    "inbox_web/api/agents.py",
    "inbox_web/api/teams.py",
    "inbox_web/api/quarantine.py",
    "inbox_web/website.py",
)
# Told to who uploads a list of rules or settings by a program, never to a page.
TO_PROGRAMS = {
    "This is not JSON that can be read.",
    "This is not a list of rules in JSON.",
    "These settings cannot be used: {}.",
}
# Raised before machines or programs, never before an agent; and people's own words in mails.
TO_MACHINES = {
    "channels/email/webhooks.py",
    "channels/email/forms.py",
    "channels/slack/inbound.py",
    "channels/slack/signature.py",
    "channels/webchat/inbound.py",
    "channels/api/inbound.py",
    "channels/telegram/inbound.py",
    "channels/email/sending/compose.py",
    "channels/email/listening/arriving.py",
    "hub/departures/by_mail.py",
    "hub/departures/mail_words.py",
    "hub/departures/compose.py",
    "hub/departures/change.py",
}
REFUSALS = {"BadInput", "Conflict", "NotFound", "Denied"}
RAISED = {"Unreachable", "BadInput", "Refused", "Retry", "Unknown", "Denied"}


def _vietnamese(kind: str) -> Mapping[str, str]:
    channel: object = channels.load(kind)
    assert isinstance(channel, Spoken)
    return {**SENTENCES_VI, **channel.vietnamese}


def test_a_sentence_with_gaps_is_found_by_its_form() -> None:
    said = worded("imap.shop.example cannot be reached (timed out). It is tried again.", _vietnamese("email"))

    assert said == "Không tới được imap.shop.example (timed out). Hub sẽ thử lại."


def test_the_sentence_that_another_one_quotes_is_worded_as_well() -> None:
    said = worded(
        "It could not be delivered in 8 tries. The last cause: Slack cannot be reached.", _vietnamese("slack")
    )

    assert said == "Gửi 8 lần vẫn không được. Lý do cuối: Không liên lạc được với Slack."


def test_the_closest_of_several_forms_is_taken() -> None:
    table = {"{}: {}": "rộng {} {}", "{} was refused: {}": "hẹp {} {}"}

    assert worded("lan@shop.example was refused: 550 no", table) == "hẹp lan@shop.example 550 no"


def test_what_stands_in_a_gap_may_change_its_place_or_go() -> None:
    assert worded("Bot token is missing (bot_token).", SENTENCES_VI) == "Chưa nhập ô này (bot_token)."


def test_a_sentence_without_words_of_its_own_is_never_half_translated() -> None:
    assert say("The moon is full.", "vi", "bad-input").startswith("Nội dung gửi lên chưa dùng được")
    assert say("The moon is full.", "en", "bad-input") == "The moon is full."


@pytest.mark.parametrize("kind", CHANNELS)
def test_everything_that_a_channel_says_of_an_account_or_a_message_has_vietnamese_words(kind: str) -> None:
    table = _vietnamese(kind)
    places = sorted((TOP / "channels" / kind).rglob("*.py"))

    assert [one for one in _said(places) if worded(_filled(one), table) is None] == []


def test_everything_that_the_hub_says_of_an_account_or_a_message_has_vietnamese_words() -> None:
    rooms = [TOP / one for one in OF_THE_HUB]
    places = [path for room in rooms for path in ([room] if room.is_file() else sorted(room.rglob("*.py")))]

    assert [one for one in _said(places) if worded(_filled(one), SENTENCES_VI) is None] == []


def test_everything_that_a_page_of_the_settings_is_refused_with_has_vietnamese_words() -> None:
    places = [TOP / one for one in OF_THE_SETTINGS]
    said = [one for path in places for one in _refused(path)]

    assert len(said) > 60
    assert [one for one in said if worded(_filled(one), SENTENCES_VI) is None] == []


@pytest.mark.parametrize("kind", CHANNELS)
def test_vietnamese_has_a_place_for_every_gap_that_it_names(kind: str) -> None:
    for english, vietnamese in _vietnamese(kind).items():
        places = re.findall(r"\{(\d*)\}", vietnamese)
        assert all(int(one) < english.count("{}") for one in places if one)
        assert sum(one == "" for one in places) <= english.count("{}")
        assert not re.search(r"hóa|tùy|hủy|vui lòng", vietnamese)


async def test_a_browser_gets_the_words_of_the_channels_that_are_connected(hub: Any) -> None:
    await hub.sign_in()
    words = (await (await hub.get("/api/v1/sentences")).json())["vi"]

    assert words["The channel is busy."] == "Kênh đang bận."
    assert words["The port in this address is no number."] == "Cổng trong địa chỉ này không phải là số."
    assert "Slack cannot be reached." not in words


async def test_a_connect_page_says_in_vietnamese_what_is_wrong(hub: Any) -> None:
    await hub.sign_in()
    wish = {"answers": {"bot_token": "nonsense", "signing_secret": "x"}}
    answer = await hub.post("/api/v1/accounts/connect/slack", wish, **{"Accept-Language": "vi"})

    detail = (await answer.json())["detail"]

    assert detail == "Token của bot bắt đầu bằng xoxb-. Xem ở OAuth & Permissions của ứng dụng."


# -- reading the code --------------------------------------------------------------------------------------------------


def _said(places: list[Path]) -> list[str]:
    """Every sentence that the code there can say to an agent, gaps as {}."""
    found = [one for path in places if _asked(path) for one in _of_file(path)]
    return sorted(set(found))


def _asked(path: Path) -> bool:
    return path.name != "vietnamese.py" and str(path.relative_to(TOP)) not in TO_MACHINES


def _of_file(path: Path) -> Iterator[str]:
    """What is raised, and what stands in constants, returns and tables of sentences."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED:
            yield from _sentences(node.args[:1])
        elif isinstance(node, ast.Return) and node.value is not None:
            yield from _sentences([node.value])
        elif isinstance(node, ast.Assign) and node in tree.body:
            yield from _sentences(node.value.values if isinstance(node.value, ast.Dict) else [node.value])


def _refused(path: Path) -> Iterator[str]:
    """What is raised there, and what its complaints are (pairs of a sentence and a place)."""
    for node in ast.walk(ast.parse(path.read_text())):
        told: list[ast.expr] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS:
            told = node.args[:1]
        elif isinstance(node, ast.Tuple) and len(node.elts) == 2:
            told = node.elts[:1]
        yield from (one for one in _sentences(told) if one not in TO_PROGRAMS and one != "{}.")


def _sentences(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        text = _template(node)
        if " " in text and text[0] in "{ABCDEFGHIJKLMNOPQRSTUVWXYZ" and text[-1] in ".:}" and text.strip("{}:., \r\n"):
            yield text


def _template(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return re.sub(r"\{[^}]*\}", "{}", node.value) if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
    return ""


def _filled(template: str) -> str:
    """As somebody may read it: every gap filled, but for a hint behind the last full stop."""
    template = template.removesuffix("{}") if template.endswith(".{}") else template
    return template.replace("{}", "x1") if not template.endswith(": ") else f"{template.replace('{}', 'x1')}x2"
