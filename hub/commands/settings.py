"""`hub settings`: every setting, its value and where that came from; as a table for the README with `--markdown`."""

import argparse

from hub.settings import Settings, Value, show

HELP = "Show every setting, its value and where that came from. Secrets are hidden."


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--markdown", action="store_true", help="print the README's table of settings")


def run(args: argparse.Namespace, settings: Settings) -> int:
    options = {field: str(getattr(args, field)) for field in ("data", "port", "host") if getattr(args, field)}
    values = show(options=options)
    print(markdown(values) if args.markdown else terminal(values))
    return 0


def markdown(values: list[Value]) -> str:
    """The table that README.md holds; `tests/test_docs.py` compares them."""
    rows = (f"| `{value.name}` | {f'`{value.default}`' if value.default else ''} | {value.help} |" for value in values)
    return "\n".join(["| setting | default | what it is |", "|---|---|---|", *rows])


def terminal(values: list[Value]) -> str:
    """Two lines a setting: name, value and source; then the help line."""
    wide = max(len(value.name) for value in values)
    return "\n".join(
        f"{value.name:<{wide}}  {value.shown or '(not set)'}  ({value.source})\n{'':<{wide}}  {value.help}"
        for value in values
    )
