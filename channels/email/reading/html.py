"""HTML mail: made safe to show, and turned into text with the places of its quotations. Never raises.

Remote pictures are not loaded: their address waits in `data-remote-src` until somebody asks for them. Pictures of
the mail itself keep `src="cid:…"`; whoever shows the mail puts the file's own address there.
"""

import html as entities
import re
from collections.abc import Iterator
from urllib.parse import unquote

import lxml.etree
import lxml.html
import nh3
from inscriptis import Inscriptis
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig

from hub.model import Record

MOST = 1_500_000  # characters; what is longer is not shown as HTML
MOST_WORDS = 400_000  # characters of a page that are turned into text
MOST_DEPTH = 1_000  # of elements in elements


def _names(listed: str) -> set[str]:
    return set(re.findall(r"[\w-]+", listed))


TAGS = _names("""
    a abbr address b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt em font
    h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike strong sub sup
    table tbody td tfoot th thead tr tt u ul var wbr
""")
DROPPED_WHOLE = {"script", "style", "title", "head", "noscript", "template", "iframe", "object", "select", "textarea"}
SIZES = {"align", "valign", "width", "height", "bgcolor"}
ATTRIBUTES = {
    "*": {"style", "dir", "lang", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "align", "border"},
    "blockquote": {"type"},
    "font": {"color", "face", "size"},
    "table": SIZES | {"border", "cellpadding", "cellspacing", "rules"},
    "td": SIZES | {"colspan", "rowspan", "nowrap"},
    "th": SIZES | {"colspan", "rowspan", "nowrap"},
    "tr": SIZES,
    "col": {"span", "width"},
    "ol": {"start", "type"},
    "ul": {"type"},
    "hr": {"width", "size", "color", "align"},
    "p": {"align"},
    "div": {"align"},
}
STYLES = _names("""
    color background-color font-family font-size font-style font-weight font-variant line-height
    text-align text-decoration text-indent text-transform white-space word-break vertical-align
    margin margin-top margin-right margin-bottom margin-left padding padding-top padding-right
    padding-bottom padding-left border border-top border-right border-bottom border-left border-color
    border-collapse border-radius border-spacing border-style border-width width max-width min-width
    height max-height list-style-type direction
""")
SCHEMES = {"http", "https", "mailto", "tel", "cid", "data"}
LINK = re.compile(r"^(?:https?:|mailto:|tel:)", re.IGNORECASE)
PICTURE = re.compile(r"^(?:https?:|cid:|data:image/(?:png|jpe?g|gif|webp);)", re.IGNORECASE)
LOADS = re.compile(r"url\s*\(|expression|@import|\\|javascript", re.IGNORECASE)
REMOTE = re.compile(r'(<img(?:\s[\w-]+="[^"]*")*?)\ssrc="(https?:[^"]*)"', re.IGNORECASE)

TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)")
ANY_TAG = re.compile(r"<[^<>]*>?")
UNSEEN = re.compile(r"<(script|style|title)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
NEVER_CLOSED = _names("p li td th tr dt dd br img hr wbr col input meta link base area tbody thead tfoot option")

BEGIN, END, CUT = "\ue000", "\ue001", "\ue002"
MARKS = re.compile(f"[{BEGIN}{END}{CUT}]")
DECLARATION = re.compile(r"<\?xml[^>]*>", re.IGNORECASE)
QUOTE_CLASSES = _names("""
    gmail_quote gmail_extra gmail_signature gmail_attr moz-cite-prefix moz-signature yahoo_quoted yQTDBase
    protonmail_quote tutanota_quote zmail_extra zmail_quote AppleMailSignature ms-outlook-mobile-reference-message
""")
QUOTE_IDS = frozenset({"OLK_SRC_BODY_SECTION", "Signature", "ms-outlook-mobile-signature", "ymail_android_signature"})
CUT_IDS = frozenset({"divRplyFwdMsg", "appendonsend", "stopSpelling", "zwchr", "reply-intro", "isForwardContent"})
HINTS = re.compile("|".join(map(re.escape, [*QUOTE_CLASSES, *QUOTE_IDS, *CUT_IDS, "yahoo_quoted", "cite"])))
# Without the indentation that would part a quotation's lines from what the rules for text know.
STYLE = CSS_PROFILES["strict"].copy()


class Words(Record, frozen=True, kw_only=True):
    """The text of an HTML mail; `quoted` are stretches that it marks as quotations, from `cut` on all of it is one."""

    text: str = ""
    quoted: tuple[tuple[int, int], ...] = ()
    cut: int | None = None


def safe(source: str) -> str | None:
    """The HTML that may be shown in a sandboxed frame; None when it is too long, too deep or says nothing."""
    if not source.strip() or len(source) > MOST or _is_too_deep(source):
        return None
    cleaned = nh3.clean(
        source,
        tags=TAGS,
        clean_content_tags=DROPPED_WHOLE,
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes=SCHEMES,
        url_relative="deny",
        filter_style_properties=STYLES,
        set_tag_attribute_values={"a": {"target": "_blank"}},
        link_rel="noopener noreferrer nofollow",
    )
    return REMOTE.sub(r'\1 data-remote-src="\2"', cleaned).strip() or None


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if LINK.match(value.strip()) else None
    if name == "src":
        source = value.strip()
        # The id of a part of this mail stands there as in a URL; whoever shows the mail looks for it as it is.
        return unquote(source) if source[:4].lower() == "cid:" else source if PICTURE.match(source) else None
    if name == "style":
        return None if LOADS.search(value) else value
    return value


def words(source: str) -> Words:
    """The words of an HTML mail, with what it says about quotations."""
    source = MARKS.sub("", DECLARATION.sub("", source[:MOST_WORDS]))
    if not source.strip():
        return Words()
    if _is_too_deep(source):
        return Words(text=_bare(source))
    try:
        tree = lxml.html.document_fromstring(source)
        _mark(tree)
        marked = Inscriptis(tree, ParserConfig(css=STYLE)).get_text()
    except Exception:  # nested beyond all depth, or nothing that the parser takes for HTML
        return Words(text=_bare(source))
    found = _unmarked("\n".join(line.rstrip() for line in marked.replace("\xa0", " ").split("\n")))
    return found if found.text.strip() else Words(text=_bare(source))  # beyond its depth the parser sees nothing


def marks_quotations(source: str) -> bool:
    """Whether it is worth asking `words` where the quotation is."""
    return HINTS.search(source) is not None


def _is_too_deep(source: str) -> bool:
    """Whether it nests so deep that parsers, which take the square of that, would take minutes."""
    if source.count("<") <= MOST_DEPTH:
        return False
    depth = 0
    for closes, name in TAG.findall(source):
        if name.lower() in NEVER_CLOSED:
            continue
        depth = max(0, depth - 1) if closes else depth + 1
        if depth > MOST_DEPTH:
            return True
    return False


def _bare(source: str) -> str:
    return entities.unescape(ANY_TAG.sub(" ", UNSEEN.sub(" ", source))).strip()


def _mark(tree: lxml.html.HtmlElement) -> None:
    """Put signs into the words where quotations begin and end."""
    for element in list(_quotations(tree)):
        element.text = BEGIN + (element.text or "")
        if len(element):
            element[-1].tail = (element[-1].tail or "") + END
        else:
            element.text += END
    for element in tree.iter():
        if isinstance(element.tag, str) and element.get("id", "").removeprefix("x_") in CUT_IDS:
            parent = element.getparent()
            before = element.getprevious()
            if before is not None:
                before.tail = (before.tail or "") + CUT
            elif parent is not None:
                parent.text = (parent.text or "") + CUT


def _quotations(tree: lxml.html.HtmlElement) -> Iterator[lxml.html.HtmlElement]:
    """The outermost elements that hold a quotation or a signature."""
    stack = [tree]
    while stack:
        element = stack.pop()
        if not isinstance(element.tag, str):
            continue
        if _is_quotation(element):
            yield element
        else:
            stack.extend(element)


def _is_quotation(element: lxml.html.HtmlElement) -> bool:
    if element.tag == "blockquote" and element.get("type", "").lower() == "cite":
        return True
    identity = element.get("id", "").removeprefix("x_")
    classes = {each.removeprefix("x_") for each in element.get("class", "").split()}
    return bool(classes & QUOTE_CLASSES) or identity in QUOTE_IDS or identity.startswith("yahoo_quoted")


def _unmarked(marked: str) -> Words:
    """Take the signs out again and keep where they stood."""
    pieces: list[str] = []
    quoted: list[tuple[int, int]] = []
    cut: int | None = None
    length = at = 0
    begun: int | None = None
    for sign in MARKS.finditer(marked.strip("\n")):
        piece = sign.string[at : sign.start()]
        pieces.append(piece)
        length, at = length + len(piece), sign.end()
        if sign[0] == BEGIN:
            begun = length
        elif sign[0] == END and begun is not None:
            quoted.append((begun, length))
            begun = None
        elif sign[0] == CUT and cut is None:
            cut = length
    pieces.append(marked.strip("\n")[at:])
    return Words(text="".join(pieces), quoted=tuple(quoted), cut=cut)
