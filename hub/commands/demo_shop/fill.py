"""Lets the demo's stories happen: customers come in through the door, agents answer through the composer.

All stories go on side by side, line by line, at the times that they tell of; how far they are is kept, so that a
second run does nothing and one that was interrupted goes on. Every id is derived from the story.
"""

import datetime as dt
from collections.abc import Callable, Sequence

from channels.base import Webhook
from hub.arrivals.door import NUDGE, Door
from hub.clock import utc_now
from hub.commands.demo_shop import frames
from hub.commands.demo_shop.frames import Said
from hub.commands.demo_shop.script import Step, Story
from hub.commands.helping import Help
from hub.commands.rooms import Rooms
from hub.departures.change import Changer, Wish
from hub.departures.compose import Composer, Draft
from hub.errors import HubError
from hub.events import Announcer
from hub.ids import conversation_id, inbound_id
from hub.model import Account, ArrivalId, Author, Conversation, ConversationId, Event, EventItem, MessageId
from hub.people.resolve import thread_of

MARK = "demo-shop-1"  # a later set of stories takes another name
TAGS_S = 5.0  # so long the first round waits for tags; without a tagger none comes
SECOND = dt.timedelta(seconds=1)


class Today(Announcer):
    """Tells of the past today: an event with an old time would be dropped before anybody reads it."""

    async def append(self, items: Sequence[EventItem], now: dt.datetime, journaled: bool = True) -> Event | None:
        return await super().append(items, utc_now(), journaled)


