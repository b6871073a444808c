"""Passwords: argon2id, the same time for nobody, readable when generated."""

import re

import pytest

from hub.errors import BadInput
from hub.safety import passwords


async def test_a_hash_matches_its_password_and_no_other() -> None:
    hashed = await passwords.hash_password("một mật khẩu dài")

    assert hashed.startswith("$argon2id$")
    assert await passwords.matches(hashed, "một mật khẩu dài")
    assert not await passwords.matches(hashed, "một mật khẩu khác")


async def test_nobody_has_no_password_at_all() -> None:
    assert not await passwords.matches(None, "")
    assert not await passwords.matches(None, "một mật khẩu dài")


async def test_a_hash_that_is_damaged_matches_nothing() -> None:
    assert not await passwords.matches("$argon2id$nonsense", "một mật khẩu dài")


async def test_only_weaker_hashes_are_outdated() -> None:
    assert not passwords.outdated(await passwords.hash_password("một mật khẩu dài"))
    assert passwords.outdated("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b7dWRWJTmaaEQ6P")


def test_a_generated_password_has_no_letters_that_are_misread() -> None:
    made = passwords.generate(pick=lambda letters: letters[-1])

    assert made == "9999-9999-9999-9999"
    assert re.fullmatch(r"([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}", passwords.generate())


@pytest.mark.parametrize("password", ["ngắn quá", "x" * 1025])
def test_a_password_that_is_too_short_or_endless_is_refused(password: str) -> None:
    with pytest.raises(BadInput):
        passwords.check_strength(password)
