"""Agents correct tags, and the tagger learns it: kept first, shown to everybody, taught behind a gate, and back."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hub.clock import utc_now
from hub.learning.school import LAST, Training
from hub.model import MessageId, Tag
from hub.store.corrections import Correction
from nlp.examples import Row, shipped
from nlp.train import train_to
from nlp.versions import current_version
from tests.inbox_web.conftest import Hub, MakeHub
from tests.inbox_web.rows import NEWEST, add_words

V1 = "/api/v1"
GUESS = Tag(
    intent="ask_price", confidence=0.61, band="suggest", language="vi", model="linear-1", words=("bao",), urgent=True
)
FEW = ("ask_price", "ask_stock", "order_status")
ASKED = "Áo này còn bao nhiêu cái ạ"


async def tagged(hub: Any, *texts: str) -> list[str]:
    """Messages of one conversation with a doubtful tag, as triage leaves them; their ids."""
    await add_words(hub, NEWEST, *texts)
    ids = [f"m_{NEWEST}_{text}" for text in texts]
    await hub.parts.store.messages.set_tags({MessageId(id_): GUESS for id_ in ids})
    await hub.parts.store.conversations.triaged({NEWEST: GUESS}, [])
    return ids


async def correct(hub: Any, message: str, intent: str, key: str | None = None) -> Any:
    return await hub.post(f"{V1}/messages/{message}/tag", {"intent": intent}, key=key)


async def row_tag(hub: Any) -> Any:
    return (await (await hub.get(f"{V1}/conversations/{NEWEST}")).json())["conversation"]["tag"]


async def learning(hub: Any) -> Any:
    return await (await hub.get(f"{V1}/learning")).json()


# -- correcting -------------------------------------------------------------------------------------------------------


async def test_a_corrected_tag_is_kept_and_shown_in_message_and_row(shop: Any) -> None:
    (message,) = await tagged(shop, ASKED)
    wire = await shop.live()
    answer = await (await correct(shop, message, "ask_stock")).json()
    told, row = [one["data"] for one in (await wire.hear("events"))["items"]]
    page = await learning(shop)
    assert [(one.model, one.name) for one in await shop.parts.store.corrections.all()] == [(GUESS.model, "Lan")]
    assert (answer["tag"]["intent"], answer["tag"]["band"], answer["tag"]["confidence"]) == ("ask_stock", "route", 1.0)
    assert (answer["tag"]["by"], answer["tag"]["words"], answer["tag"]["urgent"]) == ("Lan", [], True)
    assert told == {"message": message, "set": {"tag": answer["tag"]}}
    assert row["set"] == {"tag": answer["tag"]} == {"tag": await row_tag(shop)}
    assert [(one["before"], one["after"], one["text"], one["name"]) for one in page["items"]] == [
        ("ask_price", "ask_stock", ASKED, "Lan")
    ]


async def test_an_older_message_is_corrected_and_the_row_keeps_its_tag(shop: Any) -> None:
    older, newest = await tagged(shop, ASKED, "Giá áo này nhiêu shop")
    await correct(shop, newest, "ask_promotion")
    await correct(shop, older, "ask_stock")
    found = {one.id: one for one in await shop.parts.store.messages.by_ids([older, newest])}
    assert (found[older].tag.intent, found[newest].tag.intent) == ("ask_stock", "ask_promotion")
    assert (await row_tag(shop))["intent"] == "ask_promotion"


async def test_saying_what_it_says_already_changes_nothing(shop: Any) -> None:
    (message,) = await tagged(shop, ASKED)
    for key in ("the-first-one", "the-first-one", "another-one"):
        await correct(shop, message, "ask_stock", key=key)
    assert (await learning(shop))["total"] == 1


async def test_a_suggestion_that_an_agent_agrees_with_is_sure_and_learnt(shop: Any) -> None:
    (message,) = await tagged(shop, ASKED)
    answer = await (await correct(shop, message, "ask_price")).json()
    page = await learning(shop)
    assert (answer["tag"]["band"], answer["tag"]["by"], answer["tag"]["words"]) == ("route", "Lan", ["bao"])
    assert [(one["before"], one["after"]) for one in page["items"]] == [("ask_price", "ask_price")]


async def test_the_way_back_is_a_word_as_well(shop: Any) -> None:
    (message,) = await tagged(shop, ASKED)
    await correct(shop, message, "ask_stock")
    await correct(shop, message, "ask_price")
    page = await learning(shop)
    assert [(one["before"], one["after"]) for one in page["items"]] == [
        ("ask_stock", "ask_price"),
        ("ask_price", "ask_stock"),
    ]
    assert (page["waiting"], (await row_tag(shop))["intent"]) == (1, "ask_price")


@pytest.mark.parametrize(("intent", "status"), [("no_such_intent", 400), ("", 400)])
async def test_an_intent_that_nobody_knows_is_refused(shop: Any, intent: str, status: int) -> None:
    (message,) = await tagged(shop, ASKED)
    answer = await correct(shop, message, intent)
    assert (answer.status, (await answer.json())["field"], (await learning(shop))["total"]) == (status, "intent", 0)


async def test_what_no_customer_wrote_has_no_intent(shop: Any) -> None:
    await add_words(shop, NEWEST, "Dạ còn ạ", kind="out", author="a_lan")
    answer = await correct(shop, f"m_{NEWEST}_Dạ còn ạ", "ask_stock")
    gone = await correct(shop, "m_nobody", "ask_stock")
    assert (answer.status, (await answer.json())["detail"]) == (409, "Only what a customer wrote has an intent.")
    assert (gone.status, (await learning(shop))["total"]) == (404, 0)


async def test_agents_correct_and_only_administrators_teach(shop: Any) -> None:
    (message,) = await tagged(shop, ASKED)
    await shop.sign_in("agent", "hoa@shop.example")
    corrected = await correct(shop, message, "ask_stock")
    answers = [await shop.get(f"{V1}/learning"), await shop.get(f"{V1}/learning/training")]
    answers += [await shop.post(f"{V1}/learning/{what}", {}) for what in ("train", "rollback")]
    assert (corrected.status, [one.status for one in answers]) == (200, [403] * 4)


# -- teaching ---------------------------------------------------------------------------------------------------------


def little() -> list[Row]:
    """Some of the shipped messages of three intents: learnt in a second."""
    return [row for name in FEW for row in [one for one in shipped() if one.intent == name][:40]]


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """The hub's models, with a small one in use."""
    train_to(tmp_path / "models", little(), heads=1)
    return tmp_path / "models"


