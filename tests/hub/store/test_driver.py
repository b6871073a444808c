"""What the database's errors mean to the house."""

import pytest
from pymongo.errors import BulkWriteError, OperationFailure

from hub.errors import StoreDown
from hub.store.driver import DUPLICATE_KEY, guarded, taken_keys


def test_taken_keys_are_told_by_their_positions() -> None:
    error = BulkWriteError({"writeErrors": [{"index": 2, "code": DUPLICATE_KEY}, {"index": 0, "code": DUPLICATE_KEY}]})

    assert taken_keys(error) == [0, 2]


def test_rows_that_no_majority_has_are_not_taken_for_kept() -> None:
    error = BulkWriteError({"writeErrors": [], "writeConcernErrors": [{"code": 91, "errmsg": "shutting down"}]})

    with pytest.raises(StoreDown):
        taken_keys(error)


def test_a_full_disk_in_the_middle_of_a_batch_is_said() -> None:
    error = BulkWriteError({"writeErrors": [{"index": 0, "code": 14031}], "writeConcernErrors": []})

    with pytest.raises(StoreDown, match="no disk space"):
        taken_keys(error)


def test_what_is_no_outage_stays_what_it_is() -> None:
    with pytest.raises(BulkWriteError):
        taken_keys(BulkWriteError({"writeErrors": [{"index": 0, "code": 2}]}))
    with pytest.raises(OperationFailure), guarded():
        raise OperationFailure("no such command", 59)
