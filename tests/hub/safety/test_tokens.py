"""Visitor tokens name one visitor of one site; file links open one file for an hour."""

import datetime as dt

import pytest

from hub.errors import Forged
from hub.safety.keys import KeyRing
from hub.safety.tokens import LINK_S, Visitor, file_token, read_file, read_visitor, visitor_token

RING = KeyRing(b"r" * 32)
NOW = dt.datetime(2026, 11, 21, 9, 54, tzinfo=dt.UTC)


def test_a_visitor_is_recognised_by_their_token() -> None:
    visitor = Visitor(account="site", id="v1")

    assert read_visitor(RING, visitor_token(RING, visitor), "site") == visitor


def test_a_visitor_of_another_site_is_a_stranger_here() -> None:
    token = visitor_token(RING, Visitor(account="site", id="v1"))

    with pytest.raises(Forged):
        read_visitor(RING, token, "another")


def test_what_another_shape_signed_is_no_visitor() -> None:
    with pytest.raises(Forged):
        read_visitor(RING, RING.sign("visitor", b'["site"]'), "site")


def test_a_file_link_is_good_for_half_an_hour_at_least_and_an_hour_at_most() -> None:
    token = file_token(RING, "m_1", 2, NOW)

    link = read_file(RING, token, NOW + dt.timedelta(seconds=LINK_S // 2))

    assert (link.message, link.index) == ("m_1", 2)
    with pytest.raises(Forged):
        read_file(RING, token, NOW + dt.timedelta(seconds=LINK_S + 1))


def test_the_same_file_keeps_its_address_for_a_while() -> None:
    assert file_token(RING, "m_1", 0, NOW) == file_token(RING, "m_1", 0, NOW + dt.timedelta(minutes=5))
