"""The environment becomes one frozen record, or one clear sentence."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from hub import settings
from hub.errors import BadSetting

NOWHERE = Path("no such file")


def load(**environ: str) -> settings.Settings:
    return settings.load(environ, NOWHERE)


def test_an_empty_environment_gives_the_defaults() -> None:
    found = load()
    assert (found.host, found.port, found.mongo_url, found.demo) == ("127.0.0.1", 8080, None, "auto")


def test_the_data_folder_is_absolute() -> None:
    assert load().data == Path.cwd() / "data"


def test_values_take_their_types() -> None:
    found = load(HUB_PORT="9000", HUB_TRUSTED_PROXIES="127.0.0.1, 10.0.0.0/8", HUB_BASE_URL="https://hub.example/")
    assert found.port == 9000
    assert found.trusted_proxies == (ip_network("127.0.0.1/32"), ip_network("10.0.0.0/8"))
    assert found.base_url == "https://hub.example"


def test_an_empty_value_means_not_set() -> None:
    assert load(HUB_MONGO_URL="", HUB_PORT="").port == 8080


@pytest.mark.parametrize(
    ("name", "value", "should"),
    [
        ("HUB_PORT", "eighty", "a whole number from 0 to 65535"),
        ("HUB_PORT", "70000", "a whole number from 0 to 65535"),
        ("HUB_MONGO_URL", "localhost:27017", "mongodb://"),
        ("HUB_REDIS_URL", "localhost", "redis://"),
        ("HUB_SECRET_KEY", "short", "at least 32 characters"),
        ("HUB_BASE_URL", "hub.example.com", "https://"),
        ("HUB_TRUSTED_PROXIES", "proxy.local", "addresses or networks"),
        ("HUB_LOG_LEVEL", "loud", "one of debug, info, warning, error"),
        ("HUB_DEMO", "maybe", "one of auto, on, off"),
        ("HUB_DATA", __file__, "a folder"),
    ],
)
def test_a_wrong_value_names_the_setting_and_what_it_should_be(name: str, value: str, should: str) -> None:
    with pytest.raises(BadSetting) as stopped:
        load(**{name: value})
    assert name in str(stopped.value)
    assert should in str(stopped.value)


def test_a_wrong_secret_is_not_repeated() -> None:
    with pytest.raises(BadSetting) as stopped:
        load(HUB_MONGO_URL="mongo://admin:hunter2@db")
    assert "hunter2" not in str(stopped.value)


def test_an_option_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("# ours\nexport HUB_PORT='1'\nHUB_HOST=0.0.0.0\nHUB_LOG_LEVEL=debug\n", "utf-8")
    found = settings.load({"HUB_PORT": "2", "HUB_HOST": "::1"}, dotenv, {"port": "3"})
    assert (found.port, found.host, found.log_level) == (3, "::1", "debug")


def test_every_value_says_where_it_came_from(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("HUB_HOST=0.0.0.0\n", "utf-8")
    shown = {v.name: v.source for v in settings.show({"HUB_DEMO": "off"}, dotenv, {"port": "3"})}
    assert [shown[name] for name in ("HUB_PORT", "HUB_DEMO", "HUB_HOST", "HUB_DATA")] == [
        "option",
        "environment",
        ".env",
        "default",
    ]


def test_secrets_are_hidden_when_shown() -> None:
    shown = settings.show({"HUB_REDIS_URL": "redis://:hunter2@cache"}, NOWHERE)
    assert "hunter2" not in str(shown)


def test_a_misspelt_name_is_noticed() -> None:
    assert settings.unknown({"HUB_PROT": "1", "HUB_PORT": "1", "HOME": "/"}, NOWHERE) == ["HUB_PROT"]


@pytest.mark.parametrize(
    ("base_url", "public"),
    [
        ("", False),
        ("http://localhost:8080", False),
        ("http://127.0.0.1:8080", False),
        ("http://[::1]:8080", False),
        ("http://shop.localhost", False),
        ("https://hub.example.com", True),
        ("http://192.168.1.9:8080", True),
    ],
)
def test_an_address_that_is_not_this_machines_is_public(base_url: str, public: bool) -> None:
    assert load(HUB_BASE_URL=base_url).public is public


def test_the_demo_page_is_off_once_the_hub_is_public() -> None:
    assert load().demo_on
    assert not load(HUB_BASE_URL="https://hub.example.com").demo_on
    assert load(HUB_BASE_URL="https://hub.example.com", HUB_DEMO="on").demo_on
