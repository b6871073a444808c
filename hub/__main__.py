"""The command line: finds the command, reads the settings, turns errors into one clear line.

Commands live in `hub/commands/`, one file each, and are loaded only when they are called, so that `hub --help` is
instant. A command module has `HELP: str`, `arguments(parser) -> None` and `run(args, settings) -> int`.
"""

import argparse
import contextlib
import ctypes
import importlib
import os
import sys
from importlib.metadata import version
from typing import Protocol, cast

from hub.errors import HubError
from hub.settings import Settings, load

# name: (module, what it does). The second is here so that the overview loads no command.
COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("hub.commands.up", "run everything on this machine: web, worker and the stores"),
    "web": ("hub.commands.web", "serve browsers, customers and platforms"),
    "worker": ("hub.commands.worker", "take in, tag, route and deliver"),
    "connect": ("hub.commands.connect", "connect a website, mailbox, bot or workspace"),
    "agent": ("hub.commands.agent", "add an agent, give one a new password, list them"),
    "demo": ("hub.commands.demo", "fill a shop with customers and conversations"),
    "doctor": ("hub.commands.doctor", "look for what is wrong, and say what to do"),
    "settings": ("hub.commands.settings", "show every setting, its value and where that came from"),
    "intents": ("hub.commands.intents", "train or evaluate the tagger"),
    "tag": ("hub.commands.tag", "tag messages from standard input"),
    "mail": ("hub.commands.mail", "say what is understood of a mail"),
    "replay": ("hub.commands.replay", "run kept arrivals again; what was right stays as it is"),
    "verify": ("hub.commands.verify", "prove that what arrived is stored and shown"),
    "backup": ("hub.commands.backup", "write everything into one file"),
    "restore": ("hub.commands.restore", "put a backup back"),
}
M_ARENA_MAX = -8  # of malloc.h
OPTIONS = ("data", "port", "host")
INTERRUPTED = 130


class Command(Protocol):
    """What a module in `hub/commands/` offers."""

    HELP: str

    def arguments(self, parser: argparse.ArgumentParser) -> None: ...
    def run(self, args: argparse.Namespace, settings: Settings) -> int: ...


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit code is 0, or 1 with one line on standard error, or 2 for a wrong command line."""
    words = sys.argv[1:] if argv is None else argv
    try:
        return _run(words)
    except HubError as error:
        print(f"hub: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read our output is gone (`hub tag | head`); do not let the interpreter complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(words: list[str]) -> int:
    at = _command_at(words)
    if at is None:
        _overview().parse_args(words)
        _overview().print_help()
        return 2
    _few_arenas()
    name = _known(words[at])
    command = _load(name)
    parser = _with_options(argparse.ArgumentParser(prog=f"hub {name}", description=command.HELP))
    command.arguments(parser)
    args = _parsed(parser, [*words[:at], *words[at + 1 :]])
    return command.run(args, load(options=chosen(args)))


def _parsed(parser: argparse.ArgumentParser, words: list[str]) -> argparse.Namespace:
    """The command's arguments; our options may also stand behind the words of one of its own commands."""
    args, further = parser.parse_known_args(words)
    options, unknown = _with_options(argparse.ArgumentParser(add_help=False, allow_abbrev=False)).parse_known_args(
        further
    )
    if unknown:
        parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    for field, value in chosen(options).items():
        setattr(args, field, value)
    return args


def _command_at(words: list[str]) -> int | None:
    """Where the first word stands that is no option and no option's value; None when there is no command."""
    taking = {f"--{option}" for option in OPTIONS}
    for at, word in enumerate(words):
        if not word.startswith("-") and (at == 0 or words[at - 1] not in taking):
            return at
    return None


def _few_arenas() -> None:
    """Ask glibc for two arenas instead of one a thread: it keeps what was freed in each. Other libraries have none."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)


def chosen(args: argparse.Namespace) -> dict[str, str]:
    """The settings that this command line sets, by field."""
    return {field: value for field in OPTIONS if (value := getattr(args, field, None)) is not None}


def _known(word: str) -> str:
    if word not in COMMANDS:
        _overview().error(f"there is no command {word!r}; the commands are: {', '.join(COMMANDS)}")
    return word


def _load(name: str) -> Command:
    module, _ = COMMANDS[name]
    try:
        return cast(Command, importlib.import_module(module))
    except ModuleNotFoundError as missing:
        if missing.name != module:
            raise HubError(
                f"The package {missing.name!r} is missing. Install the hub again: make install."
            ) from missing
        raise HubError(f"`hub {name}` is not part of this version yet.") from missing


def _overview() -> argparse.ArgumentParser:
    width = max(map(len, COMMANDS)) + 2
    lines = "\n".join(f"  {name:<{width}}{what}" for name, (_, what) in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="hub",
        usage="hub [--data FOLDER] [--port PORT] [--host HOST] COMMAND …",
        description="Every channel, one inbox, one timeline per customer.",
        epilog=f"commands:\n{lines}\n\n`hub COMMAND --help` says more. Settings: `hub settings`.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"hub {version('omnihub')}")
    return _with_options(parser)


def _with_options(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--data", metavar="FOLDER", help="folder of the stores, keys and models (HUB_DATA)")
    parser.add_argument("--port", metavar="PORT", help="port to listen on (HUB_PORT)")
    parser.add_argument("--host", metavar="HOST", help="address to listen on (HUB_HOST)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
