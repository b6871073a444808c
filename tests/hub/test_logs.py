"""Log lines carry ids and reasons, never what a customer wrote."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from hub import logs


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
    return json.loads(lines.getvalue().splitlines()[-1])


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


def test_a_traceback_names_the_error_and_shows_no_locals(lines: io.StringIO) -> None:
    words = "Áo này còn không?"
    try:
        raise ValueError(f"{len(words)} letters")
    except ValueError:
        structlog.get_logger("hub.test").exception("failed")
    assert "17 letters" in lines.getvalue()
    assert words not in lines.getvalue()
