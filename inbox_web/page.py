"""One plain page without a script: a title, a sentence, and perhaps a button or a link."""

from html import escape

from aiohttp import web

STYLE = (
    "body{margin:0;min-height:100vh;display:grid;place-items:center;font:16px/1.6 system-ui,sans-serif;"
    "background:#f6f7f9;color:#1c2430}main{max-width:28rem;margin:1rem;padding:2rem;border-radius:12px;background:#fff}"
    "button{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:8px;background:#3b4fb8;color:#fff;cursor:pointer}"
    "a{color:#3b4fb8}"
)
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


def page(title: str, text: str, more: str = "", status: int = 200) -> web.Response:
    """`more` is HTML; the rest is not."""
    html = (
        f'<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1><p>{escape(text)}</p>{more}</main></body></html>"
    )
    headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
    return web.Response(text=html, content_type="text/html", charset="utf-8", status=status, headers=headers)
