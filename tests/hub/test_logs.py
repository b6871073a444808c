"""Log lines carry ids and reasons, never what a customer wrote."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from pymongo.errors import BulkWriteError

from hub import logs

TOP = Path(__file__).parent.parent.parent


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("info", "json", stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def last(lines: io.StringIO) -> dict[str, object]:
    line: dict[str, object] = json.loads(lines.getvalue().splitlines()[-1])
    return line


def test_a_line_is_json_with_its_event_and_fields(lines: io.StringIO) -> None:
    structlog.get_logger("hub.test").info("reply refused", message_id="m1", why="chat not found")
    line = last(lines)
    assert (line["event"], line["message_id"], line["why"], line["level"]) == (
        "reply refused",
        "m1",
        "chat not found",
        "info",
    )


def test_a_customers_words_are_withheld(lines: io.StringIO) -> None:
    structlog.get_logger("hub.test").info("kept", text="Áo này còn không?", id="a1")
    assert last(lines)["text"] == "[withheld]"


def test_words_deep_inside_a_value_are_withheld(lines: io.StringIO) -> None:
    structlog.get_logger("hub.test").info("kept", arrival={"id": "a1", "parts": [{"email": "an@example.com"}]})
    assert "an@example.com" not in lines.getvalue()
    assert last(lines)["arrival"] == {"id": "a1", "parts": [{"email": "[withheld]"}]}


def test_the_standard_librarys_loggers_take_the_same_way(lines: io.StringIO) -> None:
    logging.getLogger("some.library").warning("odd", extra={"token": "123:abc", "account_id": "acc"})
    line = last(lines)
    assert (line["event"], line["token"], line["account_id"]) == ("odd", "[withheld]", "acc")


def test_a_line_below_the_level_is_not_written(lines: io.StringIO) -> None:
    structlog.get_logger("hub.test").debug("detail")
    assert lines.getvalue() == ""


def test_vietnamese_stays_readable(lines: io.StringIO) -> None:
    structlog.get_logger("hub.test").info("đã nhận")
    assert "đã nhận" in lines.getvalue()


def test_an_error_is_named_with_its_place_and_without_its_words(lines: io.StringIO) -> None:
    words = "Áo này còn không?"
    error = BulkWriteError({"writeErrors": [{"op": {"text": words}}]})
    try:
        raise error
    except BulkWriteError:
        structlog.get_logger("hub.test").exception("failed")
        logging.getLogger("some.library").exception("failed")
    ours, others = (json.loads(line) for line in lines.getvalue().splitlines())
    assert ours["error"] == others["error"] == "BulkWriteError"
    assert "test_logs.py" in str(ours["at"]) and "test_logs.py" in str(others["at"])
    assert words in str(error) and words not in lines.getvalue()


def test_nobody_hands_a_traceback_to_a_line() -> None:
    house = [path for room in ("hub", "inbox_web", "channels", "nlp") for path in (TOP / room).rglob("*.py")]
    speakers = [path.name for path in house if path.name != "logs.py" and "exc_info" in path.read_text("utf-8")]
    assert speakers == []
