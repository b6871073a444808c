"""One ring, one key for each purpose; nothing opens with another's."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hub.errors import BadSetting, Forged
from hub.safety import keys
from hub.safety.keys import KeyRing
from hub.settings import Settings

RING = KeyRing(b"r" * 32)


@given(some.binary(max_size=500), some.text(max_size=30))
def test_what_was_sealed_opens_again_for_the_same_purpose(plain: bytes, purpose: str) -> None:
    assert RING.unseal(purpose, RING.seal(purpose, plain)) == plain


def test_the_same_secret_sealed_twice_looks_different() -> None:
    assert RING.seal("account:a", b"secret") != RING.seal("account:a", b"secret")


@pytest.mark.parametrize("ring, purpose", [(RING, "account:b"), (KeyRing(b"x" * 32), "account:a")])
def test_another_purpose_or_another_key_does_not_open_it(ring: KeyRing, purpose: str) -> None:
    sealed = RING.seal("account:a", b"secret")

    with pytest.raises(Forged):
        ring.unseal(purpose, sealed)


@given(some.integers(min_value=0, max_value=34), some.integers(min_value=1, max_value=255))
def test_a_changed_byte_is_noticed(at: int, flip: int) -> None:
    sealed = bytearray(RING.seal("account:a", b"secret"))
    sealed[at] ^= flip

    with pytest.raises(Forged):
        RING.unseal("account:a", bytes(sealed))


@given(some.binary(max_size=200))
def test_what_was_signed_is_read_back(payload: bytes) -> None:
    assert RING.verify("visitor", RING.sign("visitor", payload)) == payload


@given(some.text(max_size=60))
def test_text_that_was_never_signed_is_refused(text: str) -> None:
    with pytest.raises(Forged):
        RING.verify("visitor", text)


def test_a_token_for_one_purpose_is_worth_nothing_for_another() -> None:
    with pytest.raises(Forged):
        RING.verify("file", RING.sign("visitor", b"v1"))


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")

    first, second = keys.load(settings), keys.load(settings)
    mode = stat.S_IMODE((settings.data / "secret.key").stat().st_mode)

    assert second.verify("visitor", first.sign("visitor", b"v1")) == b"v1"
    assert mode == 0o600
    assert [path.name for path in settings.data.iterdir()] == ["secret.key"]


def test_a_key_in_the_settings_goes_before_the_file(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, secret_key="k" * 32)

    keys.load(settings)

    assert list(tmp_path.iterdir()) == []


def test_a_damaged_key_file_stops_the_start_and_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("short")

    with pytest.raises(BadSetting, match="backup"):
        keys.load(Settings(data=tmp_path))
