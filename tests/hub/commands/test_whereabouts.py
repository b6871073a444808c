"""Where the running web answers: told to the commands that speak to it, whatever port they were called with."""

from pathlib import Path

import msgspec
import pytest

from hub.commands.whereabouts import FILE, address_of, told
from hub.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of a command that nobody told the port of the hub."""
    return Settings(data=tmp_path / "data")


def test_a_command_finds_the_hub_on_the_port_that_it_listens_on(settings: Settings) -> None:
    with told(msgspec.structs.replace(settings, port=9123)):
        found = address_of(settings)

    assert found == "http://127.0.0.1:9123"
    assert address_of(settings) == "http://127.0.0.1:8080"
    assert not (settings.data / FILE).exists()


@pytest.mark.parametrize(("host", "address"), [("0.0.0.0", "http://127.0.0.1:9123"), ("::", "http://[::1]:9123")])
def test_a_hub_that_listens_everywhere_is_found_on_this_machine(settings: Settings, host: str, address: str) -> None:
    with told(msgspec.structs.replace(settings, host=host, port=9123)):
        assert address_of(settings) == address


@pytest.mark.parametrize("left", [b'{"address":"http://127.0.0.1:9123","pid":4194305}', b"{broken"])
def test_what_a_hub_left_that_was_killed_sends_nobody_astray(settings: Settings, left: bytes) -> None:
    settings.data.mkdir()
    (settings.data / FILE).write_bytes(left)

    assert address_of(settings) == "http://127.0.0.1:8080"


def test_of_two_on_one_folder_the_one_that_ends_takes_only_its_own_word_back(settings: Settings) -> None:
    another = b'{"address":"http://127.0.0.1:9200","pid":1}'
    with told(msgspec.structs.replace(settings, port=9123)):
        (settings.data / FILE).write_bytes(another)

    assert (settings.data / FILE).read_bytes() == another
    assert address_of(settings) == "http://127.0.0.1:9200"
