"""The eye on the database's queries sees what would scan a collection that grows."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.query_shapes import objection, shapes

ASKING = """
from pymongo.monitoring import CommandStartedEvent
from tests.conftest import SEEN

def test_asking():
    command = {"find": "arrivals", "filter": {"body": "x"}}
    SEEN.started(CommandStartedEvent(command, "hub", 1, ("127.0.0.1", 1), 1))
"""


@pytest.mark.parametrize(
    ("command", "query", "why"),
    [
        ("find", {"$or": [{"state": "new"}, {"lane": "a"}]}, r"\$or"),
        ("update", {"$and": [{"state": "new"}]}, r"\$and"),
        ("delete", {"$expr": {}}, r"\$expr"),
        ("find", {"state": {"$all": ["new"]}}, r"\$all"),
        ("find", {"_id": {"$gt": "a"}}, "range of _id"),
        ("findAndModify", {"_id": "a"}, "always scans"),
        ("find", {}, "whole collection"),
        ("count", {}, "whole collection"),
        ("aggregate", {}, "whole collection"),
        ("find", {"body": "x"}, "no declared index"),
        ("find", {"waits": {"$gt": "", "$nin": ["x"]}}, "sparse"),
    ],
)
def test_a_shape_that_scans_is_objected_to(command: str, query: dict[str, Any], why: str) -> None:
    assert re.search(why, objection("arrivals", command, query, {}) or "no objection")


@pytest.mark.parametrize(
    ("collection", "command", "query"),
    [
        ("arrivals", "find", {"_id": "a"}),
        ("arrivals", "update", {"_id": {"$in": ["a", "b"]}, "state": "new"}),
        ("messages", "find", {"conversation": "c", "seq": {"$gte": 1, "$lt": 26}}),
        ("teams", "find", {}),
        ("files.chunks", "find", {"files_id": "f"}),
    ],
)
def test_a_shape_that_an_index_serves_is_let_through(collection: str, command: str, query: dict[str, Any]) -> None:
    assert objection(collection, command, query, {}) is None


def test_several_values_within_a_range_are_objected_to_and_one_is_let_through() -> None:
    last = {"$gte": 1, "$lt": 2}
    several = objection("conversations", "find", {"state": {"$in": ["open", "snoozed"]}, "last": last}, {})

    assert several is not None and "one value at a time" in several
    assert objection("conversations", "find", {"state": "open", "last": last}, {}) is None


def test_a_shape_names_fields_and_operators_but_no_values() -> None:
    command = {"find": "messages", "filter": {"conversation": "c-1", "seq": {"$gte": 1, "$lt": 26}}, "sort": {"seq": 1}}
    assert [str(shape) for shape, *_ in shapes("find", command)] == [
        "messages.find {conversation, seq: $gte,$lt} sort seq"
    ]


def test_each_update_of_a_batch_is_a_shape() -> None:
    command = {"update": "messages", "updates": [{"q": {"_id": "a"}, "u": {}}, {"q": {"state": "new"}, "u": {}}]}
    assert [shape.filter for shape, *_ in shapes("update", command)] == ["_id", "state"]


def test_the_first_stage_of_an_aggregation_is_what_counts() -> None:
    command = {"aggregate": "messages", "pipeline": [{"$match": {"tokens": "x"}}, {"$match": {"$or": []}}]}
    assert [shape.filter for shape, *_ in shapes("aggregate", command)] == ["tokens"]


def test_commands_that_look_for_nothing_have_no_shape() -> None:
    assert list(shapes("insert", {"insert": "messages", "documents": [{"_id": "a"}]})) == []


@pytest.mark.timeout(60)
@pytest.mark.parametrize("workers", [("-p", "no:xdist"), ("-n", "2")], ids=["one process", "two workers"])
def test_a_forbidden_query_fails_a_run_whose_tests_all_passed(tmp_path: Path, workers: tuple[str, ...]) -> None:
    for name in ("first", "second"):
        (tmp_path / f"test_{name}.py").write_text(ASKING)
    here = ("-c", "pyproject.toml", "--rootdir", str(tmp_path), "-p", "tests.conftest", "-p", "no:cacheprovider")
    asked = [sys.executable, "-m", "pytest", *here, *workers, str(tmp_path)]
    run = subprocess.run(asked, cwd=Path(__file__).parents[1], capture_output=True, text=True, timeout=60)

    assert (run.returncode, "2 passed" in run.stdout) == (1, True), run.stdout + run.stderr
    assert re.search(r"^ +2  arrivals\.find \{body\}$", run.stdout, re.MULTILINE)
    assert re.search(r"arrivals\.find \{body\}: no declared index .*first in .*::test_asking", run.stdout)
