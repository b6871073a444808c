"""The inbox's style sheets: all of them are on the page once their pages were seen, in whatever order."""

import re
from itertools import groupby
from pathlib import Path

STYLES = Path(__file__).parents[2] / "inbox_web" / "inbox" / "styles"
GROUND = {"base.css", "ui.css"}  # what the others build upon, and are always before them
ALONE = re.compile(r"(?:^|[{},])\s*\.([\w-]+)\s*(?=[{,])", re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def _named_alone(sheet: Path) -> set[str]:
    """The classes that this sheet gives looks to wherever they stand."""
    return set(ALONE.findall(COMMENT.sub("", sheet.read_text("utf-8"))))


def test_no_two_pages_give_looks_to_the_same_class() -> None:
    sheets = [one for one in sorted(STYLES.glob("*.css")) if one.name not in GROUND]
    named = sorted((name, sheet.name) for sheet in sheets for name in _named_alone(sheet))
    owners = {name: [owner for _, owner in group] for name, group in groupby(named, key=lambda pair: pair[0])}
    assert len(owners) > 100
    assert not {name: where for name, where in owners.items() if len(where) > 1}
