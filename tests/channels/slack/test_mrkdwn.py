"""Slack's markup and ours."""

import pytest

from channels.slack import blocks, mrkdwn


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("<@U1> và <@U2|minh> và <@U3>", "@Lan và @minh và @U3"),
        ("<#C1|help> <#C2>", "#help #C2"),
        ("<!here> <!channel|channel> <!subteam^S1|@sales> <!subteam^S1>", "@here channel @sales @group"),
        ("<!date^1392734382^{date}|Feb 18>", "Feb 18"),
        ("<https://a.vn/x?a=1&amp;b=2>", "https://a.vn/x?a=1&b=2"),
        ("<https://a.vn|trang &amp; cửa hàng>", "trang & cửa hàng (https://a.vn)"),
        ("<http://a.vn/|a.vn>", "a.vn"),
        ("<mailto:lan@a.vn|lan@a.vn> <tel:+84912|0912>", "lan@a.vn 0912"),
        (":wave: :+1::skin-tone-2: :moc-an: 10:30:45", "👋 👍🏻 :moc-an: 10:30:45"),
        ("<>", "<>"),
        ("1 < 2 > 0", "1 < 2 > 0"),
    ],
)
def test_markup_becomes_words(markup: str, words: str) -> None:
    assert mrkdwn.read(markup, {"U1": "Lan"}, {}) == words


@pytest.mark.parametrize(
    ("words", "markup"),
    [
        ("<!channel> <@U1> a & b", "&lt;!channel&gt; &lt;@U1&gt; a &amp; b"),
        ("**đậm** và ~~gạch~~", "*đậm* và ~gạch~"),
        ("[bảng giá](https://a.vn/g?a=1&b=2)", "<https://a.vn/g?a=1&amp;b=2|bảng giá>"),
        ("[x](!channel) [y](javascript:alert)", "[x](!channel) [y](javascript:alert)"),
        ("Xem https://a.vn/x, rồi gọi", "Xem <https://a.vn/x>, rồi gọi"),
        ("`**a** <b>` và **c**", "`**a** &lt;b&gt;` và *c*"),
        ("2 ** 3 ** 4", "2 ** 3 ** 4"),
    ],
)
def test_our_words_become_markup(words: str, markup: str) -> None:
    assert mrkdwn.write(words) == markup


@pytest.mark.parametrize(
    "words", ["<!everyone>", "[<!here>](https://a.vn)", "**<@U1>**", "`<!channel>`", "https://a.vn/<!here>"]
)
def test_nothing_that_is_written_calls_anybody(words: str) -> None:
    assert "<!" not in mrkdwn.write(words) and "<@" not in mrkdwn.write(words)


def test_blocks_of_any_shape_are_read_without_an_error() -> None:
    deep: object = {"type": "text", "text": "x"}
    for _ in range(500):
        deep = {"type": "rich_text_section", "elements": [deep]}
    odd = [None, 5, "x", [], {}, {"type": "section"}, {"type": "section", "text": 5, "fields": [5]}, deep]

    assert blocks.markup(odd, [None, 5, {"blocks": 5}]) == ""
    assert blocks.emoji([{"type": "emoji", "name": 5, "unicode": "zz"}, {"type": "emoji", "unicode": "ffffffff"}]) == {}
