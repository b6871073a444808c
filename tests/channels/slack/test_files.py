"""Files that people send: fetched with the token, which goes to Slack alone."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.fakes.slack import LOGIN_PAGE, FakeSlack, Fault
from channels.slack import Slack
from hub.errors import Refused, Retry
from hub.inbound import InboundMessage
from hub.model import Account
from tests.channels.slack import room

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 200_000


async def fetched(channel: Slack, account: Account, ref: str) -> bytes:
    return b"".join([chunk async for chunk in channel.fetch(account, ref)])


async def test_a_file_of_a_message_is_fetched_by_what_its_inbound_says(
    slack: FakeSlack, channel: Slack, account: Account
) -> None:
    shown = slack.put_file("bàn.png", "image/png", PNG)
    slack.say(room.HELP, room.LAN, "Ảnh", subtype="file_share", files=[shown])
    (message,) = room.meanings(slack, account)
    assert isinstance(message, InboundMessage) and message.files[0].ref

    assert await fetched(channel, account, message.files[0].ref) == PNG


async def test_of_another_companys_file_slack_is_asked_more(slack: FakeSlack, channel: Slack, account: Account) -> None:
    shown = slack.put_file("giá.pdf", "application/pdf", b"%PDF-1.7", foreign=True)
    assert shown == {"id": shown["id"], "file_access": "check_file_info"}

    assert await fetched(channel, account, shown["id"]) == b"%PDF-1.7"


async def test_a_web_page_that_somebody_sent_is_a_file(slack: FakeSlack, channel: Slack, account: Account) -> None:
    shown = slack.put_file("trang.html", "text/html", LOGIN_PAGE)

    assert await fetched(channel, account, shown["id"]) == LOGIN_PAGE


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"mode": "tombstone"}, "deleted"),
        ({"mode": "hidden_by_limit"}, "plan"),
        ({"is_external": True, "url_private": "https://docs.example/s"}, "https://docs.example/s"),
        ({"url_private": None, "url_private_download": None}, "does not show"),
        ({"url_private_download": "https://evil.example/x"}, "outside of Slack"),
        ({"url_private_download": "https://slack.com.evil.example/x"}, "outside of Slack"),
    ],
)
async def test_what_cannot_be_fetched_is_refused_with_a_sentence(
    slack: FakeSlack, channel: Slack, account: Account, said: dict[str, object], sentence: str
) -> None:
    shown = slack.put_file("a.png", "image/png", PNG, shown=said)
    with pytest.raises(Refused, match=sentence):
        await fetched(channel, account, shown["id"])


async def test_a_file_that_slack_does_not_know_is_refused(slack: FakeSlack, channel: Slack, account: Account) -> None:
    with pytest.raises(Refused, match="does not know this file"):
        await fetched(channel, account, "F0GONE00001")


async def test_the_token_does_not_follow_a_redirect_elsewhere(
    slack: FakeSlack, channel: Slack, account: Account
) -> None:
    seen: list[str] = []

    async def catch(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Authorization", ""))
        return web.Response(body=PNG)

    app = web.Application()
    app.router.add_get("/x", catch)
    async with TestServer(app) as elsewhere:
        shown = slack.put_file("a.png", "image/png", PNG, shown={"redirect": str(elsewhere.make_url("/x"))})
        with pytest.raises(Refused, match="another place"):
            await fetched(channel, account, shown["id"])
    assert seen == []


async def test_a_redirect_without_end_is_refused(slack: FakeSlack, channel: Slack, account: Account) -> None:
    shown = slack.put_file("a.png", "image/png", PNG)
    slack.home.files[shown["id"]].shown = {"redirect": shown["url_private"]}
    with pytest.raises(Refused, match="sign in"):
        await fetched(channel, account, shown["id"])


@pytest.mark.parametrize("harm", ["half-close", "refuse"])
async def test_a_file_is_asked_for_again_when_slack_does_not_answer(
    slack: FakeSlack, channel: Slack, account: Account, harm: str
) -> None:
    shown = slack.put_file("a.png", "image/png", PNG)
    slack.faults.append(Fault(method="files.info", harm=harm))
    with pytest.raises(Retry):
        await fetched(channel, account, shown["id"])
