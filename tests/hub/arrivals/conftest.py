"""A tiny model for the tests that need a real tagger: trained once, two intents, a second of work."""

from pathlib import Path

import pytest

from nlp.examples import Row
from nlp.train import train_to

PRICE = ("giá bao nhiêu", "bao nhiêu tiền", "giá sao shop", "cho hỏi giá", "báo giá giúp em", "nhiêu tiền một cái")
GREETING = ("chào shop", "xin chào", "hello shop", "alo shop ơi", "chào buổi sáng", "shop ơi cho hỏi")


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    rows = [Row(text=text, intent="price") for text in PRICE] + [Row(text=text, intent="greeting") for text in GREETING]
    train_to(folder, rows)
    return folder
