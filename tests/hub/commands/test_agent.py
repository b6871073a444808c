"""`hub agent`: the way in from the command line."""

import argparse
import asyncio
import re
from pathlib import Path

import pytest

from hub.commands import agent
from hub.embedded import StoreUrls
from hub.errors import BadInput, Conflict, NotFound
from hub.model import Agent
from hub.safety.passwords import matches
from hub.settings import Settings
from hub.store import open_store


@pytest.fixture
def settings(fresh: StoreUrls, tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, mongo_url=fresh.mongo, redis_url=fresh.redis)


def run(settings: Settings, *words: str) -> int:
    parser = argparse.ArgumentParser()
    agent.arguments(parser)
    return agent.run(parser.parse_args(words), settings)


def kept(settings: Settings, email: str) -> Agent:
    async def look() -> Agent | None:
        async with open_store(str(settings.mongo_url)) as store:
            return await store.agents.by_email(email)

    found = asyncio.run(look())
    assert found is not None
    return found


def printed(text: str) -> str:
    return re.findall(r"([a-z2-9]{4}(?:-[a-z2-9]{4}){3})", text)[0]


def test_an_added_agent_has_the_password_that_was_printed(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(settings, "add", "Lan@Shop.example", "--name", "Lan", "--administrator") == 0

    lan = kept(settings, "lan@shop.example")
    assert (lan.name, lan.role) == ("Lan", "administrator")
    assert asyncio.run(matches(lan.password, printed(capsys.readouterr().out)))


def test_a_new_password_replaces_the_old_one(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    run(settings, "add", "lan@shop.example")
    old = printed(capsys.readouterr().out)
    run(settings, "password", "lan@shop.example")
    new = printed(capsys.readouterr().out)

    hashed = kept(settings, "lan@shop.example").password
    assert asyncio.run(matches(hashed, new))
    assert not asyncio.run(matches(hashed, old))


def test_everyone_is_listed_without_secrets(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    run(settings, "add", "lan@shop.example")
    run(settings, "add", "mai@shop.example", "--administrator")
    capsys.readouterr()
    run(settings, "list")

    assert capsys.readouterr().out.splitlines() == [
        "lan@shop.example  lan  agent",
        "mai@shop.example  mai  administrator",
    ]


def test_what_cannot_be_done_ends_as_one_sentence(settings: Settings) -> None:
    run(settings, "add", "lan@shop.example")

    with pytest.raises(Conflict):
        run(settings, "add", "lan@shop.example")
    with pytest.raises(NotFound):
        run(settings, "password", "nobody@shop.example")
    with pytest.raises(BadInput):
        run(settings, "add", "not an email")
