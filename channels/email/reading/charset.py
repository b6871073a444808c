"""Bytes to text, whatever they are said to be. Never raises; a valid declaration is never overruled by a guess."""

import binascii
import codecs
import quopri
import re
import unicodedata

import charset_normalizer

from channels.email.reading import vietnamese

SAMPLE = 64 * 1024  # bytes that a guess looks at

# What mails say, and what Python calls it. Supersets stand in for what senders believe to be the smaller set.
ALIASES = {
    "x-gbk": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gb2312": "gb18030",
    "cn-gb": "gb18030",
    "cp936": "gb18030",
    "hz-gb-2312": "hz",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601-1989": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "x-windows-949": "cp949",
    "windows-949": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "iso-8859-6-e": "iso8859-6",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-2-0-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "x-utf-8": "utf-8",
    "cp-1252": "cp1252",
    "windows1252": "cp1252",
    "windows-874": "cp874",
    "x-windows-874": "cp874",
    "tis-620": "cp874",
    "x-mac-roman": "mac-roman",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "x-cp1258": "cp1258",
    "big5": "cp950",
    "x-x-big5": "cp950",
}
SAYS_NOTHING = frozenset(
    {"", "us-ascii", "ascii", "ansi_x3.4-1968", "646", "unknown-8bit", "x-unknown", "unknown", "8bit"}
)
# Codecs that are no character sets of mails; some of them never end, some unpack bombs.
NO_CHARSETS = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"})
ESCAPES_JP = (b"\x1b$B", b"\x1b$@", b"\x1b(J")
HIGH = re.compile(rb"[\x80-\xff]")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
SURROGATES = re.compile(r"[\ud800-\udfff]")
ENCODED = re.compile(r"=\?([^?\s]*)\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]*)*)\?=")
BETWEEN = re.compile(r"[ \t\r\n]*")


def decode(raw: bytes, declared: str | None) -> str:
    """Text: as declared; else as UTF-8, ISO-2022-JP, or what it looks most like."""
    if (old := vietnamese.named(declared)) is not None:
        return vietnamese.decoded(raw, old)
    name = _known(declared)
    if name is None:
        return _guess(raw)
    try:
        return raw.decode(name)
    except (UnicodeError, ValueError):
        return _mended(raw, name)


def clean(text: str) -> str:
    """Without NULs, controls and lone surrogates, which neither databases nor screens can hold."""
    return SURROGATES.sub("\ufffd", CONTROLS.sub("", text))


def composed(text: str) -> str:
    """In NFC: windows-1258 and Apple's names bring their tone marks as letters of their own."""
    return unicodedata.normalize("NFC", text)


def decode_words(value: str) -> str:
    """A header value with its encoded words (RFC 2047) decoded, also those that stand where they may not.

    Neighbours in one charset are joined before they are decoded: senders cut letters in two.
    """
    out: list[str] = []
    waiting, waiting_name, at = b"", "", 0
    for match in ENCODED.finditer(value):
        between = value[at : match.start()]
        name, data = match[1].partition("*")[0].lower(), _word(match[2], match[3])
        follows = at > 0 and BETWEEN.fullmatch(between) is not None
        if waiting and follows and name == waiting_name:
            waiting += data
        else:
            out += [decode(waiting, waiting_name), "" if follows else between]
            waiting, waiting_name = data, name
        at = match.end()
    return "".join([*out, decode(waiting, waiting_name), value[at:]])


def header_text(value: str) -> str:
    """A raw header as the parser gives it (8-bit bytes as surrogates) as text, unfolded, words not yet decoded."""
    plain = value.replace("\r", "").replace("\n", "")
    if plain.isascii():
        return plain
    return decode(plain.encode("utf-8", "surrogateescape"), None)


def _known(declared: str | None) -> str | None:
    name = (declared or "").strip().strip("\"'").lower().replace(" ", "")
    if name in SAYS_NOTHING:
        return None
    name = ALIASES.get(name, name)
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return None
    text = getattr(codec, "_is_text_encoding", True)
    return codec.name if text and codec.name.replace("-", "_") not in NO_CHARSETS else None


def _mended(raw: bytes, name: str) -> str:
    """What a known charset makes of bytes that do not all belong to it."""
    if name != "utf-8" and HIGH.search(raw) is not None:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            pass
    try:
        return raw.decode(name, "replace")
    except (UnicodeError, ValueError):
        return raw.decode("latin-1")


def _guess(raw: bytes) -> str:
    if any(escape in raw for escape in ESCAPES_JP):
        return raw.decode("iso2022_jp_ext", "replace")
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _look(raw)


def _look(raw: bytes) -> str:
    best = charset_normalizer.from_bytes(raw[:SAMPLE]).best() if len(raw) > 24 else None
    name = best.encoding if best is not None else "cp1252"
    try:
        return raw.decode(name, "strict" if best is not None and len(raw) <= SAMPLE else "replace")
    except (UnicodeError, LookupError):
        return raw.decode("cp1252", "replace")


def _word(kind: str, data: str) -> bytes:
    raw = data.encode("utf-8", "surrogateescape")
    if kind in "qQ":
        return quopri.decodestring(raw.replace(b"_", b" "), header=False) if raw else b""
    return base64_bytes(raw)


def base64_bytes(raw: bytes) -> bytes:
    """As much as can be had of something in base64, broken or not."""
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
    try:
        return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))
    except binascii.Error:
        return b""
