"""IMAP's grammar: what a server's answer says, and how names and strings are written. Pure.

An answer is a list of pieces, [line, literal, line, literal, …, line], as `imap.py` reads them; a line that announces
a literal keeps its `{n}`. Nesting is followed with a stack of our own: no server can make it deep enough to fail.
"""

import base64
import binascii
import re

import msgspec

Token = bytes | None | list["Token"]

STATUSES = frozenset({b"OK", b"NO", b"BAD", b"BYE", b"PREAUTH"})
LITERAL = re.compile(rb"~?\{(\d{1,12})\+?\}$")
_FREE_TEXT = re.compile(rb"(?:\+|\S+ (?:OK|NO|BAD|BYE|PREAUTH)\b)", re.IGNORECASE)
# An atom may hold brackets with spaces in them: BODY[HEADER.FIELDS (FROM TO)]<0>
_TOKEN = re.compile(
    rb'\s*(?:(?P<open>\()|(?P<close>\))|"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<atom>(?:\[[^\]]*\]|[^\s()"])+))'
)
_CODE = re.compile(rb"\[([^\]]*)\] ?")
_ESCAPED = re.compile(rb"\\(.)")
_PLAIN = re.compile(rb"[\x20-\x7e]*")
_NUMBER = re.compile(rb"\d{1,10}")


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One response: `tag` is b"*", b"+" or ours; `kind` is in capitals, "" after b"+"."""

    tag: bytes
    kind: bytes = b""
    number: int = 0  # of "* 12 EXISTS", "* 3 FETCH …"
    tokens: tuple[Token, ...] = ()
    code: bytes = b""  # what a status says in brackets: UIDVALIDITY 7, AUTHENTICATIONFAILED …
    text: bytes = b""  # a status's words, a continuation's data


class Folder(msgspec.Struct, frozen=True, kw_only=True):
    """One line of LIST: `raw` is the name as the server writes it, `name` as people read it."""

    raw: bytes
    name: str
    flags: frozenset[str]  # in small letters: \sent, \noselect


def literal_size(line: bytes) -> int | None:
    """How many bytes follow this line before it goes on; None when it is complete."""
    if _FREE_TEXT.match(line):
        return None
    found = LITERAL.search(line)
    return int(found[1]) if found else None


def parse(pieces: list[bytes]) -> Answer:
    """What one response says. Never raises: what is odd becomes an answer of an odd kind."""
    tag, _, rest = pieces[0].partition(b" ")
    if tag == b"+":
        return Answer(tag=tag, text=rest)
    word, _, after = rest.partition(b" ")
    if word.upper() in STATUSES:
        return _status(tag, word.upper(), after)
    if _NUMBER.fullmatch(word):
        kind, _, after = after.partition(b" ")
        return Answer(tag=tag, kind=_bare(kind), number=int(word), tokens=tokens([after, *pieces[1:]]))
    return Answer(tag=tag, kind=_bare(word), tokens=tokens([after, *pieces[1:]]))


def _bare(word: bytes) -> bytes:
    return word.strip().upper()


def _status(tag: bytes, kind: bytes, rest: bytes) -> Answer:
    code = _CODE.match(rest)
    return Answer(tag=tag, kind=kind, code=code[1] if code else b"", text=rest[code.end() :] if code else rest)


def tokens(pieces: list[bytes]) -> tuple[Token, ...]:
    """Words, strings and lists; a literal stands where its line ended."""
    top: list[Token] = []
    stack: list[list[Token]] = [top]
    for at in range(0, len(pieces), 2):
        line, has_literal = pieces[at], at + 1 < len(pieces)
        _line(LITERAL.sub(b"", line) if has_literal else line, stack)
        if has_literal:
            stack[-1].append(pieces[at + 1])
    return tuple(top)


def _line(line: bytes, stack: list[list[Token]]) -> None:
    at = 0
    while found := _TOKEN.match(line, at):
        at = found.end()
        kind = found.lastgroup
        if kind == "open":
            inner: list[Token] = []
            stack[-1].append(inner)
            stack.append(inner)
        elif kind == "close":
            if len(stack) > 1:
                stack.pop()
        elif kind == "quoted":
            stack[-1].append(_ESCAPED.sub(rb"\1", found["quoted"]))
        else:
            atom = found["atom"]
            stack[-1].append(None if atom.upper() == b"NIL" else atom)


def pairs(listed: Token) -> dict[bytes, Token]:
    """(UID 7 RFC822.SIZE 120 BODY[] …) by its names, in capitals."""
    if not isinstance(listed, list):
        return {}
    named = zip(listed[::2], listed[1::2], strict=False)
    return {name.upper(): value for name, value in named if isinstance(name, bytes)}


def number(token: Token) -> int:
    """The number a token says, 0 when it says none."""
    return int(token) if isinstance(token, bytes) and _NUMBER.fullmatch(token) else 0


def folder(answer: Answer) -> Folder | None:
    """One line of LIST; None when it is none."""
    if answer.kind != b"LIST" or len(answer.tokens) < 3:
        return None
    flags, _, raw = answer.tokens[:3]
    if not isinstance(flags, list) or not isinstance(raw, bytes):
        return None
    words = frozenset(flag.decode("ascii", "replace").lower() for flag in flags if isinstance(flag, bytes))
    return Folder(raw=raw, name=from_utf7(raw), flags=words)


# -- how we write ------------------------------------------------------------------------------------------------------


def quoted(text: bytes) -> bytes | None:
    """The string in quotes, fit for a command line; None when only a literal can carry it."""
    if not _PLAIN.fullmatch(text):
        return None
    return b'"' + text.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def ranges(uids: list[int]) -> str:
    """Sorted UIDs as a set: 1:4,7,9:12."""
    spans: list[list[int]] = []
    for uid in uids:
        if spans and uid == spans[-1][1] + 1:
            spans[-1][1] = uid
        else:
            spans.append([uid, uid])
    return ",".join(str(low) if low == high else f"{low}:{high}" for low, high in spans)


# -- modified UTF-7 (RFC 3501 5.1.3), in which folders are named -------------------------------------------------------


def to_utf7(name: str) -> bytes:
    """A folder's name as IMAP writes it: "Đã gửi" is &ARAA4w- g&Hu0-i."""
    written = bytearray()
    for run in re.findall(r"[\x20-\x7e]+|[^\x20-\x7e]+", name):
        if run.isascii() and run.isprintable():
            written += run.replace("&", "&-").encode()
        else:
            coded = base64.b64encode(run.encode("utf-16-be", "surrogatepass")).rstrip(b"=").replace(b"/", b",")
            written += b"&" + coded + b"-"
    return bytes(written)


def from_utf7(raw: bytes) -> str:
    """A folder's name as people read it; what is not modified UTF-7 is taken for UTF-8, as new servers write it."""
    return re.sub(r"&([^-&]*)-", _decoded, raw.decode("utf-8", "replace"))


def _decoded(found: re.Match[str]) -> str:
    coded = found[1].replace(",", "/")
    if not coded:
        return "&"
    try:
        return base64.b64decode(coded + "=" * (-len(coded) % 4)).decode("utf-16-be")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return found[0]
