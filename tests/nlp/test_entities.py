import time

import pytest

from nlp.entities import PATTERNS, clues, entities
from nlp.examples import blind, shipped


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sđt em 0912.345.678 nha", [("phone", "0912.345.678")]),
        ("gọi +84 912 345 678 hoặc 1900 1234", [("phone", "+84 912 345 678"), ("phone", "1900 1234")]),
        ("bàn 024 3825 1234", [("phone", "024 3825 1234")]),
        ("đơn DH12345 tới chưa", [("order", "DH12345")]),
        ("order 55123 please", [("order", "55123")]),
        ("mã đơn #A-9981", [("order", "#A-9981")]),
        ("ck 500k rồi", [("amount", "500k")]),
        ("1tr2 hay 1.500.000đ", [("amount", "1tr2"), ("amount", "1.500.000đ")]),
        ("2 triệu rưỡi, 50 nghìn", [("amount", "2 triệu rưỡi"), ("amount", "50 nghìn")]),
        ("about $25", [("amount", "$25")]),
        ("giao ngày 12/3 nhé", [("date", "ngày 12/3")]),
        ("15/11/2026 hoặc thứ 7 tuần sau", [("date", "15/11/2026"), ("date", "thứ 7 tuần sau")]),
        ("chieu mai hoac tuan sau", [("date", "chieu mai"), ("date", "tuan sau")]),
        ("loại 5 lít", []),
        ("mùng 4 tết", [("date", "mùng 4 tết")]),
        ("next friday or March 5th", [("date", "next friday"), ("date", "March 5th")]),
        ("mail lan.tran@shop.com.vn", [("email", "lan.tran@shop.com.vn")]),
        ("xem https://shop.vn/a?b=1.", [("link", "https://shop.vn/a?b=1")]),
        ("bit.ly/x", [("link", "bit.ly/x")]),
        ("shop.vn/sale", [("link", "shop.vn/sale")]),
        ("size 39, 2 cái", []),
        ("", []),
    ],
)
def test_what_a_message_mentions(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(found.kind, found.text) for found in entities(text)] == expected


def test_an_entity_says_where_it_stands() -> None:
    text = "Dạ chuyển 500k hôm qua, đơn DH12345 😍 0912345678"
    assert [text[found.start : found.end] for found in entities(text)] == ["500k", "hôm qua", "DH12345", "0912345678"]


@pytest.mark.parametrize("noise", ["0 " * 1000, "1." * 1000, "a-" * 1000, "a.a" * 700, "@" * 2000, "-" * 100_000])
def test_noise_takes_no_longer_than_a_long_message(noise: str) -> None:
    began = time.thread_time()
    entities(noise)
    assert time.thread_time() - began < 0.2


MENTIONED = """0901234567 | +84 90 123 4567 | 0084 (0) 90 123 4567 | 1900 1234 | +1 650 253 0000 | #12
| #DH-12345 | đơn số 445 | preorder 1234 | ABC-12345X | 1.250.000đ | 1,000 | 2tr5 | 450k
| 3 triệu rưỡi | 35000 đ | $45 | 20 usd | 12/11/26 | 2026-1-5 | 1/2 | Ngày 5 | mùng 3 Tết
| 5 tháng 2 | Jan. 5 | 5th of March | may 3 | Hôm nay | NGÀY MAI | cuoi tuan | T2 | t 7
| thứ ba | Thứ4 | CN này | Chủ nhật | TODAY | next Friday | this weekend | tuần sau | tháng này
| last month | a@b.co | shop.vn | https://a.vn/b"""


def test_the_cheap_look_spares_no_pattern_that_would_find_something() -> None:
    texts = [row.text for row in [*shipped(), *blind()]] + [said.strip() for said in MENTIONED.split("|")]
    found = [(pattern, text) for text in texts for pattern in PATTERNS if pattern.written.search(text)]
    assert {pattern for pattern, _ in found} == set(PATTERNS)
    assert [(pattern.written.pattern, text) for pattern, text in found if not pattern.possible(*clues(text))] == []
