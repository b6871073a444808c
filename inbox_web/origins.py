"""Who is on the other end: the real address behind trusted proxies, and whether a page of ours is asking."""

import functools
import ipaddress

import msgspec
from aiohttp import web
from aiohttp.web_request import BaseRequest

from hub.errors import Denied
from hub.settings import Network, Settings


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """As the outermost trusted proxy saw it. `local`: on this machine or in a trusted network."""

    ip: str
    scheme: str
    host: str
    local: bool

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host}"


CALLER = web.RequestKey("caller", Caller)


def caller_of(request: BaseRequest, trusted: tuple[Network, ...]) -> Caller:
    """Forwarded headers are believed from trusted proxies only; of a chain counts the last that is not one of them."""
    peer = request.remote or ""
    if not _within(peer, trusted):
        # A proxy that nobody named may stand on this machine: what it passes on is not local.
        local = _loopback(peer) and "X-Forwarded-For" not in request.headers and "Forwarded" not in request.headers
        return Caller(ip=peer, scheme=request.scheme, host=request.host, local=local)
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    ip = next((part for part in reversed(chain) if not _within(part, trusted)), chain[0] if chain else peer)
    return Caller(
        ip=ip,
        scheme=_last(request, "X-Forwarded-Proto") or request.scheme,
        host=_last(request, "X-Forwarded-Host") or request.host,
        local=not chain or _within(ip, trusted) or _loopback(ip),
    )


def own_origins(caller: Caller, settings: Settings) -> set[str]:
    """The hub's own address, as the browser wrote it and as the owner did."""
    return {caller.origin, settings.base_url or caller.origin}


def check_own(request: web.Request, settings: Settings) -> None:
    """Raises Denied unless a page of this very hub is asking; a browser always says so with a write or a socket."""
    if request.headers.get("Origin") not in own_origins(request[CALLER], settings):
        raise Denied("This request does not come from a page of this hub; its Origin header says so.")


def _last(request: BaseRequest, header: str) -> str:
    """What the nearest proxy wrote."""
    return request.headers.get(header, "").split(",")[-1].strip()


@functools.lru_cache(maxsize=4096)
def _within(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(ip in network for network in networks)


@functools.lru_cache(maxsize=4096)
def _loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
