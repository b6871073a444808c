"""One model for every shop of these tests: the worker would train its own, each time that it is killed too early."""

from pathlib import Path

import pytest

from nlp.examples import shipped
from nlp.train import train_to


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model that knows every intent. How well it does nobody asks here, so it learns in seconds."""
    folder = tmp_path_factory.mktemp("faults") / "models"
    train_to(folder, shipped()[::4], heads=1)
    return folder
