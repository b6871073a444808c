"""HTML mail is shown without what could harm, load or trick; its quotations stay recognisable."""

import pytest

from channels.email.reading.html import safe, words


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("<script>alert(1)</script><style>p{}</style><title>x</title><p>a</p>", "<p>a</p>"),
        ('<p onclick="x()" id="x" class="y">a</p>', "<p>a</p>"),
        ('<a href="javascript:alert(1)">a</a>', '<a target="_blank" rel="noopener noreferrer nofollow">a</a>'),
        ('<a href="data:text/html,x">a</a>', '<a rel="noopener noreferrer nofollow" target="_blank">a</a>'),
        ('<p style="color:red;position:fixed;background:url(https://x)">a</p>', "<p>a</p>"),
        ('<p style="color:red;position:fixed">a</p>', '<p style="color:red">a</p>'),
        ('<img src="https://x.example/a.png">', '<img data-remote-src="https://x.example/a.png">'),
        (
            '<img alt="a>b" src="https://x.example/a.png">',
            '<img alt="a&gt;b" data-remote-src="https://x.example/a.png">',
        ),
        ('<IMG SRC=" HTTP://x.example/a.png ">', '<img data-remote-src="HTTP://x.example/a.png">'),
        ('<img srcset="https://x.example/a.png 2x">', "<img>"),
        ('<img src="//x.example/a.png">', "<img>"),
        ('<img src="cid:1@x">', '<img src="cid:1@x">'),
        ('<img src="cid:1%40x">', '<img src="cid:1@x">'),
        ('<img src="data:image/png;base64,AA">', '<img src="data:image/png;base64,AA">'),
        ('<img src="data:image/svg+xml;base64,AA">', "<img>"),
        (
            '<table background="https://x"><tr><td>a</td></tr></table>',
            "<table><tbody><tr><td>a</td></tr></tbody></table>",
        ),
        ('<blockquote type="cite" cite="https://x">a</blockquote>', '<blockquote type="cite">a</blockquote>'),
        ("<form action=x><input name=y><button>z</button></form>", "z"),
        (
            '<svg><a xlink:href="javascript:x">a</a></svg>b',
            "b",
        ),
        ("<iframe src=https://x>a</iframe><meta http-equiv=refresh content=0><base href=x><link href=x>b", "b"),
        ("<!-- <p>hidden</p> -->a", "a"),
    ],
)
def test_what_is_shown(page: str, shown: str) -> None:
    assert safe(page) == shown


@pytest.mark.parametrize("page", ["", "   ", "<p></p>"[:0], "x" * 1_500_001])
def test_nothing_and_too_much_is_not_shown(page: str) -> None:
    assert safe(page) is None


def test_entities_scripts_and_tables_become_words() -> None:
    page = "<script>x</script><table><tr><td>Áo&nbsp;thun</td><td>150k</td></tr></table><p>a &lt; b</p>"
    assert words(page).text.split() == ["Áo", "thun", "150k", "a", "<", "b"]


@pytest.mark.parametrize(
    "page", ["<", "<?xml version='1.0' encoding='x'?><p>a</p>", "<p>\ue000\ue002a", "</p></p>", "<![CDATA[x"]
)
def test_broken_pages_make_words_or_none(page: str) -> None:
    assert "\ue000" not in words(page).text


def test_a_page_that_nests_too_deep_is_words_alone_and_at_once() -> None:
    page = "<div><b><i>" * 20_000 + "<style>x</style>Shop &amp; ơi"
    assert safe(page) is None
    assert words(page).text == "Shop & ơi"


def test_a_long_table_that_closes_nothing_is_still_a_page() -> None:
    assert "<table>" in (safe("<table>" + "<tr><td>a<td>b" * 3_000) or "")