class Filling:
    def __init__(
        self,
        rooms: Rooms,
        account: Account,
        channel: Webhook,
        stories: Sequence[Story],
        authors: dict[str, Author],
        help_: Help,
        page: str,
    ) -> None:
        self._rooms = rooms
        self._account = account
        self._channel = channel
        self._stories = stories
        self._authors = authors
        self._help = help_
        self._page = page
        self._at = utc_now()  # the time of the line that happens
        announcer = Today(rooms.store, rooms.bus)
        settings = rooms.settings
        self._door = Door(rooms.store, rooms.bus, self._clock, settings.data, settings.disk_floor_mb)
        self._composer = Composer(rooms.store, rooms.bus, announcer, rooms.channels, self._clock)
        self._changer = Changer(rooms.store, announcer, self._clock)
        self._teams: dict[str, str] = {}
        self._tagged = True

    def _clock(self) -> dt.datetime:
        return self._at

    async def run(self, tell: Callable[[int, int], None]) -> bool:
        """Everything that has not happened yet; False when all had. `tell` hears of each round."""
        rounds = 1 + max(len(one.steps) for one in self._stories)
        done, start = await self._progress()
        if done >= rounds:
            return False
        self._teams = {one.name: one.id for one in await self._rooms.store.teams.all()}
        for number in range(done, rounds):
            tell(number, rounds)
            await self._round(number, start)
            await self._rooms.store.cursors.move(MARK, f"{number + 1} {start.isoformat()}", utc_now())
        return True

    async def _progress(self) -> tuple[int, dt.datetime]:
        mark = await self._rooms.store.cursors.get(MARK)
        done, _, start = (mark or "").partition(" ")
        return (int(done), dt.datetime.fromisoformat(start)) if mark else (0, utc_now())

    async def _round(self, number: int, start: dt.datetime) -> None:
        """The introductions, or line `number` of every story that has one: first what customers say, then the shop."""
        if number == 0:
            keys = list(dict.fromkeys(one.person.key for one in self._stories))
            who = [
                frames.introduction(one, self._account, one.begins(start) - SECOND, keys.index(one.person.key))
                for one in self._stories
            ]
            await self._let_in([one for one in who if one is not None])
            return
        lines = [(one, one.steps[number - 1]) for one in self._stories if len(one.steps) >= number]
        await self._customers([(one, step) for one, step in lines if step.kind == "say"], number, start)
        sent = [
            id_
            for one, step in lines
            if step.kind != "say" and (id_ := await self._shop(one, step, number, start)) is not None
        ]
        await self._until_sent(sent)

    # -- customers ----------------------------------------------------------------------------------------------------

    async def _customers(self, lines: list[tuple[Story, Step]], number: int, start: dt.datetime) -> None:
        heads = {one.id: one.head for one in await self._conversations([story for story, _ in lines])}
        said: list[Said] = []
        for story, step in lines:
            at = story.begins(start) + step.after
            if head := heads.get(self._conversation(story)):
                said.append(frames.read(story, head, at - SECOND))
            said.append(frames.words(story, number, step.text, at, self._page))
        await self._let_in(said)
        await self._until_tagged([f"{story.visitor}:{story.visitor}-{number}" for story, _ in lines])

    async def _let_in(self, said: list[Said]) -> None:
        """Through the door at their own times; then they begin to wait now, where workers look for them."""
        kept: list[ArrivalId] = []
        for one in said:
            self._at = one.at
            kept += await self._door.keep(self._account, frames.checked(one, self._account, self._channel))
        found = (await self._rooms.store.arrivals.by_ids(kept)).values()
        new = [one for one in found if one.state == "new"]
        if new:
            await self._rooms.store.arrivals.release(new, utc_now())
            await self._rooms.bus.nudge(NUDGE, {one.lane for one in new})
        await self._help.until(lambda: self._logged(kept), "the demo's messages are kept, but not taken in")

    async def _logged(self, ids: list[ArrivalId]) -> bool:
        states = {one.state for one in (await self._rooms.store.arrivals.by_ids(ids)).values()}
        if "quarantined" in states:
            raise HubError("One of the demo's messages went into quarantine; the inbox shows it under settings.")
        return states <= {"done"}

    async def _until_tagged(self, externals: list[str]) -> None:
        """Give the tagger its time, since tags choose the teams; asked no more when it is not there."""
        ids = [inbound_id(self._account.id, one) for one in externals]
        give_up = utc_now() + dt.timedelta(seconds=TAGS_S)

        async def tagged() -> bool:
            there = await self._rooms.store.messages.by_ids(ids)
            if all(one.tag is not None for one in there):
                return True
            self._tagged = utc_now() < give_up
            return not self._tagged

        if self._tagged and ids:
            await self._help.until(tagged, "tags")

    # -- the shop -----------------------------------------------------------------------------------------------------

    async def _shop(self, story: Story, step: Step, number: int, start: dt.datetime) -> MessageId | None:
        """What an agent does in this line; the id of a reply."""
        self._at = story.begins(start) + step.after
        conversation = (await self._conversations([story]))[0]
        author = self._authors[story.agent]
        await self._changer.read(conversation.id, conversation.head)
        if conversation.agent is None and step.kind == "answer":
            conversation = await self._changer.apply(
                author, conversation.id, Wish(agent=author.id, agent_name=author.name)
            )
        draft = Draft(
            author=author,
            conversation=conversation.id,
            key=f"{story.visitor}-{number}",
            text=step.text,
            seen=conversation.head,
        )
        if step.kind == "answer":
            return (await self._composer.reply(draft)).id
        if step.kind == "note":
            await self._composer.note(draft)
        else:
            await self._changer.apply(author, conversation.id, self._wish(step.text))
        return None

    def _wish(self, text: str) -> Wish:
        verb, _, what = text.partition(" ")
        match verb:
            case "label":
                return Wish(add_labels=(what,))
            case "team":
                return Wish(team=self._teams[what], team_name=what) if what in self._teams else Wish()
            case "snooze":
                return Wish(state="snoozed", snoozed_until=utc_now() + dt.timedelta(hours=int(what)))
            case _:
                return Wish(state="resolved")

    async def _until_sent(self, ids: list[MessageId]) -> None:
        async def sent() -> bool:
            return all(one.leave is None for one in await self._rooms.store.messages.by_ids(ids))

        if ids:
            await self._help.until(sent, "the demo's answers are written, but not sent")

    # -- where ---------------------------------------------------------------------------------------------------------

    def _conversation(self, story: Story) -> ConversationId:
        return conversation_id(thread_of(self._account, story.visitor), 0)

    async def _conversations(self, stories: list[Story]) -> list[Conversation]:
        return await self._rooms.store.conversations.by_ids([self._conversation(one) for one in stories])
