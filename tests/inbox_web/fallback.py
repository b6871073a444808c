"""The customers' way without a WebSocket."""

from typing import Any

from tests.inbox_web.conftest import SHOP, SITE


async def frames(hub: Any, *said: Any, token: str | None = None, origin: str = SHOP) -> Any:
    headers = {"Origin": origin} | ({"Authorization": f"Bearer {token}"} if token else {})
    return await hub.client.post(f"/chat/{SITE}/frames", json={"frames": said}, headers=headers)


async def poll(hub: Any, token: str, since: int = 0, seen: int = 0, wait: float = 0) -> Any:
    headers = {"Origin": SHOP, "Authorization": f"Bearer {token}"}
    body = {"since": since, "seen": seen, "wait": wait}
    answer = await hub.client.post(f"/chat/{SITE}/poll", json=body, headers=headers)
    return (await answer.json())["frames"]
