"""A command's own commands: what each does stands in the command's help and in its own."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Verbs = argparse._SubParsersAction[argparse.ArgumentParser]  # argparse has no public name for it


def verb(verbs: "Verbs", name: str, what: str) -> argparse.ArgumentParser:
    """Add one; `what` is a phrase without a full stop."""
    return verbs.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")
