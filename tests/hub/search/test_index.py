"""The index: what was put in is found by its words, whatever people type; what was taken out is not."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.model import ConversationId, MessageId
from hub.search.index import Entry, Index, Progress, why_not
from hub.search.words import phrases, snippet

NOON = dt.datetime(2026, 11, 21, 12, 0, tzinfo=dt.UTC)


def entry(name: str, text: str, *, minute: int = 0, conversation: str | None = None, seq: int = 1) -> Entry:
    at = NOON + dt.timedelta(minutes=minute)
    where = ConversationId(conversation or f"v_{name}")
    return Entry(message=MessageId(name), conversation=where, seq=seq, at=at, text=text)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    made = Index(tmp_path / "search.db", write=True)
    yield made
    made.close()


def put(index: Index, *entries: Entry) -> None:
    index.put(entries, Progress(ledger="l", event=1))


def found(index: Index, typed: str, most: int = 50) -> list[str]:
    return [hit.message for hit in index.find(typed, most)]


def test_this_python_can_keep_an_index() -> None:
    assert why_not() is None


@pytest.mark.parametrize(
    "typed", ["ao dai", "Áo dài", "ÁO DÀI", "áo dài", "dai ao", "ao da", "ao dai đơn", "ao don ma1234"]
)
def test_words_are_found_without_marks_case_or_order_and_the_last_by_its_beginning(index: Index, typed: str) -> None:
    put(index, entry("one", "Áo dài của đơn MA1234 còn không ạ?"), entry("other", "Xin chào shop"))

    assert found(index, typed) == ["one"]


@pytest.mark.parametrize("typed", ["ao da dai", "dài áo không", "ma12 don"])
def test_only_the_last_word_may_be_a_beginning(index: Index, typed: str) -> None:
    put(index, entry("one", "Áo dài, đơn MA1234"))

    assert found(index, typed) == []


def test_text_whose_marks_stand_alone_is_found_too(index: Index) -> None:
    put(index, entry("one", "Áo dài"))

    assert found(index, "áo dài") == ["one"]


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        '"ao',
        'ao" OR "chao',
        "ao AND",
        "NOT ao",
        "text:ao",
        "ao*",
        "(ao",
        "ao)",
        "^ao",
        "ao NEAR dai",
        "{a}:ao",
        "-ao",
        "'",
    ],
)
def test_what_would_be_a_command_of_the_search_is_words(index: Index, typed: str) -> None:
    put(index, entry("one", "áo dài"), entry("other", "chào"))

    assert set(found(index, typed)) <= {"one"}


@pytest.mark.parametrize("typed", ["", "   ", "!?", '""', "*", "\x00", "🙂"])
def test_what_holds_no_word_finds_nothing(index: Index, typed: str) -> None:
    put(index, entry("one", "áo dài 🙂"))

    assert phrases(typed) == ""
    assert found(index, typed) == []


def test_parts_of_a_typed_word_stand_side_by_side(index: Index) -> None:
    put(index, entry("one", "đơn MA-1234"), entry("other", "1234 của MA"))

    assert found(index, "ma-1234") == ["one"]


def test_the_newest_conversation_comes_first_with_its_newest_hit_whatever_was_put_in_last(index: Index) -> None:
    put(
        index,
        entry("new", "áo xanh", minute=9, conversation="v_a"),
        entry("older", "áo đỏ", minute=3, conversation="v_b"),
        entry("oldest", "áo tím", minute=1, conversation="v_a"),
    )
    put(index, entry("middle", "áo vàng", minute=5, conversation="v_c"))

    assert found(index, "ao") == ["new", "middle", "older"]
    assert found(index, "ao", most=2) == ["new", "middle"]


def test_messages_of_one_moment_are_all_found(index: Index) -> None:
    put(index, *(entry(f"m{number}", "áo dài") for number in range(300)))

    assert len(set(found(index, "ao dai", most=500))) == 300


def test_an_edited_message_is_found_by_what_it_says_now(index: Index) -> None:
    put(index, entry("one", "áo xanh"))
    put(index, entry("one", "áo đỏ", seq=2))

    assert found(index, "xanh") == []
    assert [(hit.message, hit.seq) for hit in index.find("do", 5)] == [("one", 2)]


def test_a_message_without_words_goes_out(index: Index) -> None:
    put(index, entry("one", "áo xanh"))
    put(index, entry("one", ""))

    assert found(index, "xanh") == []
    assert index.count() == 0


def test_times_that_no_clock_should_show_are_kept_in_order(index: Index) -> None:
    early = Entry(
        message=MessageId("early"), conversation=ConversationId("v_1"), seq=1, at=NOON.replace(year=1901), text="áo"
    )
    late = Entry(
        message=MessageId("late"), conversation=ConversationId("v_2"), seq=1, at=NOON.replace(year=9999), text="áo"
    )
    put(index, late, early, entry("now", "áo"))

    assert found(index, "ao") == ["late", "now", "early"]


def test_what_was_put_in_is_there_for_the_next_process_with_how_far_it_was(tmp_path: Path, index: Index) -> None:
    index.put([entry("one", "áo dài")], Progress(ledger="l", event=7, built=3))
    reader = Index(tmp_path / "search.db", write=False)

    assert found(reader, "ao dai") == ["one"]
    assert reader.progress() == Progress(ledger="l", event=7, built=3)
    reader.close()


def test_an_index_knows_that_its_file_was_deleted(tmp_path: Path, index: Index) -> None:
    before = index.is_current()
    (tmp_path / "search.db").unlink()

    assert (before, index.is_current()) == (True, False)


def test_the_file_is_for_its_user_alone(tmp_path: Path, index: Index) -> None:
    assert (tmp_path / "search.db").stat().st_mode & 0o077 == 0


# -- what is shown of a hit -------------------------------------------------------------------------------------------


def test_a_snippet_stands_around_the_first_hit_as_it_was_written() -> None:
    text = "Chào shop. " * 30 + "Mình muốn hỏi Áo Dài\nlụa tơ tằm. " + "Cảm ơn shop. " * 30
    shown = snippet(text, "ao dai") or ""

    assert "Áo Dài lụa tơ tằm" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) <= 160


def test_a_short_text_is_shown_whole() -> None:
    assert snippet("Còn áo dài không?", "dai") == "Còn áo dài không?"


def test_a_text_without_the_words_has_no_snippet() -> None:
    assert snippet("Còn áo dài không?", "quan") is None
