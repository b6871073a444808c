"""Pages: the inbox for every address that nobody else wants, its hashed assets, the widget's scripts, the demo shop."""

import hashlib
from pathlib import Path

from aiohttp import web

from hub.errors import NotFound
from inbox_web.middlewares import policy
from inbox_web.origins import CALLER
from inbox_web.parts import PARTS, Parts

YEAR_S = 31_536_000
SCRIPT_AGE_S = 300
# The widget runs on the pages of shops; parts of its panel lie among the assets.
ANY_PAGE = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
CODINGS = (("br", ".br"), ("gzip", ".gz"))
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".html": "text/html",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".json": "application/json",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
NOT_BUILT = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Hub</title>'
    "<p>The inbox is not built yet. Run <code>make ui</code> in the hub's folder, then load this page again.</p>"
    '<p lang="vi">Giao diện hộp thư chưa được dựng. Chạy <code>make ui</code> trong thư mục của hub, rồi tải lại.</p>'
    "</html>"
)
# Paths that programs ask for: a wrong one is an error for them, not a page of the inbox.
NO_PAGE = ("api/", "chat/", "in/", "live", "assets/")


def add_to(app: web.Application) -> None:
    app.router.add_get("/widget.js", script)
    app.router.add_get("/panel.js", script)
    app.router.add_get("/assets/{path:.+}", asset)
    app.router.add_get("/demo", demo)
    app.router.add_get("/demo/{path:.*}", demo)
    app.router.add_get("/{path:.*}", inbox)


async def inbox(request: web.Request) -> web.StreamResponse:
    """The single page; its own router knows the rest of the address. A file of the build's root goes before it."""
    path, dist = request.match_info["path"], request.app[PARTS].dist
    if path.startswith(NO_PAGE):
        raise NotFound("There is nothing at this address.")
    file = inside(dist, path) if path and "." in path else None
    if file is not None and not file.name.startswith("."):
        return _file(request, file, {"Cache-Control": f"public, max-age={SCRIPT_AGE_S}"})
    index = inside(dist, "index.html")
    if index is None:
        return web.Response(status=503, text=NOT_BUILT, content_type="text/html")
    return _file(request, index, {"Cache-Control": "no-cache"})


async def asset(request: web.Request) -> web.StreamResponse:
    """A file whose name carries its hash: kept for good."""
    file = inside(request.app[PARTS].dist / "assets", request.match_info["path"])
    if file is None:
        raise NotFound("There is no such file; the page was built anew, load it again.")
    return _file(request, file, {"Cache-Control": f"public, max-age={YEAR_S}, immutable", **ANY_PAGE})


async def script(request: web.Request) -> web.StreamResponse:
    """The widget's loader and panel, for any page; an address with ?v= names one build and may be kept for good."""
    file = inside(request.app[PARTS].dist, request.path.lstrip("/"))
    if file is None:
        raise NotFound("The widget is not built yet. Run `make ui` in the hub's folder.")
    age = f"public, max-age={YEAR_S}, immutable" if "v" in request.query else f"public, max-age={SCRIPT_AGE_S}"
    return _file(request, file, {"Cache-Control": age, **ANY_PAGE})


async def demo(request: web.Request) -> web.StreamResponse:
    """The demo shop with the widget in it; nowhere to be found once the hub is public."""
    parts = request.app[PARTS]
    path = request.match_info.get("path") or "index.html"
    file = inside(parts.demo, path) if parts.settings.demo_on else None
    if file is None:
        raise NotFound("There is nothing at this address.")
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": policy(request[CALLER], framing="'self'")}
    if file.suffix != ".html":
        return _file(request, file, headers)
    text = file.read_text("utf-8").replace("{{account}}", await _shown_account(parts))
    return web.Response(text=text, headers=headers, content_type="text/html")


async def _shown_account(parts: Parts) -> str:
    """The oldest web chat that is on; "" when there is none, and then the widget says so on the console."""
    accounts = sorted(await parts.accounts.all(), key=lambda account: account.at)
    return next((account.id for account in accounts if account.kind == "webchat" and account.on), "")


def inside(folder: Path, path: str) -> Path | None:
    """The file at this path, or None when there is none or it would lie outside of the folder."""
    try:
        file = (folder / path).resolve()
        return file if file.is_relative_to(folder.resolve()) and file.is_file() else None
    except (OSError, ValueError):
        return None


def _file(request: web.Request, file: Path, headers: dict[str, str]) -> web.StreamResponse:
    """The file, or its compressed sibling when the browser takes it; 304 when the browser has it already.

    Read in one go: they are a few hundred kB at most and the system keeps them in memory.
    """
    taken = request.headers.get("Accept-Encoding", "")
    coding, sibling = next(
        ((name, at) for name, end in CODINGS if name in taken and (at := file.with_name(file.name + end)).is_file()),
        (None, file),
    )
    body = sibling.read_bytes()
    etag = hashlib.sha256(body).hexdigest()[:20]
    headers = {**headers, "ETag": f'"{etag}"', "Vary": "Accept-Encoding"}
    if any(tag.value == etag for tag in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    if coding is not None:
        headers["Content-Encoding"] = coding
    kind = TYPES.get(file.suffix, "application/octet-stream")
    charset = "utf-8" if kind.startswith("text/") or kind.endswith("json") else None
    return web.Response(body=body, headers=headers, content_type=kind, charset=charset)
