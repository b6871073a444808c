"""Who wrote: names, their order, phone numbers."""

import pytest

from hub.people.learn import phone_e164
from hub.people.resolve import name_key


def test_names_sort_as_vietnamese_readers_expect() -> None:
    names = ["Đào", "Dung", "An", "Ánh", "Duy", "Em"]

    assert sorted(names, key=name_key) == ["An", "Ánh", "Dung", "Duy", "Đào", "Em"]


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("0912 345 678", "+84912345678"),
        ("+84 912 345 678", "+84912345678"),
        ("+1 415 555 2671", "+14155552671"),
        ("không có", None),
        ("123", None),
        ("", None),
    ],
)
def test_phone_numbers_are_kept_in_one_form(said: str, number: str | None) -> None:
    assert phone_e164(said) == number
