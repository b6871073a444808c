"""Documents become records again as they were."""

import msgspec
from bson import decode, encode

from hub.clock import utc_now
from hub.model import Account, AccountId
from hub.store.documents import document, record

BOT = 7_000_000_001  # more than 32 bits, like every new bot's


def test_a_long_number_in_an_accounts_settings_can_be_told_as_json() -> None:
    settings = {"bot": BOT, "on": True, "deep": [{"id": BOT}]}
    account = Account(id=AccountId("tg"), kind="telegram", name="@mocan_bot", at=utc_now(), settings=settings)

    back = record(decode(encode(document(account))), Account)

    assert msgspec.json.decode(msgspec.json.encode(back.settings)) == settings
