"""How the stories' customers speak on each channel: what their platform hands over, checked by the channel's own door.

Nothing here depends on chance or on what happened before, so that a story that is told again says the same.
"""

import datetime as dt
from typing import ClassVar, Protocol

import msgspec

from channels.base import Channel, RawArrival, Webhook
from channels.email import webhooks
from channels.email import wire as mail_wire
from channels.fakes.slack.world import Json, Numbers
from channels.slack import signature
from channels.telegram import wire as telegram_wire
from hub.commands.demo_shop import frames, posts
from hub.commands.demo_shop.posts import Letter
from hub.commands.demo_shop.script import Story
from hub.commands.demo_shop.town import ADDRESS, CHANNEL, Town, resident, slack_user
from hub.ids import conversation_id
from hub.model import Account, ConversationId
from hub.people.resolve import thread_of

UPDATES = 400_000_000  # below every number of a live run
PER_LINE = 10  # numbers of messages: the shop's answers stand between the customer's lines


class Moment:
    """The time that it is in the stories."""

    def __init__(self, at: dt.datetime) -> None:
        self.at = at

    def __call__(self) -> dt.datetime:
        return self.at


class Voice(Protocol):
    """One channel's way of saying a line. It is said at the moment's time."""

    account: Account

    def introduction(self, story: Story, number: int) -> list[RawArrival]: ...

    def say(self, story: Story, number: int, start: dt.datetime) -> list[RawArrival]:
        """Line `number`, counted from 1, of a story that is seen from `start`."""
        ...

    def read(self, story: Story, head: int) -> list[RawArrival]:
        """The customer has seen everything up to `head`, where the channel tells that."""
        ...

    def conversation(self, story: Story) -> ConversationId | None:
        """Which one the story is, where that can be known beforehand."""
        ...


class OnSite:
    """The shop's chat."""

    def __init__(self, account: Account, channel: Webhook, moment: Moment, page: str) -> None:
        self.account, self._channel, self._moment, self._page = account, channel, moment, page

    def introduction(self, story: Story, number: int) -> list[RawArrival]:
        return self._checked(frames.introduction(story, self.account, self._moment.at, number))

    def say(self, story: Story, number: int, start: dt.datetime) -> list[RawArrival]:
        text = story.steps[number - 1].text
        return self._checked(frames.words(story, number, text, self._moment.at, self._page))

    def read(self, story: Story, head: int) -> list[RawArrival]:
        return self._checked(frames.read(story, head, self._moment.at))

    def conversation(self, story: Story) -> ConversationId | None:
        return conversation_id(thread_of(self.account, story.visitor), 0)

    def _checked(self, said: frames.Said | None) -> list[RawArrival]:
        return frames.checked(said, self.account, self._channel) if said is not None else []


class Away:
    """What the platforms elsewhere have in common: who writes is known, and who reads is not told."""

    kind: ClassVar[str]

    def __init__(self, town: Town, channel: Channel, moment: Moment) -> None:
        assert isinstance(channel, Webhook)
        self.account = town.accounts[self.kind]
        self._town, self._channel, self._moment = town, channel, moment

    def introduction(self, story: Story, number: int) -> list[RawArrival]:
        return []

    def read(self, story: Story, head: int) -> list[RawArrival]:
        return []

    def conversation(self, story: Story) -> ConversationId | None:
        return None

    def _verified(self, headers: dict[str, str], body: bytes) -> list[RawArrival]:
        return list(self._channel.verify(headers, body, [self.account], self._moment.at).arrivals)


class OnTelegram(Away):
    kind = "telegram"

    def say(self, story: Story, number: int, start: dt.datetime) -> list[RawArrival]:
        """What the bot hears, as its webhook would be given it."""
        bot, step = self._town.bot, story.steps[number - 1]
        if step.kind == "edit":
            self._heard(story, _changed(story, number), start)
            bot.updates.restart_numbers(self._update(story, number))
            message = bot.private(resident(story)).messages[PER_LINE * _changed(story, number)]
            self._moment.at = story.begins(start) + step.after
            bot.edits(message, step.text)
            return self._handed_over()
        return self._heard(story, number, start)

    def _heard(self, story: Story, number: int, start: dt.datetime) -> list[RawArrival]:
        bot, who, step = self._town.bot, resident(story), story.steps[number - 1]
        bot.private(who).next = PER_LINE * number
        bot.updates.restart_numbers(self._update(story, number))
        self._moment.at = story.begins(start) + step.after
        if step.kind == "picture":
            size = {"width": posts.WIDTH, "height": posts.HEIGHT}
            bot.hears_file(who, "photo", posts.picture(), "hop-tra.jpg", of=size, caption=step.text)
        else:
            bot.hears(who, step.text)
        return self._handed_over()

    def _update(self, story: Story, number: int) -> int:
        return UPDATES + 1_000 * story.number + number

    def _handed_over(self) -> list[RawArrival]:
        """The newest update, taken before anybody who polls sees it."""
        newest = self._town.bot.updates.waiting[-1]
        self._town.bot.updates.forget({newest.id})
        shown = {telegram_wire.SECRET: telegram_wire.secrets_of(self.account).secret}
        return self._verified(shown, msgspec.json.encode(newest.update))


class OnSlack(Away):
    kind = "slack"

    def __init__(self, town: Town, channel: Channel, moment: Moment) -> None:
        super().__init__(town, channel, moment)
        town.slack.socket_mode = False  # events are posted, and taken here
        self._threads: dict[str, str] = {}

    def say(self, story: Story, number: int, start: dt.datetime) -> list[RawArrival]:
        """What the app is told, as Slack posts it."""
        slack, step = self._town.slack, story.steps[number - 1]
        slack.numbers = Numbers(slack.clock)  # its times never go back by themselves, and the stories' do
        slack.pusher.waiting.clear()
        more: Json = {"thread_ts": thread} if (thread := self._threads.get(story.visitor)) else {}
        message = slack.say(CHANNEL, slack_user(story), step.text, **more)
        self._threads.setdefault(story.visitor, message["ts"])
        body, at = slack.pusher.waiting.pop().body, str(int(slack.clock()))
        signed = {signature.TIMESTAMP: at, signature.SIGNATURE: signature.sign(slack.signing_secret, body, at)}
        return self._verified(signed, body)


class ByMail(Away):
    kind = "email"

    def say(self, story: Story, number: int, start: dt.datetime) -> list[RawArrival]:
        """A mail, as a mail server posts it; it quotes the shop's last answer."""
        step, at, address = story.steps[number - 1], self._moment.at, f"{story.person.key}@khach.example"
        answers = [posts.answer_of(one.mail) for one in self._town.smtp.taken if address in one.to]
        letter = Letter(
            id=f"<{story.visitor}.{number}@khach.example>",
            name=story.person.name,
            address=address,
            to=ADDRESS,
            subject=story.subject,
            text=step.text,
            at=at,
            language=story.person.language,
            first=f"<{story.visitor}.1@khach.example>" if number > 1 else "",
            quoted=answers[-1] if answers and number > 1 else None,
            picture=posts.picture() if step.kind == "picture" else None,
        )
        body, secret = posts.posted(letter), mail_wire.secrets_of(self.account).hook_secret
        found = self._verified({webhooks.SIGNATURE: webhooks.sign(secret, body, int(at.timestamp()))}, body)
        order = int(at.timestamp() * 1_000_000)
        return [msgspec.structs.replace(one, order=order) for one in found]


def _changed(story: Story, number: int) -> int:
    """The line that line `number` changes."""
    return max(at for at in range(1, number) if story.steps[at - 1].kind == "say")
