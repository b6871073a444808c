"""The tagger's process as triage meets it: slow, or asked too much. A small program plays it, line for line."""

import asyncio
import shutil
import sys
from functools import partial
from pathlib import Path

import pytest

from hub.arrivals import tagging
from hub.arrivals.tagging import Tagger
from hub.arrivals.triage import WAIT_S
from hub.model import Message, MessageId
from tests.hub.core import CARE, Core, running, until

pytestmark = pytest.mark.timeout(180)

TAG = '"intent": "price", "confidence": 0.97, "band": "route", "language": "vi", "model": "m"'
ONE_BEHIND = f"""
import json, sys
print('{{"ready": "m"}}', flush=True)
waiting = []
for line in sys.stdin:
    if waiting:
        print(json.dumps({{"id": waiting.pop(), **json.loads('{{{TAG}}}')}}), flush=True)
    waiting.append(json.loads(line)["id"])
"""
NOTES = f"""
import json, sys
print('{{"ready": "m"}}', flush=True)
for line in sys.stdin:
    asked = json.loads(line)["id"]
    open(sys.argv[1] + "/asked", "a").write(asked + "\\n")
    print(json.dumps({{"id": asked, **json.loads('{{{TAG}}}')}}), flush=True)
"""
FORMER = """
import sys
print('{"ready": "former", "instead": "the current one is damaged; former serves instead"}', flush=True)
sys.stdin.readline()
print('{"ready": "fresh"}', flush=True)
sys.stdin.readline()
print('{"error": "the newest is damaged", "kept": "fresh"}', flush=True)
sys.stdin.readline()
"""


def played(models: Path, program: str) -> Tagger:
    """A tagger whose process is this program; it has a model to begin with."""
    models.mkdir(exist_ok=True)
    (models / "current").write_text("m")
    return Tagger(models, command=(sys.executable, "-c", program))


async def is_up(tagger: Tagger) -> bool:
    return tagger.state == "up"


async def test_triage_waits_fifty_milliseconds_for_a_slow_tagger_and_its_tag_comes_late(core: Core) -> None:
    slow = played(core.data / "models", ONE_BEHIND)
    core.triage._tagger, slow.late = slow, core.triage.tagged_late
    loop = asyncio.get_running_loop()
    async with running(slow.run()):
        await until(lambda: is_up(slow), within_s=20)
        began = loop.time()
        first = await core.hears("giá bao nhiêu shop", "m1")
        waited_s, placed = loop.time() - began, (await core.talk()).team
        second = await core.hears("còn hàng không shop", "m2")
        await until(lambda: has_tag(core, first), within_s=20)

    assert (WAIT_S, first.tag, placed) == (0.05, None, CARE)
    assert waited_s >= WAIT_S
    assert (await core.message(second)).tag is None  # nobody asked anything behind it: it would be waited for until now


async def test_a_hundred_thousand_characters_are_logged_once_and_tagged(core: Core, models: Path) -> None:
    shutil.copytree(models, core.data / "models")
    text = "giá bao nhiêu tiền " * 5_264
    async with running(core.tagger.run()):
        await until(lambda: is_up(core.tagger), within_s=20)
        message = await core.hears(text, "m1")
        await until(lambda: has_tag(core, message), within_s=20)

    assert len(text) > 100_000
    assert [(one.text.strip(), one.tag.intent if one.tag else None) for one in await core.log()] == [
        (text.strip(), "price")
    ]


async def has_tag(core: Core, message: Message) -> bool:
    return (await core.message(message)).tag is not None


async def test_beyond_the_limit_the_oldest_questions_are_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tagging, "MOST_WAITING", 100)
    tagger = played(tmp_path, NOTES)
    for number in range(130):
        tagger.ask({MessageId(f"m{number}"): "giá sao"})
    last = {MessageId("m129"): "giá sao"}
    async with running(tagger.run()):
        await until(lambda: is_up(tagger), within_s=20)
        found = await tagger.answers(last, 20)

    asked = (tmp_path / "asked").read_text().split()
    assert asked == [f"m{number}" for number in range(30, 130)]
    assert found[MessageId("m129")].intent == "price"


async def test_a_former_model_and_one_that_cannot_be_read_are_told_until_a_sound_one_serves(tmp_path: Path) -> None:
    tagger = played(tmp_path, FORMER)
    told: list[str | None] = []
    async with running(tagger.run()):
        for model, why in (("former", "instead"), ("fresh", None), ("fresh", "newest")):
            await until(partial(says, tagger, model, why), within_s=20)
            told.append(tagger.trouble)
            await tagger.reload()

    assert told == ["the current one is damaged; former serves instead", None, "the newest is damaged"]


async def says(tagger: Tagger, model: str, why: str | None) -> bool:
    return tagger.model == model and (tagger.trouble is None if why is None else why in str(tagger.trouble))
