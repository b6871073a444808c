"""Signed-in browsers: the cookie holds a random token, the ledger its hash, so that a stolen backup opens nothing."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable

from hub.errors import NotSignedIn
from hub.model import Agent, Session
from hub.safety.passwords import hash_password, matches, outdated
from hub.safety.throttle import Throttle
from hub.store import Store

TOKEN_BYTES = 32
DEVICE_LETTERS = 200


async def sign_in(store: Store, throttle: Throttle, email: str, password: str, address: str, now: dt.datetime) -> Agent:
    """The agent with this email and password; raises NotSignedIn, or TooMany while failures bring a delay.

    Whether the email, the password or the switch was wrong is told to nobody.
    """
    email = email.strip().lower()
    async with throttle.trying(email, address, now):
        agent = await store.agents.by_email(email)
        right = await matches(agent.password if agent else None, password)
        if agent is None or not right or not agent.on:
            await throttle.failed(email, address, now)
            raise NotSignedIn("Email or password is wrong.")
        await throttle.succeeded(email)
    if outdated(agent.password):
        await store.agents.change(agent.id, {"password": await hash_password(password)})
    return agent


async def open_session(
    store: Store,
    agent: Agent,
    now: dt.datetime,
    days: int,
    device: str = "",
    random: Callable[[int], str] = secrets.token_urlsafe,
) -> tuple[str, Session]:
    """A new session; the cookie's token is returned once and kept nowhere."""
    token = random(TOKEN_BYTES)
    session = Session(
        id=_hashed(token), agent=agent.id, at=now, until=now + dt.timedelta(days=days), device=device[:DEVICE_LETTERS]
    )
    await store.sessions.add(session)
    return token, session


async def whose(store: Store, token: str | None, now: dt.datetime) -> tuple[Session, Agent]:
    """The session and agent of a cookie; raises NotSignedIn when it is none of ours, expired, or its agent is off."""
    session = await store.sessions.get(_hashed(token)) if token else None
    if session is None or session.until <= now:
        raise NotSignedIn("Sign in first.")
    agent = await store.agents.get(session.agent)
    if agent is None or not agent.on:
        raise NotSignedIn("Sign in first.")
    return session, agent


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
