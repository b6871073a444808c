"""Where the running web answers: told to the commands that speak to it, whatever port they were called with."""

from pathlib import Path

import aiohttp
import msgspec
import pytest

from hub.commands.rooms import Rooms
from hub.commands.serving import serving_web
from hub.commands.whereabouts import FILE, address_of, told
from hub.settings import Settings


@pytest.fixture
def command(tmp_path: Path) -> Settings:
    """Of a command that nobody told the port of the hub."""
    return Settings(data=tmp_path / "data")


def test_a_command_finds_the_hub_on_the_port_that_it_listens_on(command: Settings) -> None:
    with told(msgspec.structs.replace(command, port=9123)):
        found = address_of(command)

    assert found == "http://127.0.0.1:9123"
    assert address_of(command) == "http://127.0.0.1:8080"
    assert not (command.data / FILE).exists()


@pytest.mark.parametrize(("host", "address"), [("0.0.0.0", "http://127.0.0.1:9123"), ("::", "http://[::1]:9123")])
def test_a_hub_that_listens_everywhere_is_found_on_this_machine(command: Settings, host: str, address: str) -> None:
    with told(msgspec.structs.replace(command, host=host, port=9123)):
        assert address_of(command) == address


@pytest.mark.parametrize("left", [b'{"address":"http://127.0.0.1:9123","pid":4194305}', b"{broken"])
def test_what_a_hub_left_that_was_killed_sends_nobody_astray(command: Settings, left: bytes) -> None:
    command.data.mkdir()
    (command.data / FILE).write_bytes(left)

    assert address_of(command) == "http://127.0.0.1:8080"


def test_of_two_on_one_folder_the_one_that_ends_takes_only_its_own_word_back(command: Settings) -> None:
    another = b'{"address":"http://127.0.0.1:9200","pid":1}'
    with told(msgspec.structs.replace(command, port=9123)):
        (command.data / FILE).write_bytes(another)

    assert (command.data / FILE).read_bytes() == another
    assert address_of(command) == "http://127.0.0.1:9200"


async def test_a_free_port_is_taken_said_and_found(rooms: Rooms) -> None:
    free = msgspec.structs.replace(rooms.settings, port=0)
    async with serving_web(msgspec.structs.replace(rooms, settings=free), None) as said:
        found = address_of(rooms.settings)
        async with aiohttp.ClientSession() as http, http.get(f"{said}/healthz") as answer:
            status = answer.status

    assert (found, status) == (said, 200)
    assert not said.endswith((":0", ":8080"))
