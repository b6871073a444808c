"""How many bytes does a browser fetch, gzipped, before the widget or the inbox can be used?

The loader is `widget.js`; an opened widget adds `panel.js` and the words of one language; the inbox's first load is
everything that its page names, and the words of one language, without which nothing is drawn.
"""

import gzip
import re
from pathlib import Path

from tests.bench.figures import Figure, Goal
from tests.bench.house import ROOT, Grounds

DIST = ROOT / "inbox_web" / "dist"

LOADER = Goal(what="loader, gzipped", unit="kB", sense="at most", must=3, aim=2)
WIDGET = Goal(what="opened widget, gzipped", unit="kB", sense="at most", must=20, aim=15)
INBOX = Goal(what="inbox first load, gzipped", unit="kB", sense="at most", must=60, aim=40)
GOALS = (LOADER, WIDGET, INBOX)


async def run(grounds: Grounds) -> list[Figure]:
    loader, panel = DIST / "widget.js", DIST / "panel.js"
    assets = DIST / "assets"
    words = max(assets.glob("words.*.js"), key=_size)
    inbox_words = max([*assets.glob("vi-*.js"), *assets.glob("en-*.js")], key=_size)
    page = (DIST / "index.html").read_text()
    named = [DIST / name.lstrip("/") for name in re.findall(r'(?:src|href)="(/assets/[^"]+\.(?:js|css))"', page)]
    return [
        _figure(LOADER, [loader]),
        _figure(WIDGET, [loader, panel, words]),
        _figure(INBOX, [DIST / "index.html", *named, inbox_words]),
    ]


def _figure(goal: Goal, files: list[Path]) -> Figure:
    beside = {file.name: f"{_size(file) / 1000:.2f}" for file in files}
    return Figure(goal=goal, readings=(sum(_size(file) for file in files) / 1000,), beside=beside)


def _size(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), 9))
