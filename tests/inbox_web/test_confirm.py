"""The link in our mail: opening it asks, the button confirms; nothing else does."""

import datetime as dt
from typing import Any

import pytest

from hub.model import Contact, ContactId
from hub.safety.tokens import claim_token

HOA = ContactId("c_hoa")
AT = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


@pytest.fixture
async def page(hub: Any) -> str:
    await hub.parts.store.contacts.add([Contact(id=HOA, name="Hoa", at=AT, members=(HOA,))])
    return f"/chat/site/confirm?t={claim_token(hub.parts.ring, HOA, 'hoa@example.com', hub.parts.now())}"


async def mail_of(hub: Any) -> str | None:
    contact = await hub.parts.store.contacts.get(HOA)
    assert contact is not None
    return contact.mail


async def test_opening_the_link_asks_and_confirms_nothing(hub: Any, page: str) -> None:
    answer = await hub.client.get(page, headers={"Accept-Language": "vi"})

    assert "qua hoa@example.com" in await answer.text()
    assert "form-action 'self'" in answer.headers["Content-Security-Policy"]
    assert await mail_of(hub) is None


async def test_the_button_confirms(hub: Any, page: str) -> None:
    answers = [await hub.client.post(page) for _ in range(2)]

    assert [one.status for one in answers] == [200, 200]
    assert await mail_of(hub) == "hoa@example.com"


@pytest.mark.parametrize("token", ["", "x.y", "aGVsbG8.AAAAAAAAAAAAAAAAAAAAAA"])
async def test_a_link_that_is_not_ours_confirms_nothing(hub: Any, page: str, token: str) -> None:
    assert (await hub.client.post(f"/chat/site/confirm?t={token}")).status == 400
    assert await mail_of(hub) is None


async def test_a_link_is_good_for_a_week(hub: Any, page: str) -> None:
    old = claim_token(hub.parts.ring, HOA, "hoa@example.com", hub.parts.now() - dt.timedelta(days=8))

    assert (await hub.client.post(f"/chat/site/confirm?t={old}")).status == 400