async def ended(hub: Any) -> Any:
    """The training, once it is over."""
    async with asyncio.timeout(90):
        while (found := (await (await hub.get(f"{V1}/learning/training")).json())["training"])["state"] == "running":
            await asyncio.sleep(0.1)
    return found


@pytest.mark.timeout(120)
async def test_what_was_corrected_is_learnt_behind_the_gate_and_one_click_goes_back(shop: Any, models: Path) -> None:
    first = current_version(models)
    (message,) = await tagged(shop, ASKED)
    await correct(shop, message, "ask_stock")
    assert [(await learning(shop))[name] for name in ("model", "former", "waiting")] == [first, None, 1]
    began = await shop.post(f"{V1}/learning/train", {})
    twice = await shop.post(f"{V1}/learning/train", {})
    training = await ended(shop)
    taught = await learning(shop)
    assert (began.status, twice.status, training["state"], training["name"]) == (202, 409, "passed", "Lan")
    assert (training["verdict"]["rows"], training["former"], training["progress"]) == (121, first, 1.0)
    assert set(training["verdict"]["after"]["intents"]) == set(FEW)
    assert (taught["model"], taught["former"], taught["waiting"]) == (training["version"], first, 0)
    assert (await shop.post(f"{V1}/learning/train", {})).status == 409  # nothing new
    back = await (await shop.post(f"{V1}/learning/rollback", {})).json()
    assert (back["model"], back["waiting"], current_version(models)) == (first, 1, first)
    assert (await shop.post(f"{V1}/learning/rollback", {})).status == 409
    assert list(models.glob(".corrections*")) == []


@pytest.mark.timeout(120)
async def test_a_model_that_loses_too_much_does_not_serve(shop: Any, models: Path) -> None:
    first = current_version(models)
    wrong = [f"{one.text} ạ" for one in little() if one.intent == "ask_price"]
    for number, text in enumerate(wrong):
        await shop.parts.store.corrections.add(correction(number, text, "order_status"))
    await shop.post(f"{V1}/learning/train", {})
    training = await ended(shop)
    assert (training["state"], bool(training["verdict"]["against"])) == ("refused", True)
    assert (current_version(models), (await learning(shop))["waiting"]) == (first, len(wrong))


@pytest.mark.timeout(120)
async def test_a_training_that_fails_says_why_in_one_line(shop: Any, models: Path) -> None:
    (message,) = await tagged(shop, ASKED)
    await correct(shop, message, "refund")  # the only example of it
    await shop.post(f"{V1}/learning/train", {})
    training = await ended(shop)
    assert training["state"] == "failed"
    assert training["why"] == "Each intent needs at least 2 examples; too few for: refund"


async def test_without_a_model_there_is_nothing_to_go_on_from(shop: Any) -> None:
    answers = [await shop.post(f"{V1}/learning/{what}", {}) for what in ("train", "rollback")]
    assert [one.status for one in answers] == [409, 409]
    assert (await learning(shop))["model"] is None


async def test_a_training_whose_process_is_gone_has_failed(make_hub: MakeHub, tmp_path: Path) -> None:
    hub: Hub = await make_hub()
    await hub.sign_in()
    running = Training(state="running", at=utc_now(), name="Lan", corrections=1, former="linear-1", progress=0.4)
    (tmp_path / "models").mkdir(exist_ok=True)
    (tmp_path / "models" / LAST).write_bytes(msgspec.json.encode(running))
    found = await ended(hub)
    assert (found["state"], found["why"]) == ("failed", "It was interrupted; begin it again.")


def correction(number: int, text: str, after: str) -> Correction:
    """What somebody might have said."""
    made: dict[str, Any] = {"message": f"m_{number}", "conversation": NEWEST, "agent": "a_lan", "name": "Lan"}
    return msgspec.convert({"id": f"k_{number}", "text": text, "after": after, "at": utc_now(), **made}, Correction)
