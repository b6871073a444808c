"""What serving keeps of words must lead to the very numbers that training counts."""

import numpy as np
import pytest

from nlp import columns, features
from nlp.columns import Columns
from nlp.evaluate import heads_of
from nlp.examples import blind, shipped
from nlp.linear import Linear
from nlp.tagger import Tagger
from nlp.words import Words, words

ODD = [
    "",
    "😀",
    "a",
    "á",
    "k",
    "ko ko ko",
    "trah " * 30,
    "x" * 500,
    "日本語のみ",
    "\ud800",
    "Hoàn tiền!! refund 12.000đ",
]
TEXTS = [*ODD, *(row.text for row in shipped()[::20]), *(row.text for row in blind()[::10])]


@pytest.fixture(scope="module")
def linear(tagger: Tagger) -> Linear:
    return heads_of(tagger).linear


def _by_training(linear: Linear, batch: list[Words]) -> tuple[list[tuple[int, int]], list[float]]:
    """Message and column of each value, and the values, the way that training makes them."""
    found = features.counted(features.grams(batch))
    column = np.minimum(np.searchsorted(linear.keys, found.key), len(linear.keys) - 1)
    known = linear.keys[column] == found.key
    message, column = found.message[known], column[known]
    value = features.scaled(message, found.key[known], found.weight[known] * linear.idf[column])
    return list(zip(message.tolist(), column.tolist(), strict=True)), value.tolist()


def test_serving_sees_in_a_message_what_training_would(linear: Linear) -> None:
    batch = [words(text) for text in TEXTS]
    place, value = _by_training(linear, batch)
    rows = linear.rows(batch)
    message = np.repeat(np.arange(len(batch)), np.diff(rows.start))
    assert list(zip(message.tolist(), rows.column.tolist(), strict=True)) == place
    assert rows.value.tolist() == pytest.approx(value, abs=1e-6)


def test_a_message_has_the_same_columns_when_its_words_are_known_and_alone(linear: Linear) -> None:
    batch = [words(text) for text in TEXTS]
    together = linear.rows(batch)
    for place, message in enumerate(batch):
        part = slice(together.start[place], together.start[place + 1])
        alone = linear.rows([message])
        assert alone.column.tolist() == together.column[part].tolist()
        assert alone.value.tolist() == pytest.approx(together.value[part].tolist(), abs=1e-6)


def test_each_n_gram_leads_to_its_row_and_stands_in_its_word(linear: Linear) -> None:
    batch = [words("giá bao nhiêu"), words(""), words("còn size M không")]
    rows = linear.rows(batch)
    assert np.bincount(rows.entry).tolist() == rows.count.tolist()
    of_row = np.repeat(np.arange(len(batch)), np.diff(rows.start))
    of_word = np.repeat(np.arange(len(batch)), np.diff(rows.first))
    assert of_row[rows.entry].tolist() == of_word[rows.word].tolist()


def test_words_are_forgotten_before_they_fill_the_memory_and_found_again(
    linear: Linear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns, "MOST_KEPT", 50)
    fresh, batch = Columns(linear.keys), [words(text) for text in TEXTS]
    first = np.array([0, len(batch[-1].typed)])
    expected = fresh.of(batch[-1:], first).column.tolist()
    for message in batch:
        fresh.of([message], np.array([0, len(message.typed)]))
        assert len(fresh._kept) <= 50 + 2 * len(message.typed)
    assert fresh.of(batch[-1:], first).column.tolist() == expected


def test_a_model_that_knows_no_word_of_a_message_finds_nothing(linear: Linear) -> None:
    rows = linear.rows([words("日本語のみ"), words("")])
    assert rows.start.tolist() == [0, 0, 0]
    assert linear.scores(rows) == pytest.approx(np.stack([linear.bias, linear.bias]))
