"""The eye on the database's queries sees what would scan a collection that grows."""

import re
from typing import Any

import pytest

from tests.query_shapes import objection, shapes


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
