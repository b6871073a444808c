"""The key ring: one root key, one derived key for each purpose, to seal secrets at rest and to sign tokens.

No purpose's key can stand for another's: what was sealed for one account or signed for visitors is refused elsewhere.
"""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hub.errors import BadSetting, Forged
from hub.settings import Settings

KEY_FILE = "secret.key"
NONCE_BYTES = 12
MAC_BYTES = 16  # 128 bits: short enough for a link, out of reach for guessing
SEALED = b"\x01"  # the version in front of sealed bytes


class KeyRing:
    """Seals and signs; holds the root key and nothing else."""

    def __init__(self, root: bytes, random: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._root = root
        self._random = random
        self._derived: dict[str, bytes] = {}

    def seal(self, purpose: str, plain: bytes) -> bytes:
        """Encrypt for this purpose ("account:<id>"); only `unseal` with the same purpose opens it."""
        nonce = self._random(NONCE_BYTES)
        return SEALED + nonce + AESGCM(self._key("seal")).encrypt(nonce, plain, purpose.encode())

    def unseal(self, purpose: str, sealed: bytes) -> bytes:
        """What was sealed; raises Forged when it is damaged, another purpose's, or another key's."""
        nonce, rest = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            if sealed[:1] != SEALED:
                raise ValueError
            return AESGCM(self._key("seal")).decrypt(nonce, rest, purpose.encode())
        except (InvalidTag, ValueError) as error:
            raise Forged("A stored secret cannot be opened with this key; was HUB_SECRET_KEY changed?") from error

    def shared(self, purpose: str) -> str:
        """A secret that an owner may read and give to another program; derived, good for this purpose alone."""
        return self._key(f"shared:{purpose}").hex()

    def sign(self, purpose: str, payload: bytes) -> str:
        """`payload.mac` in URL-safe letters; the payload can be read by anybody."""
        return f"{_letters(payload)}.{_letters(self._mac(purpose, payload))}"

    def verify(self, purpose: str, token: str) -> bytes:
        """The payload of a token that this hub signed for this purpose; raises Forged. Constant time."""
        head, _, tail = token.partition(".")
        try:
            payload, mac = _bytes(head), _bytes(tail)
        except ValueError as error:
            raise Forged("This token is not one of ours.") from error
        if not hmac.compare_digest(mac, self._mac(purpose, payload)):
            raise Forged("This token is not one of ours.")
        return payload

    def _mac(self, purpose: str, payload: bytes) -> bytes:
        return hmac.digest(self._key(f"sign:{purpose}"), payload, "sha256")[:MAC_BYTES]

    def _key(self, purpose: str) -> bytes:
        if purpose not in self._derived:
            derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"omnihub {purpose}".encode())
            self._derived[purpose] = derive.derive(self._root)
        return self._derived[purpose]


def load(settings: Settings, random: Callable[[int], bytes] = secrets.token_bytes) -> KeyRing:
    """The ring of this installation; without HUB_SECRET_KEY its root is in `data/secret.key`, made on first use."""
    if settings.secret_key:
        return KeyRing(hashlib.sha256(settings.secret_key.encode()).digest(), random)
    path = settings.data / KEY_FILE
    if not path.exists():
        _make(path, random)
    return KeyRing(_read(path), random)


def _make(path: Path, random: Callable[[int], bytes]) -> None:
    """Put a new key there whole or not at all; of two processes that start together the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(random(32)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _read(path: Path) -> bytes:
    try:
        root = base64.b64decode(path.read_bytes(), validate=False)
    except (OSError, ValueError) as error:
        raise BadSetting(f"{path} cannot be read; restore this hub's key from your backup.") from error
    if len(root) != 32:
        raise BadSetting(f"{path} should hold 32 bytes in base64; restore this hub's key from your backup.")
    return root


def _letters(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(letters: str) -> bytes:
    padded = letters.encode("ascii", "replace") + b"=" * (-len(letters) % 4)
    return base64.b64decode(padded, altchars=b"-_", validate=True)
