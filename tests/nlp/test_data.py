"""The shipped messages keep the rules that nlp/data/README.md states."""

from collections import Counter
from difflib import SequenceMatcher

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from nlp.examples import Row, blind, shipped
from nlp.fold import fold
from nlp.intents import NAMES, UNKNOWN


def _alike(rows: list[Row], most: float) -> list[tuple[str, str]]:
    """Pairs of texts whose difflib ratio is over `most`; three-letter sets find the candidates in one product."""
    texts = [fold(row.text.lower()) for row in rows]
    sets = CountVectorizer(analyzer="char_wb", ngram_range=(3, 3), binary=True).fit_transform(texts).astype(np.int32)
    sizes = np.asarray(sets.sum(axis=1)).ravel()
    shared = (sets @ sets.T).tocoo()
    dice = 2 * shared.data / (sizes[shared.row] + sizes[shared.col])
    near = (shared.row < shared.col) & (dice > most - 0.25)
    pairs = zip(shared.row[near], shared.col[near], strict=True)
    return [
        (rows[a].text, rows[b].text)
        for a, b in pairs
        if SequenceMatcher(None, texts[a], texts[b]).ratio() > most
        and not (rows[a].twin and rows[a].twin == rows[b].twin)
    ]


def test_every_intent_has_at_least_sixty_messages() -> None:
    counts = Counter(row.intent for row in shipped())
    assert set(counts) == set(NAMES)
    assert min(counts.values()) >= 60


def test_about_two_thirds_are_vietnamese_and_every_intent_has_english_and_mixed_ones() -> None:
    rows = [row for row in shipped() if row.intent != UNKNOWN]
    counts = Counter(row.lang for row in rows)
    assert set(counts) == {"vi", "en", "mixed"}
    assert 0.55 < counts["vi"] / len(rows) < 0.75
    assert {(row.intent, row.lang) for row in shipped()} == {(name, lang) for name in NAMES for lang in counts}


def test_every_intent_has_vietnamese_typed_without_diacritics() -> None:
    bare = Counter(row.intent for row in shipped() if row.lang == "vi" and fold(row.text) == row.text)
    assert min(bare[name] for name in NAMES) >= 2


def test_no_two_messages_are_over_eighty_percent_alike_the_blind_ones_included() -> None:
    assert _alike([*shipped(), *blind()], 0.8) == []


def test_no_blind_message_is_in_the_training_messages() -> None:
    taught = {fold(row.text.lower()) for row in shipped()}
    judged = [fold(row.text.lower()) for row in blind()]
    assert taught.isdisjoint(judged)
    assert len(set(judged)) == len(judged)


def test_every_blind_message_has_an_intent_of_the_list_and_each_intent_has_six() -> None:
    counts = Counter(row.intent for row in blind())
    assert set(counts) == set(NAMES)
    assert min(counts.values()) >= 6
