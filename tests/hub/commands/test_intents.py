"""`hub intents` beside a hub whose owner has a list of intents: train, import and evaluate go by it."""

import argparse
import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from hub.clock import utc_now
from hub.commands import intents
from hub.model import AgentId
from hub.settings import Settings
from hub.store import open_store
from hub.store.intents import ExampleWord
from nlp.errors import BadExamples
from nlp.examples import Row
from nlp.plan import Plan
from nlp.train import train_to
from nlp.versions import learnt, planned

GIFT = "own_gift_wrap_1"


@pytest.fixture
async def owned(settings: Settings) -> Settings:
    """An owner's list: an intent of their own with two examples, one merged, one switched off; and a small model."""
    async with open_store(str(settings.mongo_url)) as store:
        await store.intents.say(GIFT, "Lan", utc_now(), {"own": True, "vi": "Gói quà", "en": "Gift wrap"})
        await store.intents.say("ask_stock", "Lan", utc_now(), {"into": "ask_price"})
        await store.intents.say("spam", "Lan", utc_now(), {"on": False})
        await store.examples.add([example(f"gift box {number}") for number in range(2)])
    names = ("ask_price", "ask_stock", "refund", "spam")
    rows = [Row(text=f"{name} words {number}", intent=name) for name in names for number in range(12)]
    train_to(settings.data / "models", rows, heads=1)
    return settings


def example(text: str) -> ExampleWord:
    return ExampleWord(id=f"x_{text}", intent=GIFT, text=text, agent=AgentId("a"), name="Lan", at=utc_now())


def written(path: Path, *rows: tuple[str, str]) -> Path:
    path.write_text("".join(json.dumps({"text": text, "intent": intent}) + "\n" for text, intent in rows))
    return path


async def run(settings: Settings, verb: str, **said: Any) -> int:
    args = argparse.Namespace(verb=verb, **{"models": None, **said})
    return await asyncio.to_thread(intents.run, args, settings)


@pytest.mark.timeout(180)
async def test_messages_of_an_own_intent_are_imported_as_it_is_called_and_the_list_holds(
    owned: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path / "new.jsonl", *((f"wrap it {number}", "gói quà") for number in range(8)), ("hi", GIFT))
    assert await run(owned, "import", file=file) == 0
    models = owned.data / "models"
    assert planned(models) == Plan(merged={"ask_stock": "ask_price"}, off=("spam",), own=(GIFT,))
    assert sum(1 for row in learnt(models) if row.intent == GIFT) == 11
    assert f"new   {GIFT}: " in capsys.readouterr().out
    judged = written(tmp_path / "judged.jsonl", *[("ask_stock words 3", "ask_stock"), ("wrap it 4", GIFT)] * 4)
    assert await run(owned, "evaluate", file=judged, train=None) == 0
    assert "best guess without abstaining 100.0%" in capsys.readouterr().out


async def test_an_intent_that_nobody_has_is_named_with_its_line(owned: Settings, tmp_path: Path) -> None:
    file = written(tmp_path / "new.jsonl", ("hoàn tiền", "refund"), ("gói quà", "gift wraps"))
    with pytest.raises(BadExamples) as told:
        await run(owned, "import", file=file)
    assert str(told.value) == (
        f'{file}:2: there is no intent "gift wraps". Is "gift wrap" meant? '
        "Add it in the settings under Intents first, or name another one; nothing was learnt."
    )


def test_where_no_hub_ran_there_is_nobody_to_ask(tmp_path: Path) -> None:
    assert intents.said(Settings(data=tmp_path)) is None
