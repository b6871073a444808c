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
STYLE = (
    "body{margin:0;min-height:100vh;display:grid;place-items:center;font:16px/1.6 system-ui,sans-serif;"
    "background:#f6f7f9;color:#1c2430}main{max-width:28rem;margin:1rem;padding:2rem;border-radius:12px;background:#fff}"
    "button{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:8px;background:#3b4fb8;color:#fff;cursor:pointer}"
)
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


def add_to(app: web.Application) -> None:
    app.router.add_get("/chat/{account}/confirm", ask)
    app.router.add_post("/chat/{account}/confirm", confirmed)


async def ask(request: web.Request) -> web.Response:
    """The question, with its button."""
    words = WORDS[language(request)]
    claim = _claim(request)
    if claim is None:
        return _page(words, words["bad"], status=400)
    button = f'<form method="post"><button>{escape(words["button"])}</button></form>'
    return _page(words, words["ask"].format(address=claim.address), button)


async def confirmed(request: web.Request) -> web.Response:
    """The button was pressed: the address is theirs. Twice changes nothing."""
    parts, words, claim = request.app[PARTS], WORDS[language(request)], _claim(request)
    if claim is None:
        return _page(words, words["bad"], status=400)
    items = await confirm(parts.store, ContactId(claim.contact), claim.address, "confirmation link", parts.now())
    await parts.announcer.announce(items, parts.now())
    return _page(words, words["done"].format(address=claim.address))


def _claim(request: web.Request) -> MailClaim | None:
    parts = request.app[PARTS]
    try:
        return read_claim(parts.ring, request.query.get("t", ""), parts.now())
    except Forged:
        return None


def _page(words: dict[str, str], text: str, more: str = "", status: int = 200) -> web.Response:
    html = (
        f'<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(words['title'])}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{escape(words['title'])}</h1><p>{escape(text)}</p>{more}</main></body></html>"
    )
    headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
    return web.Response(text=html, content_type="text/html", charset="utf-8", status=status, headers=headers)
