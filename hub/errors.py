"""Every error that the hub raises on purpose, drawn as a tree. Each message is a sentence that a person can act on.

HubError
├── BadSetting        a HUB_* setting cannot be used; stops the start
├── StoreDown         database or Redis unreachable, disk nearly full; try again later (503, Retry-After)
├── BadInput          what was sent cannot be used (400), `field` says where
├── TooLarge          over a size limit (413)
├── NotSignedIn       no or an expired session (401)
├── Denied            signed in, but not allowed (403)
├── NotFound          no such thing, or not yours to see (404)
├── Conflict          the thing changed since it was read (409)
│   └── Answered      somebody answered since the author last looked; carries the answers (409)
├── SeenMissing       a reply did not say what its author had seen (428)
├── TooMany           slow down (429), `after_s`
├── Forged            a webhook, token or signature does not verify (401); nothing is stored
├── Unreachable       a platform cannot be reached, or takes an account's credentials no more; `for_good`
├── Poison            an arrival cannot be understood; it is quarantined with the reason
└── SendFailure       a send did not end in `Sent`
    ├── Retry         nothing left the machine; try again after `after_s`
    ├── Refused       the platform said no, for good; the sentence is for the agent
    └── Unknown       the platform may have it; never re-sent by itself
"""


class HubError(Exception):
    """The root; `str(error)` is the sentence."""


class BadSetting(HubError):
    """Stops the start; names the setting and what it should be."""


class StoreDown(HubError):
    """The ledger or the doorbell cannot be reached right now."""

    def __init__(self, why: str, after_s: int = 5) -> None:
        super().__init__(why)
        self.after_s = after_s


class BadInput(HubError):
    """What was sent cannot be used; `field` names the place when there is one."""

    def __init__(self, why: str, field: str | None = None) -> None:
        super().__init__(why)
        self.field = field


class TooLarge(HubError):
    """Over a size limit."""


class NotSignedIn(HubError):
    """No session, or an expired one."""


class Denied(HubError):
    """Signed in, but the role does not allow it."""


class NotFound(HubError):
    """No such thing, or not one that the asker may see."""


class Conflict(HubError):
    """The thing changed since it was read."""


class Answered(Conflict):
    """Somebody answered since the author last looked; `message_ids` are their answers, oldest first."""

    def __init__(self, why: str, message_ids: list[str]) -> None:
        super().__init__(why)
        self.message_ids = message_ids


class SeenMissing(HubError):
    """A reply must say the last sequence number that its author saw."""


class TooMany(HubError):
    """Too many tries; wait `after_s` seconds."""

    def __init__(self, why: str, after_s: int) -> None:
        super().__init__(why)
        self.after_s = after_s


class Forged(HubError):
    """A signature, token or origin does not verify; nothing was stored."""


class Poison(HubError):
    """An arrival cannot be understood; the reason never quotes a customer's words."""


class Unreachable(HubError):
    """The platform cannot be listened to; the sentence is the account's health.

    `for_good` says that trying again by itself is no use (a revoked token): it is tried rarely, a person must act.
    """

    def __init__(self, why: str, *, for_good: bool = False, after_s: float | None = None) -> None:
        super().__init__(why)
        self.for_good = for_good
        self.after_s = after_s


class SendFailure(HubError):
    """A send that did not end in `Sent`."""


class Retry(SendFailure):
    """Nothing left the machine; try again after `after_s` seconds (None: the outbox's own backoff).

    `whole_account`: the platform slows the account down, not this chat alone.
    """

    def __init__(self, why: str, after_s: float | None = None, *, whole_account: bool = False) -> None:
        super().__init__(why)
        self.after_s = after_s
        self.whole_account = whole_account


class Refused(SendFailure):
    """The platform said no, for good."""


class Unknown(SendFailure):
    """The platform may have it; only a late answer, its echo or a person settles it.

    `external`: the id under which the platform has it, if it does; what it says of that id later finds the message.
    """

    def __init__(self, why: str, *, external: str | None = None) -> None:
        super().__init__(why)
        self.external = external
