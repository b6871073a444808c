"""What a person reads of a mail: one text, the new words in it, and HTML that is safe to show. Pure, never raises."""

from channels.email.reading import html, quote
from channels.email.reading.charset import composed
from channels.email.reading.mail import Mail
from hub.model import Record

MOST = 1_000_000  # characters of a message


class Reading(Record, frozen=True, kw_only=True):
    """`visible` are ranges over `text`, () for all of it; `html` is None where the mail has none to show."""

    text: str = ""
    visible: quote.Ranges = ()
    html: str | None = None

    @property
    def words(self) -> str:
        """The new words alone."""
        return quote.words(self.text, self.visible)


def read(mail: Mail) -> Reading:
    """The mail's own words. Text that it brings is preferred; without any, the HTML is turned into text."""
    text = _lines(mail.plain)[:MOST]
    safe = _safe(mail.html)
    if text.strip():
        text = reflowed(text, delsp=mail.flowed == "delsp") if mail.flowed else text
        return Reading(text=text, visible=quote.visible(text) or _by_html(text, mail.html), html=safe)
    words = html.words(mail.html)
    text = composed(words.text)
    if text != words.text or len(text) > MOST:  # the places of the quotations fit the text as it was
        text = text[:MOST]
        return Reading(text=text, visible=quote.visible(text), html=safe)
    return Reading(text=text, visible=quote.visible(text, words.quoted, words.cut), html=safe)


def reflowed(text: str, *, delsp: bool) -> str:
    """The paragraphs of format=flowed (RFC 3676) on one line each again, quotations apart."""
    out: list[str] = []
    joining = False
    depth = 0
    for line in text.split("\n"):
        body = line.lstrip(">")
        now = len(line) - len(body)
        body = body[1:] if body.startswith(" ") else body
        signature = body == "-- "
        if joining and now == depth and not signature:
            out[-1] += body
        else:
            out.append(f"{'>' * now} {body}" if now else body)
        joining, depth = body.endswith(" ") and not signature, now
        if joining and delsp:
            out[-1] = out[-1][:-1]
    return "\n".join(out)


def _lines(text: str) -> str:
    return composed(text).replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").strip("\n")


def _safe(source: str) -> str | None:
    try:
        return html.safe(source)
    except Exception:  # no HTML is better than a mail that nobody sees
        return None


def _by_html(text: str, source: str) -> quote.Ranges:
    """The new words of a text whose HTML twin says where its quotation begins; () when that cannot be told."""
    if not source or not html.marks_quotations(source):
        return ()
    words = html.words(source)
    begins = [start for start, _ in words.quoted] + ([words.cut] if words.cut is not None else [])
    wanted = _squeezed(words.text[: min(begins)]) if begins else ""
    if not wanted:
        return ()
    seen = 0
    for at, sign in enumerate(text):
        seen += sign.isalnum()
        if seen == len(wanted):
            fits = _squeezed(text[: at + 1]) == wanted
            return quote.visible(text, cut=at + 1) if fits else ()
    return ()


def _squeezed(text: str) -> str:
    return "".join(filter(str.isalnum, text))
