"""An owner adds, renames, merges and switches off intents and gives examples; agents read, and see the names."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from hub.arrivals.tagging import Tagger
from hub.commands.rooms import new_intake
from hub.learning.owning import MOST_LINES
from hub.model import MessageId, Tag
from nlp.examples import shipped
from nlp.tagger import load
from nlp.train import train_to
from nlp.versions import current_version
from tests.inbox_web.conftest import Hub
from tests.inbox_web.test_learning import V1, correct, ended, row_tag, tagged

FEW = ("ask_price", "ask_stock", "order_status", "ask_promotion")
GIFTS = [
    "shop có dịch vụ gói quà không ạ",
    "gói quà sinh nhật giúp em nhé",
    "em muốn gói quà kèm thiệp",
    "có gói quà đẹp không shop",
    "gói quà tặng mẹ được không",
    "gói quà giúp mình với",
    "bên mình gói quà tính phí sao",
    "do you gift wrap",
    "can you gift wrap this for me",
]
PRICE_VI = "Hỏi giá"


async def listed(hub: Any, name: str) -> Any:
    items = (await (await hub.get(f"{V1}/intents")).json())["items"]
    return next(one for one in items if one["name"] == name)


async def shown(hub: Any, name: str) -> Any:
    return next(one for one in (await (await hub.get(f"{V1}/bootstrap")).json())["intents"] if one["name"] == name)


async def change(hub: Any, name: str, **wish: Any) -> Any:
    return await hub.patch(f"{V1}/intents/{name}", wish)


async def add(hub: Any, vi: str = "Gói quà", en: str = "Gift wrap", key: str | None = None) -> str:
    answer = await hub.post(f"{V1}/intents", {"vi": vi, "en": en, "meaning": "Gói và thiệp", "tone": "care"}, key=key)
    assert answer.status == 201, await answer.text()
    return str((await answer.json())["name"])


async def give(hub: Any, name: str, *texts: str) -> Any:
    return await hub.post(f"{V1}/intents/{name}/examples", {"texts": list(texts)})


async def texts(hub: Any, name: str) -> list[str]:
    return [one["text"] for one in (await (await hub.get(f"{V1}/intents/{name}/examples")).json())["items"]]


# -- the list ---------------------------------------------------------------------------------------------------------


async def test_an_intent_that_the_owner_added_is_offered_everywhere_and_waits_for_examples(shop: Any) -> None:
    wire = await shop.live()
    name = await add(shop, key="the-same-key")
    await wire.item("settings.changed")
    assert (name.startswith("own_gift_wrap_"), await add(shop, key="the-same-key")) == (True, name)
    assert await shown(shop, name) == {"name": name, "vi": "Gói quà", "en": "Gift wrap", "tone": "care"}
    one = await listed(shop, name)
    assert (one["own"], one["meaning_vi"], one["missing"], one["taught"]) == (True, "Gói và thiệp", 8, False)


async def test_a_renamed_intent_keeps_its_name_in_tags_and_can_be_called_as_before(shop: Any) -> None:
    await change(shop, "ask_price", vi=PRICE_VI)
    assert await shown(shop, "ask_price") == {"name": "ask_price", "vi": PRICE_VI, "en": "Price", "tone": "plain"}
    back = await (await change(shop, "ask_price", vi="")).json()
    assert (back["vi"], back["renamed"]) == ("Giá", False)


async def test_a_merged_intent_is_shown_as_the_other_one_and_offered_no_more(shop: Any) -> None:
    (message,) = await tagged(shop, "Áo này còn không")
    merged = await (await change(shop, "ask_price", into="ask_stock")).json()
    assert (merged["into"], await shown(shop, "ask_price")) == (
        "ask_stock",
        {"name": "ask_price", "vi": "Còn hàng", "en": "In stock", "tone": "plain", "offered": False},
    )
    assert (await row_tag(shop))["intent"] == "ask_price"  # as it was stored
    told = await (await correct(shop, message, "ask_price")).json()
    assert told["tag"]["intent"] == "ask_stock"
    assert (await (await change(shop, "ask_price", into="")).json())["into"] is None


async def test_an_intent_that_is_off_is_offered_no_more_and_its_tags_stay_readable(shop: Any) -> None:
    (message,) = await tagged(shop, "Áo này còn không")
    await change(shop, "spam", on=False)
    refused = await correct(shop, message, "spam")
    assert (refused.status, (await shown(shop, "spam"))["offered"], (await shown(shop, "spam"))["vi"]) == (
        400,
        False,
        "Rác",
    )
    assert (await (await change(shop, "spam", on=True)).json())["on"] is True


@pytest.mark.parametrize(
    ("name", "wish", "field"),
    [
        ("stop_messages", {"on": False}, "on"),
        ("unknown", {"on": False}, "on"),
        ("stop_messages", {"into": "spam"}, "into"),
        ("spam", {"into": "unknown"}, "into"),
        ("spam", {"into": "spam"}, "into"),
        ("spam", {"into": "nobody"}, "into"),
        ("spam", {"vi": "giá"}, "vi"),
        ("spam", {"en": "x" * 41}, "en"),
        ("spam", {"meaning": "x"}, "meaning"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_place(shop: Any, name: str, wish: Any, field: str) -> None:
    answer = await change(shop, name, **wish)
    assert (answer.status, (await answer.json())["field"]) == (400, field)


async def test_an_own_intent_that_nothing_names_is_removed_and_taken_back(shop: Any) -> None:
    name = await add(shop)
    await give(shop, name, *GIFTS)
    await tagged(shop, name)
    gone = await (await change(shop, name, gone=True)).json()
    renamed = await change(shop, name, vi="Khác")
    other = await add(shop, "Gói quà", "Gift wrap")  # its name is free
    moved = await (await give(shop, other, GIFTS[0])).json()
    await change(shop, other, gone=True)
    back = await (await change(shop, name, gone=False, on=True)).json()

    assert (gone["gone"], gone["on"], renamed.status) == (True, False, 400)
    assert [one["text"] for one in moved["added"]] == [GIFTS[0]]
    assert (back["gone"], back["on"], back["examples"]) == (False, True, len(GIFTS) - 1)
    assert (await shown(shop, other))["offered"] is False


async def test_a_removed_intent_that_was_merged_goes_on_counting_for_the_other(shop: Any) -> None:
    name = await add(shop)
    await change(shop, name, into="ask_price")
    assert (await (await change(shop, name, gone=True)).json())["into"] == "ask_price"
    assert (await shown(shop, name))["vi"] == (await shown(shop, "ask_price"))["vi"]


async def test_an_intent_that_is_named_somewhere_is_not_removed(shop: Any) -> None:
    name, merged = await add(shop), await add(shop, "Thiệp", "Card")
    condition = {"what": "wish", "is_not": [name]}
    rule = {"name": "Quà", "when": "tagged", "if": [condition], "then": [{"do": "note", "text": "a"}]}
    rule = await (await shop.post(f"{V1}/rules", rule)).json()
    team = await (await shop.post(f"{V1}/teams", {"name": "Gói", "intents": [name]})).json()
    agent = (await (await shop.get(f"{V1}/session")).json())["agent"]["id"]
    await shop.put(f"{V1}/roster/agents/{agent}", {"intents": [name]})
    await change(shop, merged, into=name)
    said = [await refusal(shop, name)]
    await shop.delete(f"{V1}/rules/{rule['id']}")
    said.append(await refusal(shop, name))
    await shop.patch(f"{V1}/teams/{team['id']}", {"intents": []})
    said.append(await refusal(shop, name))
    await shop.put(f"{V1}/roster/agents/{agent}", {"intents": []})
    said.append(await refusal(shop, name))
    await change(shop, merged, into="")
    assert [one.partition(".")[0] for one in said] == [
        "The rule “Quà” asks for it",
        "The team “Gói” gets it",
        "It is a skill of Lan",
        "“Thiệp” counts as it",
    ]
    assert (await change(shop, name, gone=True)).status == 200
    assert "built-in" in await refusal(shop, "ask_price")


async def refusal(hub: Any, name: str) -> str:
    answer = await change(hub, name, gone=True)
    assert answer.status == 400
    return str((await answer.json())["detail"])


async def test_a_merge_goes_no_round(shop: Any) -> None:
    await change(shop, "ask_price", into="ask_stock")
    assert [(await change(shop, "ask_stock", into="ask_price")).status, (await change(shop, "none")).status] == [
        400,
        404,
    ]


async def test_a_name_that_was_taken_meanwhile_is_refused_to_the_one_that_comes_back(shop: Any) -> None:
    name = await add(shop)
    await change(shop, name, on=False)
    await add(shop)
    answer = await change(shop, name, on=True)
    assert (answer.status, (await answer.json())["detail"]) == (400, "There is an intent called “Gói quà” already.")
    assert (await change(shop, name, on=True, vi="Bọc quà", en="Wrapping")).status == 200


# -- examples ---------------------------------------------------------------------------------------------------------


async def test_a_pasted_list_gives_an_example_a_line_and_what_is_known_changes_nothing(shop: Any) -> None:
    name = await add(shop)
    first = await (await give(shop, name, "- gói quà giúp em\n\n2. Có gói quà không\n", "GÓI quà  giúp em")).json()
    again = await (await give(shop, name, "gói quà giúp em", "thiệp nữa nhé")).json()
    other = await (await give(shop, "praise", "thiệp nữa nhé", "đẹp lắm")).json()
    assert ([one["text"] for one in first["added"]], first["known"]) == (["GÓI quà  giúp em", "Có gói quà không"], 0)
    assert ([one["text"] for one in again["added"]], again["known"]) == (["thiệp nữa nhé"], 1)
    assert [(one["text"], one["intent"]) for one in other["elsewhere"]] == [("thiệp nữa nhé", name)]
    one = await listed(shop, name)
    assert (one["examples"], one["messages"], one["missing"]) == (3, 0, 5)


async def test_examples_are_taken_back_and_given_again_and_all_of_it_is_on_record(shop: Any) -> None:
    name = await add(shop)
    added = (await (await give(shop, name, *GIFTS[:2])).json())["added"]
    taken = await shop.post(f"{V1}/intents/{name}/examples/taken", {"ids": [added[0]["id"], "x_nobody"]})
    assert (await taken.json(), await texts(shop, name)) == ({"taken": 1}, [GIFTS[1]])
    await give(shop, name, GIFTS[0])
    words = await shop.parts.store.examples.all()
    assert (await texts(shop, name), len(words), {one.name for one in words}) == (GIFTS[:2], 4, {"Lan"})


@pytest.mark.parametrize("told", [[], ["  \n "], ["x"], ["x" * 501], [f"câu {n}" for n in range(MOST_LINES + 1)]])
async def test_a_list_that_cannot_be_taken_is_refused_whole(shop: Any, told: list[str]) -> None:
    answer = await give(shop, "praise", *told)
    assert (answer.status, (await answer.json())["field"], await texts(shop, "praise")) == (400, "texts", [])


async def test_what_is_not_taught_takes_no_examples(shop: Any) -> None:
    await change(shop, "spam", on=False)
    assert [(await give(shop, name, "gì đó")).status for name in ("spam", "unknown", "nobody")] == [400, 400, 404]


async def test_agents_read_the_list_and_only_administrators_write_it(shop: Any) -> None:
    await shop.sign_in("agent", "hoa@shop.example")
    read = [await shop.get(f"{V1}/intents"), await shop.get(f"{V1}/intents/praise/examples")]
    written = [
        await change(shop, "spam", on=False),
        await give(shop, "praise", "đẹp lắm"),
        await shop.post(f"{V1}/intents", {"vi": "Gói quà"}),
        await shop.post(f"{V1}/intents/praise/examples/taken", {"ids": []}),
    ]
    assert ([one.status for one in read], [one.status for one in written]) == ([200] * 2, [403] * 4)


# -- teaching ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """The hub's models, with a small one of four intents in use."""
    few = [row for name in FEW for row in [one for one in shipped() if one.intent == name][:40]]
    train_to(tmp_path / "models", few, heads=1)
    return tmp_path / "models"


