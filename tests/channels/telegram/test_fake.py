"""The fake behaves as the Bot API does where adapters trip: confirming, conflicts, repeats, limits."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from channels.fakes.telegram import Bot, FakeTelegram, TurnedClock
from tests.channels.telegram.scene import LAN, MINH, PUBLIC, TOKEN

NOON = 1_795_262_400.0


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock(NOON)


@pytest.fixture
async def fake(clock: TurnedClock) -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(clock=clock) as fake:
        fake.add_bot(TOKEN, "mocan_bot")
        yield fake


@pytest.fixture
def its_bot(fake: FakeTelegram) -> Bot:
    return fake.bots[TOKEN]


async def ask(fake: FakeTelegram, method: str, token: str = TOKEN, **values: Any) -> dict[str, Any]:
    async with aiohttp.ClientSession() as http, http.post(f"{fake.url}/bot{token}/{method}", json=values) as answer:
        said: dict[str, Any] = await answer.json(content_type=None)
        return {**said, "status": answer.status}


async def until(true: Callable[[], Any]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.005)


# -- getUpdates -------------------------------------------------------------------------------------------------------


async def test_an_offset_confirms_what_is_before_it_and_a_negative_one_all_but_the_last(
    fake: FakeTelegram, its_bot: Bot
) -> None:
    for word in ("một", "hai", "ba"):
        its_bot.hears(LAN, word)
    first = its_bot.updates.waiting[0].id

    unconfirmed = await ask(fake, "getUpdates", limit=1)
    confirmed = await ask(fake, "getUpdates", offset=first + 1)
    beyond = await ask(fake, "getUpdates", offset=first + 500)
    last = await ask(fake, "getUpdates", offset=-1)

    texts = [[one["message"]["text"] for one in each["result"]] for each in (unconfirmed, confirmed, beyond, last)]
    assert texts == [["một"], ["hai", "ba"], ["hai", "ba"], ["ba"]]


async def test_a_poll_is_cut_down_to_fifty_seconds(fake: FakeTelegram, clock: TurnedClock) -> None:
    asking = asyncio.ensure_future(ask(fake, "getUpdates", timeout=600))
    await until(lambda: clock.sleepers)

    assert clock.sleepers == [50.0]
    clock.pass_s(50)
    assert (await asking)["result"] == []


async def test_a_second_poll_ends_the_first_with_409(fake: FakeTelegram, clock: TurnedClock, its_bot: Bot) -> None:
    first = asyncio.ensure_future(ask(fake, "getUpdates", timeout=50))
    await until(lambda: clock.sleepers)
    second = asyncio.ensure_future(ask(fake, "getUpdates", timeout=50))
    await until(lambda: 3.0 in clock.sleepers)
    clock.pass_s(3)
    told = await first
    its_bot.hears(LAN, "đây")

    assert (told["status"], "terminated by other getUpdates" in told["description"]) == (409, True)
    assert len((await second)["result"]) == 1


async def test_with_a_webhook_polling_is_409(fake: FakeTelegram, clock: TurnedClock) -> None:
    await ask(fake, "setWebhook", url=f"{PUBLIC}/in/tg")

    assert "can't use getUpdates method while webhook is active" in (await ask(fake, "getUpdates"))["description"]


async def test_reactions_are_told_to_those_alone_who_ask(fake: FakeTelegram, its_bot: Bot) -> None:
    its_bot.reacts(LAN, its_bot.hears(LAN, "chào"), [], ["❤"])
    await ask(fake, "getUpdates", allowed_updates=["message_reaction"])
    its_bot.reacts(LAN, its_bot.hears(LAN, "chào"), [], ["❤"])

    assert ["message_reaction" in one.update for one in its_bot.updates.waiting] == [False, True]


async def test_updates_are_forgotten_after_a_day(fake: FakeTelegram, clock: TurnedClock, its_bot: Bot) -> None:
    its_bot.hears(LAN, "cũ")
    clock.pass_s(24 * 3600)

    assert (await ask(fake, "getUpdates"))["result"] == []


# -- who may ask ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("token", "status"), [("123:unknown", 401), ("nonsense", 404), (TOKEN, 200)])
async def test_who_is_let_in(fake: FakeTelegram, token: str, status: int) -> None:
    assert (await ask(fake, "getMe", token=token))["status"] == status


async def test_an_unknown_method_is_404(fake: FakeTelegram) -> None:
    assert (await ask(fake, "sendTelepathy"))["status"] == 404


@pytest.mark.parametrize(
    ("url", "secret", "why"),
    [
        ("http://hub.example", "", "An HTTPS URL must be provided"),
        ("https://hub.example:9000", "", "only on ports 80, 88, 443 or 8443"),
        ("https://hub.example", "mật khẩu", "secret token contains unallowed characters"),
    ],
)
async def test_webhooks_that_telegram_does_not_take(fake: FakeTelegram, url: str, secret: str, why: str) -> None:
    assert why in (await ask(fake, "setWebhook", url=url, secret_token=secret))["description"]


# -- pushing ----------------------------------------------------------------------------------------------------------


class Receiver:
    """A webhook that answers as it is told."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.secrets: list[str | None] = []
        self.answers: list[web.Response] = []

    async def take(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.texts.append(update["message"]["text"])
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return self.answers.pop(0) if self.answers else web.Response()


@asynccontextmanager
async def receiving(fake: FakeTelegram) -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/in/tg", receiver.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.routes[PUBLIC] = f"http://127.0.0.1:{runner.addresses[0][1]}"
    await ask(fake, "setWebhook", url=f"{PUBLIC}/in/tg", secret_token="shh")
    try:
        yield receiver
    finally:
        await fake.pushers[TOKEN].close()
        await runner.cleanup()


async def test_a_failing_webhook_is_asked_again_at_once_then_after_2_4_8_up_to_a_minute_or_two(
    fake: FakeTelegram, clock: TurnedClock, its_bot: Bot
) -> None:
    async with receiving(fake) as receiver:
        receiver.answers = [web.Response(status=500) for _ in range(9)]
        its_bot.hears(LAN, "chào")
        for _ in range(8):
            await until(lambda: clock.sleepers)
            clock.pass_s(clock.sleepers[0])
        await until(lambda: len(receiver.texts) == 10 and not its_bot.updates.waiting)

    pauses = fake.pushers[TOKEN].pauses
    assert pauses[:7] == [0.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0]
    assert 60 <= pauses[7] <= 120 and 60 <= pauses[8] <= 120
    assert set(receiver.secrets) == {"shh"}


async def test_a_retry_after_is_obeyed(fake: FakeTelegram, clock: TurnedClock, its_bot: Bot) -> None:
    async with receiving(fake) as receiver:
        receiver.answers = [web.Response(status=503, headers={"Retry-After": "17"})]
        its_bot.hears(LAN, "chào")
        await until(lambda: clock.sleepers)
        asleep = clock.sleepers
        clock.pass_s(17)
        await until(lambda: not its_bot.updates.waiting)

    assert (asleep, receiver.texts) == ([17.0], ["chào", "chào"])


async def test_what_a_webhook_does_not_take_holds_its_own_chat_and_no_other(
    fake: FakeTelegram, clock: TurnedClock, its_bot: Bot
) -> None:
    async with receiving(fake) as receiver:
        receiver.answers = [web.Response(status=500), web.Response(status=500)]
        its_bot.hears(LAN, "một")
        await until(lambda: clock.sleepers)
        its_bot.hears(LAN, "hai")
        its_bot.hears(MINH, "khác")
        await until(lambda: "khác" in receiver.texts)
        held = list(receiver.texts)
        clock.pass_s(2)
        await until(lambda: not its_bot.updates.waiting)

    assert held == ["một", "một", "khác"]
    assert receiver.texts == ["một", "một", "khác", "một", "hai"]


# -- limits -----------------------------------------------------------------------------------------------------------


async def test_whoever_goes_over_a_limit_waits_and_each_early_try_is_counted(
    fake: FakeTelegram, clock: TurnedClock, its_bot: Bot
) -> None:
    chat = its_bot.private(LAN).id
    statuses = [(await ask(fake, "sendMessage", chat_id=chat, text="a"))["status"] for _ in range(5)]
    other = await ask(fake, "sendMessage", chat_id=its_bot.private(MINH).id, text="a")
    clock.pass_s(3)
    after = await ask(fake, "sendMessage", chat_id=chat, text="a")

    assert statuses == [200, 200, 200, 429, 429]
    assert (other["status"], after["status"], its_bot.floods.early) == (200, 200, 1)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"text": "a" * 4097}, "message is too long"),
        ({"text": " \n"}, "message text is empty"),
        ({"text": "👍", "entities": [{"type": "bold", "offset": 1, "length": 1}]}, "middle of a UTF-16 symbol"),
        ({"text": "a", "entities": [{"type": "bold", "offset": 0, "length": 2}]}, "can't parse entities"),
        ({"text": "a.", "parse_mode": "MarkdownV2"}, "Character '.' is reserved"),
        ({"text": "a", "message_thread_id": 5}, "message thread not found"),
        ({"text": "a", "reply_parameters": {"message_id": 9}}, "message to be replied not found"),
        (
            {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "ạ" * 30}]]}},
            "BUTTON_DATA_INVALID",
        ),
    ],
)
async def test_texts_that_telegram_refuses(fake: FakeTelegram, its_bot: Bot, values: dict[str, Any], why: str) -> None:
    answer = await ask(fake, "sendMessage", chat_id=its_bot.private(LAN).id, **values)

    assert (answer["status"], why in answer["description"]) == (400, True)


async def test_own_words_can_be_edited_deleted_and_marked(fake: FakeTelegram, its_bot: Bot) -> None:
    chat = its_bot.private(LAN).id
    sent = (await ask(fake, "sendMessage", chat_id=chat, text="a"))["result"]
    where = {"chat_id": chat, "message_id": sent["message_id"]}

    edited = await ask(fake, "editMessageText", **where, text="b")
    same = await ask(fake, "editMessageText", **where, text="b")
    marked = await ask(fake, "setMessageReaction", **where, reaction=[{"type": "emoji", "emoji": "❤"}])
    deleted = await ask(fake, "deleteMessage", **where)
    again = await ask(fake, "deleteMessage", **where)

    assert edited["result"]["text"] == "b"
    assert "message is not modified" in same["description"]
    assert (marked["result"], deleted["result"], again["status"]) == (True, True, 400)
