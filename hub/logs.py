"""Logs: coloured lines on a terminal, one JSON object a line elsewhere. The standard library's loggers go the same way.

No line carries a customer's words, addresses or secrets: values under the names in `WITHHELD` are replaced before
anything is rendered, however deep they stand. Ids, counts, states and reasons are what lines are made of.
"""

import logging
import sys
import traceback
from collections.abc import Mapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

WITHHELD = frozenset(
    {"text", "body", "address", "email", "phone", "token", "password", "name", "words", "preview", "subject", "secret"}
)
MARK = "[withheld]"
# Loggers that repeat every request or connection at INFO; their warnings still come through.
QUIET = ("aiohttp.access", "httpx", "httpcore", "pymongo", "slack_bolt", "slack_sdk", "telegram", "asyncio")
DEEPEST = 4  # levels of nested mappings that are looked through; deeper ones are withheld whole


def configure(level: str = "info", form: str = "auto", stream: TextIO | None = None) -> None:
    """Set up logging for this process; calling it again replaces what was set. `form` is auto, console or json."""
    out = stream or sys.stderr
    console = form == "console" or (form == "auto" and out.isatty())
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        locate,
        withhold,
    ]
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=before, processors=_last(console, out.isatty()))
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for quiet in QUIET:
        logging.getLogger(quiet).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def where(error: BaseException) -> list[str]:
    """The frames of an error without its words, which could quote a customer: a driver's hold whole documents."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)[-6:]]


def locate(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace a traceback, which ends in the error's words, by its kind and place; a processor of structlog."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event.update(error=type(error).__name__, at=where(error))
    return event


def withhold(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace the values of withheld names; a processor of structlog."""
    return {key: _clean(key, value, DEEPEST) for key, value in event.items()}


def _clean(key: str, value: Any, deeper: int) -> Any:
    if key.lower() in WITHHELD:
        return MARK
    if isinstance(value, Mapping):
        return {str(k): _clean(str(k), v, deeper - 1) for k, v in value.items()} if deeper else MARK
    if isinstance(value, list | tuple):
        return [_clean("", item, deeper - 1) for item in value] if deeper else MARK
    return value


def _last(console: bool, colours: bool) -> list[Processor]:
    drop = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if console:
        return [drop, structlog.dev.ConsoleRenderer(colors=colours)]
    return [drop, structlog.processors.JSONRenderer(ensure_ascii=False)]
