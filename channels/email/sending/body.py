"""The body of a mail: words as text and HTML, files beside them. Pure, and always the same bytes for the same words."""

import base64
import binascii
import html
import re
from urllib.parse import quote

import msgspec

MOST_HEADER_PIECE = 60  # characters of a file's name in one parameter (RFC 2231 3)
_MIME = re.compile(r"[A-Za-z0-9][\w.+-]*/[\w.+-]+")
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 ._()+-]{1,60}")
PAGE = (
    '<!doctype html><html><head><meta charset="utf-8"></head>'
    '<body><div style="font-family:sans-serif;font-size:14px;line-height:1.5">{body}</div></body></html>'
)


class File(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a mail, always shown as a file: an inline one that no HTML names is not seen at all in Outlook."""

    name: str
    mime: str
    data: bytes


def body(text: str, files: tuple[File, ...], mark: str) -> bytes:
    """Content headers and content; `mark` makes the boundaries, so that a second try has the same bytes."""
    words = _multipart("alternative", f"a.{mark}", [_text("plain", text), _text("html", as_html(text))])
    if not files:
        return words
    return _multipart("mixed", f"m.{mark}", [words, *(_file(one) for one in files)])


def as_html(text: str) -> str:
    """The words as a page: lines kept, links to press, nothing else."""
    pieces: list[str] = []
    at = 0
    for found in _LINK.finditer(text):
        link = html.escape(found[0])
        pieces += [html.escape(text[at : found.start()]), f'<a href="{link}">{link}</a>']
        at = found.end()
    pieces.append(html.escape(text[at:]))
    lines = "".join(pieces).replace("  ", "&nbsp; ").split("\n")
    return PAGE.format(body="<br>\n".join(lines))


def _multipart(kind: str, boundary: str, parts: list[bytes]) -> bytes:
    line = b"--" + boundary.encode()
    head = f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n\r\n'.encode()
    return head + b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"


def _text(kind: str, text: str) -> bytes:
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    return head.encode() + binascii.b2a_qp(lines, istext=True).replace(b"\n", b"\r\n") + b"\r\n"


def _file(file: File) -> bytes:
    mime = file.mime if _MIME.fullmatch(file.mime) else "application/octet-stream"
    if mime.startswith(("multipart/", "message/")):  # those may not be encoded (RFC 2045 6.4)
        mime = "application/octet-stream"
    head = [
        f"Content-Type: {mime};\r\n {parameter('name', file.name)}",
        "Content-Transfer-Encoding: base64",
        f"Content-Disposition: attachment;\r\n {parameter('filename', file.name)}",
    ]
    coded = base64.encodebytes(file.data).replace(b"\n", b"\r\n")
    return "\r\n".join([*head, "", ""]).encode() + coded


def parameter(name: str, value: str) -> str:
    """A header's parameter in any letters (RFC 2231), folded when it is long."""
    line = "".join(one for one in value if one.isprintable()) or "file"
    if _PLAIN_NAME.fullmatch(line):
        return f'{name}="{line}"'
    coded = quote(line.encode("utf-8", "replace"), safe="")
    if len(coded) <= MOST_HEADER_PIECE:
        return f"{name}*=utf-8''{coded}"
    pieces = re.findall(rf"(?:%..|[^%]){{1,{MOST_HEADER_PIECE // 3}}}", coded)
    return ";\r\n ".join(
        f"{name}*{at}*={'' if at else chr(39).join(('utf-8', '', ''))}{one}" for at, one in enumerate(pieces)
    )
