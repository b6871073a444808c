"""What a page costs to fetch, gzipped, as it was built."""

import re
from pathlib import Path

from inbox_web.build_web import DIST

LOADER, WIDGET, INBOX, EVERYTHING = 3_000, 20_000, 60_000, 180_000


def _weight(*files: Path) -> int:
    return sum(file.with_name(file.name + ".gz").stat().st_size for file in files)


def _said(what: str, bytes_: int, most: int) -> int:
    print(f"{what}: {bytes_ / 1000:.1f} of {most / 1000:.0f} kB")
    return bytes_


def test_the_loader_that_every_page_of_a_shop_pays_for() -> None:
    assert _said("loader", _weight(DIST / "widget.js"), LOADER) <= LOADER


def test_the_widget_when_it_is_opened() -> None:
    words = max((DIST / "assets").glob("words.*.js"), key=lambda file: _weight(file))
    opened = _weight(DIST / "widget.js", DIST / "panel.js", words)
    assert _said("opened widget", opened, WIDGET) <= WIDGET


def test_the_inbox_before_it_draws() -> None:
    page = (DIST / "index.html").read_text("utf-8")
    asked = {DIST / path.lstrip("/") for path in re.findall(r'(?:src|href)="(/assets/[^"]+\.(?:js|css))"', page)}
    words = max((DIST / "assets").glob("vi-*.js"), key=lambda file: _weight(file))
    assert asked
    assert _said("inbox, first load", _weight(DIST / "index.html", words, *asked), INBOX) <= INBOX


def test_all_that_the_inbox_may_ever_fetch() -> None:
    parts = [file for file in (DIST / "assets").iterdir() if file.suffix in {".js", ".css"}]
    assert _said("everything", _weight(*parts), EVERYTHING) <= EVERYTHING
