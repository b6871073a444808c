"""One model for all tests of this room, of the linear head: trained once on the shipped messages, in seconds."""

from pathlib import Path

import pytest

from nlp.examples import shipped
from nlp.tagger import Tagger, load
from nlp.train import Table, table_of, train_to


@pytest.fixture(scope="session")
def shipped_table() -> Table:
    """The shipped messages, counted, with every linear head that a test learnt from them."""
    return table_of(shipped())


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory, shipped_table: Table) -> Path:
    folder = tmp_path_factory.mktemp("models")
    train_to(folder, heads=1, table=shipped_table)
    return folder


@pytest.fixture(scope="session")
def tagger(models: Path) -> Tagger:
    return load(models)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test that wants the model pays for its training: ten seconds, or many more on a busy machine."""
    for item in items:
        if {"models", "shipped_table"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.timeout(120))
