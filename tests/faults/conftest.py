"""One model for every shop of these tests: the worker would train its own, each time that it is killed too early."""

import asyncio
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faults") / "models"


@pytest.fixture
async def trained(models: Path) -> Path:
    """The folder with the model, made when it is first asked for."""
    if not models.exists():
        models.mkdir()
        training = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "nlp.train", str(models), stdout=asyncio.subprocess.DEVNULL
        )
        assert await training.wait() == 0
    return models