@pytest.mark.timeout(120)
async def test_own_merged_and_switched_off_intents_are_learnt_behind_the_gate(shop: Any, models: Path) -> None:
    first = current_version(models)
    name = await add(shop)
    await give(shop, name, *GIFTS[:7])
    assert ((await listed(shop, name))["missing"], (await shop.post(f"{V1}/learning/train", {})).status) == (1, 409)
    await give(shop, name, *GIFTS[7:])
    await change(shop, "ask_stock", into="ask_price")
    await change(shop, "ask_promotion", on=False)
    assert (await (await shop.get(f"{V1}/intents")).json())["changed"] == 9 + 40 + 40
    await shop.post(f"{V1}/learning/train", {})
    training = await ended(shop)
    assert (training["state"], training["verdict"]["against"], training["changed"]) == ("passed", [], 89)
    assert (set(training["verdict"]["fresh"]), training["verdict"]["gone"]) == ({name}, {"ask_promotion": 40})
    tagger = load(models)
    assert tagger.component.labels == ("ask_price", "order_status", name)
    assert tagger.tag(["bên mình gói quà tặng bạn được không"])[0].intent == name
    assert [(await listed(shop, one))["taught"] for one in (name, "ask_price", "ask_stock", "ask_promotion")] == [
        True,
        True,
        False,
        False,
    ]
    assert (await (await shop.get(f"{V1}/learning")).json())["changed"] == 0
    await shop.post(f"{V1}/learning/rollback", {})
    assert (current_version(models), (await (await shop.get(f"{V1}/learning")).json())["changed"]) == (first, 89)


