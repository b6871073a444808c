"""Passwords: argon2id hashes, made and checked off the event loop, and generated ones for new agents."""

import asyncio
import secrets
from collections.abc import Callable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hub.errors import BadInput

LEAST_LETTERS = 10
MOST_BYTES = 1024  # argon2 takes more, but nobody means it
GROUPS, GROUP_LETTERS = 4, 4
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are read for another: i l o 0 1

# RFC 9106's second choice would be 64 MiB; 19 MiB and two passes is OWASP's floor and keeps a small machine small.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Checked for an unknown email, so that its answer takes as long as a wrong password's.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b7dWRWJTmaaEQ6P3IXDhkHcjW4"


def generate(pick: Callable[[str], str] = secrets.choice) -> str:
    """A password that can be read over the phone, with about 79 bits of chance in it."""
    return "-".join("".join(pick(LETTERS) for _ in range(GROUP_LETTERS)) for _ in range(GROUPS))


def check_strength(password: str, field: str = "password") -> None:
    """Raises BadInput for a password that is too short or absurdly long; asks for nothing else, as NIST advises."""
    if len(password) < LEAST_LETTERS:
        raise BadInput(f"A password needs at least {LEAST_LETTERS} characters.", field)
    if len(password.encode()) > MOST_BYTES:
        raise BadInput(f"A password may have at most {MOST_BYTES} bytes.", field)


async def hash_password(password: str) -> str:
    """The argon2id hash with its parameters and salt in it."""
    return await asyncio.to_thread(_hasher.hash, password)


async def matches(hashed: str | None, password: str) -> bool:
    """Whether this is the password; takes the same time when there is no such agent (None)."""
    return await asyncio.to_thread(_matches, hashed, password) and hashed is not None


def _matches(hashed: str | None, password: str) -> bool:
    try:
        return _hasher.verify(hashed or _NOBODY, password[:MOST_BYTES])
    except (VerificationError, InvalidHashError):
        return False


def outdated(hashed: str) -> bool:
    """Whether the hash was made with weaker parameters than today's; sign-in then makes a new one."""
    return _hasher.check_needs_rehash(hashed)
