"""The folder of models: a folder for each version, `current` with the name of the one in use, and who came before.

Nothing is learnt or tagged here. Every change is one rename, so that a reader sees the old or the new. Only `put` needs
spaCy: whoever asks for names, or goes back, must not pay for loading it.
"""

import os
import shutil
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from nlp.errors import BrokenModel
from nlp.examples import Row, read_rows, shipped
from nlp.plan import PLAIN, Plan

if TYPE_CHECKING:
    from nlp.heads import Heads

CURRENT = "current"
HISTORY = "history"  # the versions that were current, one a line, the latest last
ROWS = "rows.jsonl"  # in a version's folder: what it learnt from
PLAN = "plan.json"  # and under which names, where owners decided on them
MOST_KEPT = 5
COMPONENT = "intent_linear"  # in a version's folder: the heads


def put(models: Path, version: str, model: "Heads", rows: Sequence[Row], plan: Plan = PLAIN) -> None:
    """Write a model and what it learnt from beside the others, whole or not at all; the current one stays current."""
    from nlp.tagger import IntentLinear, blank

    pipeline = blank()
    component = pipeline.get_pipe(COMPONENT)
    assert isinstance(component, IntentLinear)
    component.heads = model
    pipeline.meta["version"] = version
    models.mkdir(parents=True, exist_ok=True)
    fresh, stale = models / f".{version}.{os.getpid()}", models / f".{version}.{os.getpid()}.old"
    shutil.rmtree(fresh, ignore_errors=True)
    pipeline.to_disk(fresh)
    (fresh / ROWS).write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    (fresh / PLAN).write_bytes(msgspec.json.encode(plan) + b"\n")
    if (models / version).exists():
        (models / version).rename(stale)
    fresh.rename(models / version)
    shutil.rmtree(stale, ignore_errors=True)


def current_version(models: Path) -> str:
    """The version that `models`/current names. Raises BrokenModel when none was trained yet."""
    try:
        version = (models / CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as why:
        raise BrokenModel(f"There is no model in {models}; train one with: hub intents train") from why
    if not version or Path(version).name != version or version in (".", ".."):
        raise BrokenModel(f"{models / CURRENT} does not name a model; train again with: hub intents train")
    return version


def make_current(models: Path, version: str) -> None:
    """Name the model to use; the one before can be had back by `rollback`, the oldest ones go."""
    past = [name for name in history(models) if name != version]
    _replace(models / HISTORY, "".join(f"{name}\n" for name in [*past, version][-MOST_KEPT:]))
    _replace(models / CURRENT, version + "\n")
    for gone in past[: -MOST_KEPT + 1]:
        shutil.rmtree(models / gone, ignore_errors=True)


def history(models: Path) -> list[str]:
    """The versions that were current and are still there, the latest last."""
    try:
        named = (models / HISTORY).read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError):
        return []
    return [name for name in named if Path(name).name == name and (models / name / "meta.json").is_file()]


def choices(models: Path) -> list[str]:
    """The versions that may serve: the current one, then those before it, the latest first."""
    try:
        first = [current_version(models)]
    except BrokenModel:
        first = []
    return first + [name for name in reversed(history(models)) if name not in first]


def damage(folder: Path) -> str | None:
    """What is wrong with a version's files, as far as they tell unloaded: missing, cut short or altered; else None."""
    numbers = folder / COMPONENT
    try:
        for path in (folder / "meta.json", numbers / "linear.json"):
            msgspec.json.decode(path.read_bytes())
        for path in {numbers / "weights.npz", *numbers.glob("*.npz")}:
            with zipfile.ZipFile(path) as packed:
                if (bad := packed.testzip()) is not None:
                    return f"{bad} in {path} is damaged"
    except (OSError, ValueError, EOFError, msgspec.MsgspecError, zipfile.BadZipFile, zlib.error) as why:
        return f"{folder} is damaged ({why})"
    return None


def sound(folder: Path) -> Path:
    """The folder of a version. Raises BrokenModel where its files are damaged."""
    if (why := damage(folder)) is not None:
        raise BrokenModel(f"{why}; train again with: hub intents train")
    return folder


def rollback(models: Path) -> str:
    """Make the version current that was so before, and return it. Raises BrokenModel when there is none."""
    past = [name for name in history(models) if name != current_version(models)]
    if not past:
        raise BrokenModel(f"There is no earlier model in {models} to go back to; the current one stays")
    _replace(models / HISTORY, "".join(f"{name}\n" for name in past))
    _replace(models / CURRENT, past[-1] + "\n")
    return past[-1]


def learnt(models: Path) -> list[Row]:
    """What the current model learnt from; a model from before this was written down learnt the shipped messages."""
    path = models / current_version(models) / ROWS
    return read_rows(path) if path.exists() else shipped()


def planned(models: Path) -> Plan:
    """The plan by which the current model was taught; one from before there were any has the plain one."""
    path = models / current_version(models) / PLAN
    if not path.exists():
        return PLAIN
    try:
        return msgspec.json.decode(path.read_bytes(), type=Plan)
    except (OSError, msgspec.MsgspecError) as why:
        raise BrokenModel(f"{path} cannot be read ({why}); train again with: hub intents train") from why


def _replace(path: Path, text: str) -> None:
    named = path.with_name(f".{path.name}.{os.getpid()}")
    named.write_text(text, encoding="utf-8")
    named.replace(path)
