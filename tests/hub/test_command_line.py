"""The command line answers at once, and says in one line what is wrong."""

import os
import socket
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from hub.__main__ import main

PROGRAM = [sys.executable, "-m", "hub"]


def hub(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")} | environ
    return subprocess.run([*PROGRAM, *words], capture_output=True, text=True, timeout=30, env=env, check=False)


def test_the_overview_loads_no_command_and_no_driver() -> None:
    code = "import sys, hub.__main__ as m\ntry: m.main(['--help'])\nexcept SystemExit: pass\n"
    code += "print([n for n in ('motor', 'pymongo', 'spacy', 'aiohttp', 'hub.store') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "usage: hub" in done.stdout


def test_an_unknown_command_names_the_known_ones() -> None:
    done = hub("fly")
    assert done.returncode == 2
    assert "there is no command 'fly'" in done.stderr
    assert "doctor" in done.stderr


def test_a_wrong_setting_ends_as_one_line(tmp_path: Path) -> None:
    done = hub("settings", HUB_PORT="eighty")
    assert done.returncode == 1
    assert done.stderr == "hub: HUB_PORT cannot be 'eighty': it should be a whole number from 0 to 65535.\n"


@pytest.mark.parametrize("words", [("--port", "9", "settings"), ("settings", "--port", "9"), ("settings", "--port=9")])
def test_options_may_stand_before_or_after_the_command(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(list(words)) == 0
    assert "9  (option)" in capsys.readouterr().out


def test_options_may_stand_behind_a_commands_own_words(tmp_path: Path) -> None:
    """It finds nothing to give a password to, and it looked in the folder that was named."""
    done = hub("agent", "password", "lan@shop.example", "--data", str(tmp_path / "elsewhere"))
    assert "unrecognized" not in done.stderr
    assert (tmp_path / "elsewhere").exists()


def test_an_unknown_option_is_named() -> None:
    done = hub("agent", "password", "lan@shop.example", "--wrong")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, "hub agent: error: unrecognized arguments: --wrong")


def test_an_options_value_is_not_taken_for_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", "doctor", "settings"]) == 0
    assert "doctor  (option)" in capsys.readouterr().out


def test_without_a_command_the_overview_is_shown() -> None:
    done = hub()
    assert done.returncode == 2
    assert "commands:" in done.stdout


def test_the_settings_table_has_a_row_for_each_setting(capsys: pytest.CaptureFixture[str]) -> None:
    main(["settings", "--markdown"])
    rows = capsys.readouterr().out.splitlines()
    assert rows[0] == "| setting | default | what it is |"
    assert all(row.startswith("| `HUB_") for row in rows[2:])


def test_a_taken_port_is_said_before_anything_is_started(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for command in ("up", "web"):
            done = hub(command, "--data", str(tmp_path / "data"), "--port", str(port))
            assert done.returncode == 1
            assert done.stderr == (
                f"hub: HUB_PORT {port} on 127.0.0.1 cannot be used: something listens there already. "
                "Stop that program, or choose another port with --port.\n"
            )
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("words", [("agent", "password"), ("intents", "rollback")])
def test_the_help_of_a_commands_own_command_says_what_it_does(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([*words, "--help"])
    said = capsys.readouterr().out.split("\n\n")
    assert said[1][0].isupper()
    assert said[1].endswith(".")


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"hub {version('omnihub')}\n"
