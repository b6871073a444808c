"""Lets the demo's stories happen: customers come in through the door, agents answer through the composer.

All stories go on side by side, line by line, at the times that they tell of; how far they are is kept, so that a
second run does nothing and one that was interrupted goes on. Every id is derived from the story.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from channels.base import RawArrival
from hub.arrivals.door import Door
from hub.clock import utc_now
from hub.commands.demo_shop.script import CUSTOMERS, Step, Story
from hub.commands.demo_shop.voices import Moment, Voice
from hub.commands.helping import Help
from hub.commands.rooms import Rooms
from hub.departures.change import Changer, Wish
from hub.departures.compose import Composer, Draft
from hub.errors import HubError
from hub.events import Announcer
from hub.ids import inbound_id
from hub.inbound import InboundMessage
from hub.model import Arrival, ArrivalId, Author, Conversation, ConversationId, Event, EventItem, MessageId

MARK = "demo-shop-1"  # a later set of stories takes another name
ELSEWHERE = "demo-elsewhere-1"
TAGS_S = 5.0  # so long the first round waits for tags; without a tagger none comes
SECOND = dt.timedelta(seconds=1)


class Today(Announcer):
    """Tells of the past today: an event with an old time would be dropped before anybody reads it."""

    async def append(
        self, items: Sequence[EventItem], now: dt.datetime, journaled: bool = True, breaks: int | None = None
    ) -> Event | None:
        return await super().append(items, utc_now(), journaled, breaks)


class Filling:
    """One set of stories; `mark` keeps how far it is, and `voices` says them, by channel, at the `moment`'s time."""

    def __init__(
        self,
        rooms: Rooms,
        mark: str,
        stories: Sequence[Story],
        voices: Mapping[str, Voice],
        moment: Moment,
        authors: dict[str, Author],
        help_: Help,
    ) -> None:
        self._rooms = rooms
        self._mark = mark
        self._stories = stories
        self._voices = voices
        self._moment = moment
        self._authors = authors
        self._help = help_
        announcer = Today(rooms.store, rooms.bus)
        settings = rooms.settings
        self._door = Door(rooms.store, rooms.bus, moment, settings.data, settings.disk_floor_mb)
        self._composer = Composer(rooms.store, rooms.bus, announcer, rooms.channels, moment)
        self._changer = Changer(rooms.store, announcer, moment)
        self._teams: dict[str, str] = {}
        self._where: dict[str, ConversationId] = {}  # by visitor
        self._tagged = True
        self._kept: list[tuple[ArrivalId, Story]] = []  # at the door, and not let in yet

    async def run(self, tell: Callable[[int, int], None]) -> bool:
        """Everything that has not happened yet; False when all had. `tell` hears of each round."""
        rounds = 1 + max(len(one.steps) for one in self._stories)
        done, start = await progress(self._rooms, self._mark)
        if done >= rounds:
            return False
        self._teams = {one.name: one.id for one in await self._rooms.store.teams.all()}
        if done > 1:  # first lines that are kept already say where their stories stand
            lost = [one for one in self._stories if self._conversation(one) is None]
            await self._customers([(one, one.steps[0]) for one in lost], 1, start)
        for number in range(done, rounds):
            tell(number, rounds)
            await self._round(number, start)
            await self._rooms.store.cursors.move(self._mark, f"{number + 1} {start.isoformat()}", utc_now())
        return True

    async def _round(self, number: int, start: dt.datetime) -> None:
        """The introductions, or line `number` of every story that has one: first what customers say, then the shop."""
        if number == 0:
            keys = list(dict.fromkeys(one.person.key for one in self._stories))
            for one in self._stories:
                self._moment.at = one.begins(start) - SECOND
                who = self._voices[one.channel].introduction(one, keys.index(one.person.key))
                await self._keep(one, who)
            await self._let_in()
            return
        lines = [(one, one.steps[number - 1]) for one in self._stories if len(one.steps) >= number]
        await self._customers([(one, step) for one, step in lines if step.kind in CUSTOMERS], number, start)
        sent = [
            id_
            for one, step in lines
            if step.kind not in CUSTOMERS and (id_ := await self._shop(one, step, number, start)) is not None
        ]
        await self._until_sent(sent)

    # -- customers ----------------------------------------------------------------------------------------------------

    async def _customers(self, lines: list[tuple[Story, Step]], number: int, start: dt.datetime) -> None:
        heads = {one.id: one.head for one in await self._conversations([story for story, _ in lines])}
        for story, step in lines:
            voice, at = self._voices[story.channel], story.begins(start) + step.after
            where = self._conversation(story)
            if where is not None and (head := heads.get(where)):
                self._moment.at = at - SECOND
                await self._keep(story, voice.read(story, head))
            self._moment.at = at
            await self._keep(story, voice.say(story, number, start))
        said = await self._let_in()
        logged = await self._rooms.store.messages.by_ids(list(said))
        self._where |= {said[one.id]: one.conversation for one in logged}
        ids = [one.id for one in logged]
        await self._until_tagged(ids)
        await self._help.until(lambda: self._here(ids), "the demo's photos are there, but not fetched")

    async def _keep(self, story: Story, said: list[RawArrival]) -> None:
        kept = await self._door.keep(self._voices[story.channel].account, said) if said else []
        self._kept += [(one, story) for one in kept]

    async def _let_in(self) -> dict[MessageId, str]:
        """The messages of what was kept, once they are logged, and whose they are."""
        whose, self._kept = dict(self._kept), []
        ids = list(whose)
        await self._help.until(lambda: self._logged(ids), "the demo's messages are kept, but not taken in")
        logged = await self._rooms.store.arrivals.by_ids(ids)
        return {id_: whose[one.id].visitor for one in logged.values() for id_ in self._messages(whose[one.id], one)}

    def _messages(self, story: Story, arrival: Arrival) -> list[MessageId]:
        """What an arrival's messages are called in the log."""
        account = self._voices[story.channel].account
        said = self._rooms.channels[account.kind].normalise(account, arrival)
        return [inbound_id(account.id, one.external) for one in said if isinstance(one, InboundMessage)]

    async def _logged(self, ids: list[ArrivalId]) -> bool:
        states = {one.state for one in (await self._rooms.store.arrivals.by_ids(ids)).values()}
        if "quarantined" in states:
            raise HubError("One of the demo's messages went into quarantine; the inbox shows it under settings.")
        return states <= {"done"}

    async def _until_tagged(self, ids: list[MessageId]) -> None:
        """Give the tagger its time, since tags choose the teams; asked no more when it is not there."""
        give_up = utc_now() + dt.timedelta(seconds=TAGS_S)

        async def tagged() -> bool:
            there = await self._rooms.store.messages.by_ids(ids)
            if all(one.tag is not None for one in there):
                return True
            self._tagged = utc_now() < give_up
            return not self._tagged

        if self._tagged and ids:
            await self._help.until(tagged, "tags")

    async def _here(self, ids: list[MessageId]) -> bool:
        """Whether every photo was fetched; its platform is gone afterwards."""
        said = await self._rooms.store.messages.by_ids(ids)
        return not any(file.state == "waiting" for one in said for file in one.attachments)

    # -- the shop -----------------------------------------------------------------------------------------------------

    async def _shop(self, story: Story, step: Step, number: int, start: dt.datetime) -> MessageId | None:
        """What an agent does in this line; the id of a reply."""
        self._moment.at = story.begins(start) + step.after
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

    def _conversation(self, story: Story) -> ConversationId | None:
        return self._voices[story.channel].conversation(story) or self._where.get(story.visitor)

    async def _conversations(self, stories: list[Story]) -> list[Conversation]:
        ids = [id_ for one in stories if (id_ := self._conversation(one)) is not None]
        return await self._rooms.store.conversations.by_ids(ids)


async def progress(rooms: Rooms, mark: str) -> tuple[int, dt.datetime]:
    """How many rounds of these stories have happened, and from when they are seen."""
    kept = await rooms.store.cursors.get(mark)
    done, _, start = (kept or "").partition(" ")
    return (int(done), dt.datetime.fromisoformat(start)) if kept else (0, utc_now())


async def is_told(rooms: Rooms, mark: str, stories: Sequence[Story]) -> bool:
    """Whether all of these stories have happened."""
    return (await progress(rooms, mark))[0] > max(len(one.steps) for one in stories)
