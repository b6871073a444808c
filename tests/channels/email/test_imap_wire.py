"""IMAP's grammar: every way in which servers write their answers, and the names of folders."""

from hypothesis import given
from hypothesis import strategies as st

from channels.email.listening import cursor
from channels.email.listening.grammar import folder, from_utf7, literal_size, pairs, parse, quoted, ranges, to_utf7

UIDS = st.sets(st.integers(1, 60)).map(sorted)


def test_literals_and_quoted_strings_may_be_mixed() -> None:
    said = parse(
        [b'* 12 FETCH (UID 7 X "a \\"b\\"" BODY[HEADER.FIELDS (A B)] {3}', b"a)(", b' FLAGS (\\Seen "x y") Y NIL)']
    )

    assert (said.kind, said.number) == (b"FETCH", 12)
    assert pairs(said.tokens[0]) == {
        b"UID": b"7",
        b"X": b'a "b"',
        b"BODY[HEADER.FIELDS (A B)]": b"a)(",
        b"FLAGS": [b"\\Seen", b"x y"],
        b"Y": None,
    }


def test_a_status_keeps_its_code_apart_from_its_words() -> None:
    said = parse([b"H3 NO [AUTHENTICATIONFAILED] wrong (really) {7}"])

    assert (said.tag, said.kind, said.code) == (b"H3", b"NO", b"AUTHENTICATIONFAILED")
    assert said.text == b"wrong (really) {7}"


def test_only_data_announces_a_literal() -> None:
    assert literal_size(b"* 1 FETCH (BODY[] {5}") == 5
    assert literal_size(b"* 1 FETCH (BODY[] ~{5+}") == 5
    assert literal_size(b"* OK we found {5}") is None
    assert literal_size(b"+ {5}") is None


def test_nesting_of_any_depth_is_read_without_recursion() -> None:
    said = parse([b"* X " + b"(" * 200_000])

    assert said.kind == b"X" and len(said.tokens) == 1


@given(line=st.binary(max_size=60).filter(lambda one: b"\n" not in one))
def test_no_line_is_too_odd_to_be_read(line: bytes) -> None:
    assert parse([b"* " + line]).tag == b"*"


def test_a_folder_has_a_name_for_people_and_one_for_the_server() -> None:
    found = folder(parse([b'* LIST (\\HasNoChildren \\Sent) "/" "&ARAA4w- g&Hu0-i"']))

    assert found is not None
    assert (found.name, found.raw) == ("Đã gửi", b"&ARAA4w- g&Hu0-i")
    assert found.flags == {"\\hasnochildren", "\\sent"}


def test_a_folders_name_may_come_as_a_literal() -> None:
    found = folder(parse([b'* LIST () "." {10}', b"Sent Items", b""]))

    assert found is not None and found.name == "Sent Items"


@given(name=st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_every_name_comes_back_from_modified_utf7(name: str) -> None:
    assert from_utf7(to_utf7(name)) == name
    assert to_utf7(name).isascii()


def test_modified_utf7_is_written_as_the_standard_writes_it() -> None:
    assert to_utf7("~peter/mail/台北/日本語") == b"~peter/mail/&U,BTFw-/&ZeVnLIqe-"
    assert to_utf7("R&D") == b"R&-D"


def test_what_is_no_modified_utf7_is_shown_as_it_is() -> None:
    assert from_utf7(b"A&B*-C") == "A&B*-C"
    assert from_utf7("Thư".encode()) == "Thư"


def test_a_string_that_would_break_the_line_is_never_quoted() -> None:
    assert quoted(b'a "b" \\c') == b'"a \\"b\\" \\\\c"'
    assert quoted(b"a\r\nH2 DELETE INBOX") is None
    assert quoted("mật khẩu".encode()) is None


def test_uids_are_written_as_ranges() -> None:
    assert ranges([1, 2, 3, 7, 9, 10]) == "1:3,7,9:10"
    assert ranges([]) == ""


@given(first=UIDS, second=UIDS, asked=UIDS)
def test_a_set_of_uids_holds_exactly_what_was_put_in(first: list[int], second: list[int], asked: list[int]) -> None:
    held = cursor.plus(cursor.plus("", first), second)

    assert cursor.missing(held, asked) == [uid for uid in asked if uid not in {*first, *second}]
    assert cursor.last(held) == max([0, *first, *second])


@given(kept=UIDS, there=UIDS)
def test_closing_the_gaps_loses_no_mail_that_is_still_wanted(kept: list[int], there: list[int]) -> None:
    held = cursor.plus("", kept)
    wanted = cursor.missing(held, there)

    closed = cursor.closed(held, there, wanted)

    assert cursor.missing(closed, there) == wanted
    assert len(cursor.spans(closed)) <= len(wanted) + 2 + sum(uid > max(there, default=0) for uid in kept)


def test_a_cursor_that_cannot_be_read_begins_anew() -> None:
    assert cursor.read("{").folders == {} == cursor.read(None).folders
