"""The tagging process, as the worker meets it: a real child process and its lines."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import pytest

from nlp.desk import Desk
from nlp.serve import MOST_AT_ONCE, lines
from nlp.tagger import Tagger
from nlp.versions import make_current

pytestmark = pytest.mark.timeout(180)


class Served:
    """A running `python -m nlp.serve` and its two pipes."""

    def __init__(self, models: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "nlp.serve", str(models)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self.process.stdin is not None and self.process.stdout is not None
        self.stdin: IO[bytes] = self.process.stdin
        self.stdout: IO[bytes] = self.process.stdout

    def say(self, *lines: str) -> None:
        self.stdin.write("".join(line + "\n" for line in lines).encode())
        self.stdin.flush()

    def hear(self) -> dict[str, Any]:
        heard: dict[str, Any] = json.loads(self.stdout.readline())
        return heard

    def end(self) -> int:
        self.stdin.close()
        code = self.process.wait(timeout=20)
        self.stdout.close()
        return code


@pytest.fixture
def served(models: Path) -> Iterator[Served]:
    child = Served(models)
    yield child
    child.process.kill()
    child.end()


def _ask(name: object, text: str) -> str:
    return json.dumps({"id": str(name), "text": text})


def test_it_says_which_model_answers_then_tags_and_ends_with_its_input(served: Served, tagger: Tagger) -> None:
    assert served.hear() == {"ready": tagger.version}
    served.say(_ask("m1", "Cho mình hỏi đơn DH12345 tới đâu rồi"))
    heard = served.hear()
    assert heard["id"] == "m1"
    assert (heard["intent"], heard["band"], heard["language"]) == ("order_status", "route", "vi")
    assert heard["entities"] == [{"kind": "order", "text": "DH12345", "start": 17, "end": 24}]
    assert {"id", "others", "urgent", "mood"} < set(heard)
    assert served.end() == 0


def test_many_lines_at_once_are_all_answered_in_order(served: Served) -> None:
    served.hear()
    served.say(*[_ask(number, f"áo số {number} giá bao nhiêu") for number in range(300)])
    assert [served.hear()["id"] for _ in range(300)] == [str(number) for number in range(300)]


def test_what_stands_in_the_pipe_is_taken_in_batches() -> None:
    (source, asking), (wake, waker) = os.pipe(), os.pipe()
    os.write(asking, "".join(_ask(number, "giá sao") + "\n" for number in range(150)).encode())
    os.close(asking)
    assert [len(batch) for batch in lines(source, wake)] == [MOST_AT_ONCE, MOST_AT_ONCE, 150 - 2 * MOST_AT_ONCE]
    for end in (source, wake, waker):
        os.close(end)


class Counting(Tagger):
    """A tagger that keeps how many texts it was asked for at a time."""

    sizes: list[int]

    def tag(self, texts: Sequence[str], *rest: Any) -> Any:
        self.sizes.append(len(texts))
        return super().tag(texts, *rest)


def test_messages_that_are_asked_at_once_go_to_the_model_in_one_call(models: Path, tagger: Tagger) -> None:
    desk, counting = Desk(models), Counting(tagger.pipeline, tagger.version)
    desk.tagger, counting.sizes = counting, []
    said = desk.answer([_ask(number, "giá sao shop").encode() for number in range(40)])
    assert ([json.loads(line)["id"] for line in said], counting.sizes) == ([str(number) for number in range(40)], [40])


def test_a_line_that_is_no_question_is_said_and_the_next_is_answered(served: Served) -> None:
    served.hear()
    served.say("{nonsense", '{"id": "half", "text": "\\ud800"}', _ask("long", "giá " * 25_000), _ask("ok", "chào shop"))
    assert "error" in served.hear()
    assert served.hear()["intent"] == "unknown"
    assert served.hear()["id"] == "long"
    assert served.hear()["intent"] == "greeting"


@pytest.fixture
def two_models(models: Path, tagger: Tagger, tmp_path: Path) -> Path:
    """A folder with a first model, which is current, and a second one."""
    folder = tmp_path / "models"
    folder.mkdir()
    for name in ("first", "second"):
        (folder / name).symlink_to(models / tagger.version)
    make_current(folder, "first")
    return folder


def test_a_reload_loses_no_message_and_a_broken_model_changes_nothing(two_models: Path) -> None:
    served = Served(two_models)
    assert served.hear() == {"ready": "first"}
    make_current(two_models, "second")
    served.say(_ask(1, "chào shop"), '{"reload": true}', _ask(2, "chào shop"))
    assert [served.hear().get(key) for key in ("model", "model", "ready")] == ["first", "first", "second"]
    served.say(_ask(3, "chào shop"))
    assert served.hear()["model"] == "second"
    make_current(two_models, "nowhere")
    served.say('{"reload": true}')
    assert "train again" in served.hear()["error"]
    served.say(_ask(4, "chào shop"))
    assert served.hear()["model"] == "second"
    assert served.end() == 0


def test_a_model_that_becomes_current_is_taken_by_itself(two_models: Path) -> None:
    served = Served(two_models)
    assert served.hear() == {"ready": "first"}
    make_current(two_models, "second")
    assert served.hear() == {"ready": "second"}
    assert served.end() == 0


def test_without_a_model_it_ends_with_one_clear_line(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "nlp.serve", str(tmp_path)], capture_output=True, text=True, timeout=30
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.splitlines() == [f"There is no model in {tmp_path}; train one with: hub intents train"]


def test_the_process_stays_small(served: Served) -> None:
    served.hear()
    served.say(*[_ask(number, f"câu {number} còn hàng không shop {number}") for number in range(200)])
    assert len([served.hear() for _ in range(200)]) == 200
    status = Path(f"/proc/{served.process.pid}/status").read_text()
    resident_kb = int(status.split("VmRSS:")[1].split()[0])
    print(f"resident {resident_kb / 1024:.0f} MB")
    assert resident_kb < 130 * 1024
