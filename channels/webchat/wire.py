"""The frames that a widget sends and that change something, as they are kept."""

import msgspec

from hub.model import Attachment

MOST_TEXT = 10_000
MOST_FIELD = 200


class _Frame(msgspec.Struct, frozen=True, kw_only=True, tag_field="t"):
    pass


class Send(_Frame, frozen=True, kw_only=True, tag="send"):
    """A message; `id` is the widget's own, `attachments` were resolved from upload ids by the socket's keeper."""

    id: str
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    language: str | None = None
    page: str | None = None


class Profile(_Frame, frozen=True, kw_only=True, tag="profile"):
    """What the pre-chat form says."""

    id: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    language: str | None = None


class Read(_Frame, frozen=True, kw_only=True, tag="read"):
    """Everything up to `seq` was on the customer's screen."""

    seq: int


class Identify(_Frame, frozen=True, kw_only=True, tag="identify"):
    """The site's backend signed `data`, a JSON string; `signature` is its HMAC-SHA256 in hex."""

    data: str
    signature: str


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """What signed data say."""

    id: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    stage: str | None = None
    score: float | str | None = None
    region: str | None = None
    source: str | None = None
    iat: int | None = None

    @property
    def facts(self) -> dict[str, str]:
        """What the site says of where its user stands with it."""
        said = {"stage": self.stage, "score": self.score, "region": self.region, "source": self.source}
        return {name: str(value) for name, value in said.items() if value is not None}


class Secrets(msgspec.Struct, frozen=True, kw_only=True):
    """An account's secrets, as the key ring opens them."""

    identity_secret: str = ""


Frame = Send | Profile | Read | Identify
decoder: msgspec.json.Decoder[Frame] = msgspec.json.Decoder(Frame)
claims_decoder = msgspec.json.Decoder(Claims)
secrets_decoder = msgspec.json.Decoder(Secrets)
