"""Live customers on Telegram, Slack and by mail: they write at the town's platforms and read there what comes back."""

import asyncio
import contextlib
import random
import secrets
from collections.abc import Callable
from typing import Protocol

from channels.fakes.telegram import Json
from hub.clock import utc_now
from hub.commands.demo_shop import posts
from hub.commands.demo_shop.posts import Answer, Letter
from hub.commands.demo_shop.scenes import Scene
from hub.commands.demo_shop.town import ADDRESS, CHANNEL, REGULARS, Town, regular
from nlp.fold import fold

IDLE_S = 30.0  # a mailbox that nobody watches by then gets its mail all the same
EDITS = 0.4  # so often a line is changed after it was said


class Platform(Protocol):
    """One customer's end of a platform."""

    async def say(self, text: str, *, picture: bool) -> None: ...

    def answers(self) -> list[str]:
        """What the shop wrote so far."""
        ...

    def thank(self) -> None:
        """The last thing that a contented customer does."""
        ...


Comes = Callable[[Scene, str, int], Platform]


def ways(town: Town, chance: random.Random) -> dict[str, Comes]:
    """How customers come, by channel; each is given its scene, name and number."""
    first = chance.randrange(REGULARS)  # another run, other regulars
    return {
        "Telegram": lambda scene, name, number: OnTelegram(town, regular(first + number, name), chance),
        "Email": lambda scene, name, number: ByMail(town, scene, name, number),
        "Slack": lambda scene, name, number: OnSlack(town, name, number),
    }


class OnTelegram:
    """In the chat with the bot."""

    def __init__(self, town: Town, person: Json, chance: random.Random) -> None:
        self._bot = town.bot
        self._chance = chance
        self._person = person
        self._chat = self._bot.private(person)
        self._chat.person = person
        self._before = len(self._mine())

    async def say(self, text: str, *, picture: bool) -> None:
        if picture:
            size = {"width": posts.WIDTH, "height": posts.HEIGHT}
            self._bot.hears_file(self._person, "photo", posts.picture(), "hop-tra.jpg", of=size, caption=text)
            return
        message = self._bot.hears(self._person, text)
        if self._chance.random() < EDITS:
            self._bot.edits(message, f"{text} 🙏")

    def answers(self) -> list[str]:
        return [str(one.get("text") or one.get("caption") or "📎") for one in self._mine()[self._before :]]

    def thank(self) -> None:
        if mine := self._mine():
            self._bot.reacts(self._person, mine[-1], [], ["❤"])

    def _mine(self) -> list[Json]:
        return [one for one in self._bot.sent if one["chat"]["id"] == self._chat.id]


class OnSlack:
    """In a thread of the channel that the shop shares with its customers."""

    def __init__(self, town: Town, name: str, number: int) -> None:
        self._slack = town.slack
        self._user = f"U0DEMO{number % 10_000:04}"
        self._slack.home.add_user(self._user, name)
        self._thread = ""

    async def say(self, text: str, *, picture: bool) -> None:
        more: Json = {"thread_ts": self._thread} if self._thread else {}
        if picture:
            file = self._slack.put_file("hop-tra.png", "image/png", posts.picture())
            more |= {"subtype": "file_share", "files": [file]}
        message = self._slack.say(CHANNEL, self._user, text, **more)
        self._thread = self._thread or str(message["ts"])

    def answers(self) -> list[str]:
        return [str(one.get("text") or "📎") for one in self._mine()]

    def thank(self) -> None:
        if mine := self._mine():
            self._slack.react(self._slack.home, CHANNEL, str(mine[-1]["ts"]), self._user, "heart")

    def _mine(self) -> list[Json]:
        said = self._slack.home.channels[CHANNEL].messages
        return [one for one in said if one.get("thread_ts") == self._thread and one.get("bot_id")]


class ByMail:
    """From a mailbox of their own; each mail but the first quotes the answer before it."""

    def __init__(self, town: Town, scene: Scene, name: str, number: int) -> None:
        self._town, self._scene, self._name = town, scene, name
        mark = secrets.token_hex(3)
        self._address = f"{fold(name).lower().replace(' ', '.')}.{mark}@khach.example"
        self._mark, self._said, self._first = f"{number}.{mark}", 0, ""

    async def say(self, text: str, *, picture: bool) -> None:
        answers, self._said = self._answers(), self._said + 1
        letter = Letter(
            id=f"<{self._mark}.{self._said}@khach.example>",
            name=self._name,
            address=self._address,
            to=ADDRESS,
            subject=self._scene.subject,
            text=text,
            at=utc_now(),
            language=self._scene.language,
            first=self._first,
            quoted=answers[-1] if answers else None,
            picture=posts.picture() if picture else None,
        )
        self._first = self._first or letter.id
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(IDLE_S):
                await self._town.imap.idling()
        self._town.imap.put(posts.posted(letter), at=utc_now())

    def answers(self) -> list[str]:
        return [one.text for one in self._answers()]

    def thank(self) -> None:
        """A mail has no hearts."""

    def _answers(self) -> list[Answer]:
        return [posts.answer_of(one.mail) for one in self._town.smtp.taken if self._address in one.to]
