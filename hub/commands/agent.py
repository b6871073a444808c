"""`hub agent`: add an agent, give one a new password, list them; joins a running hub or starts the stores meanwhile."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable

from hub.clock import utc_now
from hub.commands.rooms import Rooms, open_rooms
from hub.commands.verbs import verb
from hub.embedded import join_or_start
from hub.errors import BadInput, Conflict, NotFound
from hub.events import settings_changed
from hub.ids import random_id
from hub.model import Agent, AgentId
from hub.safety import passwords
from hub.settings import Settings

HELP = "Add an agent, give one a new password, or list them."


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="add|password|list")
    add = verb(actions, "add", "add an agent; prints the password once")
    add.add_argument("email", help="what they sign in with")
    add.add_argument("--name", help="as customers and colleagues read it; without it, the email's first part")
    add.add_argument("--administrator", action="store_true", help="may also change settings")
    add.add_argument("--language", choices=["vi", "en"], default="vi", help="of their pages (vi)")
    password = verb(actions, "password", "make a new password, print it once, sign the agent out everywhere")
    password.add_argument("email", help="what they sign in with")
    verb(actions, "list", "everyone who answers")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """0; a wrong or taken email ends as one line."""
    actions: dict[str, Callable[[Rooms, argparse.Namespace], Awaitable[str]]] = {
        "add": _add,
        "password": _password,
        "list": _list,
    }
    print(asyncio.run(_with_rooms(settings, args, actions[args.action])))
    return 0


async def _with_rooms(
    settings: Settings, args: argparse.Namespace, act: Callable[[Rooms, argparse.Namespace], Awaitable[str]]
) -> str:
    async with (
        join_or_start(settings) as stores,
        open_rooms(settings, stores.urls.mongo, stores.urls.redis) as rooms,
    ):
        return await act(rooms, args)


async def _add(rooms: Rooms, args: argparse.Namespace) -> str:
    email, password = _email(args.email), passwords.generate()
    agent = Agent(
        id=AgentId(random_id("a")),
        name=args.name or email.partition("@")[0],
        email=email,
        role="administrator" if args.administrator else "agent",
        password=await passwords.hash_password(password),
        at=utc_now(),
        language=args.language,
    )
    try:
        await rooms.store.agents.add(agent)
    except Conflict as error:
        raise Conflict(f"There is an agent with {email} already; `hub agent password {email}` helps.") from error
    await rooms.announcer.announce([settings_changed()], utc_now())
    return f"{agent.name} may sign in as {email} with password {password} (shown only now)."


async def _password(rooms: Rooms, args: argparse.Namespace) -> str:
    email, password = _email(args.email), passwords.generate()
    agent = await rooms.store.agents.by_email(email)
    if agent is None:
        raise NotFound(f"There is no agent with {email}; `hub agent list` shows who is there.")
    await rooms.store.agents.change(agent.id, {"password": await passwords.hash_password(password)})
    await rooms.store.sessions.end_all(agent.id)
    await rooms.announcer.announce([settings_changed()], utc_now())
    return f"The new password of {email} is {password} (shown only now)."


async def _list(rooms: Rooms, _: argparse.Namespace) -> str:
    agents = sorted(await rooms.store.agents.all(), key=lambda one: one.email)
    lines = [f"{one.email}  {one.name}  {one.role}{'' if one.on else '  (off)'}" for one in agents]
    return "\n".join(lines) or "There is nobody yet; `hub agent add EMAIL` adds the first."


def _email(text: str) -> str:
    email = text.strip().lower()
    before, at, behind = email.partition("@")
    if not (before and at and behind) or " " in email:
        raise BadInput(f"{text!r} is no email address; it should look like lan@shop.example.")
    return email