@pytest.mark.timeout(180)
async def test_the_list_holds_for_fresh_tags_before_anything_is_learnt(hub: Hub, models: Path) -> None:
    await hub.sign_in()
    await change(hub, "ask_stock", into="ask_price")
    await change(hub, "ask_promotion", on=False)
    tagger = Tagger(models)
    new_intake(hub.rooms, tagger)
    await hub.rooms.rules.keep_up()
    asked = {MessageId(name): next(row.text for row in shipped() if row.intent == name) for name in FEW[1::2]}
    assert [one.intent for one in load(models).tag(list(asked.values()))] == ["ask_stock", "ask_promotion"]
    process = asyncio.create_task(tagger.run())
    tags = await answered(tagger, asked)
    process.cancel()
    await asyncio.wait({process})
    assert {id_: tag.intent for id_, tag in tags.items()} == {"ask_stock": "ask_price", "ask_promotion": "unknown"}


async def answered(tagger: Tagger, asked: dict[MessageId, str]) -> dict[MessageId, Tag]:
    """The tags of all of these, once they are there."""
    told: asyncio.Queue[dict[MessageId, Tag]] = asyncio.Queue()
    tagger.late = told.put
    tags = await tagger.tag(asked, 0)
    while len(tags) < len(asked):
        tags |= await told.get()
    return tags
