"""/chat/{account}/confirm: whoever opens the link of our mail, and presses the button, has proved that address.

Mail scanners open links by themselves: opening shows a page, only the button confirms. It needs no script.
"""

from html import escape

from aiohttp import web

from hub.errors import Forged
from hub.model import ContactId
from hub.people.mailable import confirm
from hub.safety.tokens import MailClaim, read_claim
from inbox_web.middlewares import language
from inbox_web.page import page
from inbox_web.parts import PARTS

WORDS = {
    "vi": {
        "title": "Xác nhận địa chỉ email",
        "ask": "Anh/chị muốn nhận những câu trả lời chưa đọc qua {address}?",
        "button": "Đúng, gửi vào địa chỉ này",
        "done": "Em đã ghi nhận. Những câu trả lời anh/chị chưa kịp đọc sẽ được gửi tới {address}.",
        "bad": "Liên kết này đã hết hạn hoặc không đúng. Anh/chị để lại địa chỉ trong khung chat thêm một lần giúp em.",
    },
    "en": {
        "title": "Confirm your address",
        "ask": "Shall answers that you did not read follow to {address}?",
        "button": "Yes, send them there",
        "done": "Noted. Answers that you did not read follow to {address}.",
        "bad": "This link has expired or is not one of ours. Leave your address in the chat once more.",
    },
}


def add_to(app: web.Application) -> None:
    app.router.add_get("/chat/{account}/confirm", ask)
    app.router.add_post("/chat/{account}/confirm", confirmed)


async def ask(request: web.Request) -> web.Response:
    """The question, with its button."""
    words = WORDS[language(request)]
    claim = _claim(request)
    if claim is None:
        return page(words["title"], words["bad"], status=400)
    button = f'<form method="post"><button>{escape(words["button"])}</button></form>'
    return page(words["title"], words["ask"].format(address=claim.address), button)


async def confirmed(request: web.Request) -> web.Response:
    """The button was pressed: the address is theirs. Twice changes nothing."""
    parts, words, claim = request.app[PARTS], WORDS[language(request)], _claim(request)
    if claim is None:
        return page(words["title"], words["bad"], status=400)
    items = await confirm(parts.store, ContactId(claim.contact), claim.address, "confirmation link", parts.now())
    await parts.announcer.announce(items, parts.now())
    return page(words["title"], words["done"].format(address=claim.address))


def _claim(request: web.Request) -> MailClaim | None:
    parts = request.app[PARTS]
    try:
        return read_claim(parts.ring, request.query.get("t", ""), parts.now())
    except Forged:
        return None
