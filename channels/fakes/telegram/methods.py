"""The methods that a bot calls: what each takes, refuses and answers. No network here."""

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from channels.fakes.telegram.bot import Bot, Json
from channels.fakes.telegram.errors import ApiError, bad
from channels.fakes.telegram.parameters import Given, chat_id
from channels.fakes.telegram.sending import Sending
from channels.fakes.telegram.updates import wanted

PORTS = (443, 80, 88, 8443)
MOST_FETCH = 20 << 20
EMOJI = re.compile(r"[^\x00-\x7f]")


class Methods:
    """By the names of the Bot API. A method that is missing is answered as an unknown one."""

    def __init__(self, bot: Bot, rehook: Callable[[], None]) -> None:
        self._bot = bot
        self._rehook = rehook
        self._sending = Sending(bot)

    async def call(self, name: str, given: Given) -> Any:
        """The method's result. Raises ApiError."""
        found = self._found(name)
        if found is None:
            raise ApiError(404, "Not Found: method not found")
        if self._bot.revoked:
            raise ApiError(401, "Unauthorized")
        return await found(given)

    def _found(self, name: str) -> Callable[[Given], Awaitable[Any]] | None:
        """Names are the same in any case."""
        own = {one.lower(): one for one in dir(self) if not one.startswith("_") and one != "call"}
        if name.lower() in own:
            return getattr(self, own[name.lower()])  # type: ignore[no-any-return]  # a method, by its name
        sends = {one.lower(): one for one in self._sending.methods}
        return self._sending.methods[sends[name.lower()]] if name.lower() in sends else None

    async def getMe(self, given: Given) -> Json:
        return self._bot.me

    # -- updates ------------------------------------------------------------------------------------------------------

    async def getUpdates(self, given: Given) -> list[Json]:
        values = given.values
        if "allowed_updates" in values:
            self._bot.updates.allowed = wanted(values["allowed_updates"])
        offset, limit, timeout = (int(values.get(name, usual)) for name, usual in _POLL)
        return await self._bot.updates.get(offset, limit, timeout)

    async def setWebhook(self, given: Given) -> bool:
        values = given.values
        url = str(values.get("url", ""))
        if not url:
            return await self.deleteWebhook(given)
        _check_hook(url, str(values.get("secret_token", "")))
        if "allowed_updates" in values:
            self._bot.updates.allowed = wanted(values["allowed_updates"])
        if values.get("drop_pending_updates"):
            self._bot.updates.waiting.clear()
        self._bot.hook = {
            "url": url,
            "secret_token": values.get("secret_token", ""),
            "max_connections": min(100, max(1, int(values.get("max_connections", 40)))),
        }
        self._bot.updates.set_hook(True)
        self._rehook()
        return True

    async def deleteWebhook(self, given: Given) -> bool:
        if given.values.get("drop_pending_updates"):
            self._bot.updates.waiting.clear()
        self._bot.hook = {}
        self._bot.updates.set_hook(False)
        self._rehook()
        return True

    async def getWebhookInfo(self, given: Given) -> Json:
        hook = {key: one for key, one in self._bot.hook.items() if key != "secret_token"}
        allowed = {"allowed_updates": sorted(self._bot.updates.allowed)} if hook else {}
        waiting = len(self._bot.updates.waiting)
        return {"url": "", "has_custom_certificate": False, "pending_update_count": waiting, **hook, **allowed}

    # -- on what is there ---------------------------------------------------------------------------------------------

    async def editMessageText(self, given: Given) -> Json:
        return self._sending.edit(given)

    async def deleteMessage(self, given: Given) -> bool:
        message = self._message(given, "message to delete not found")
        if self._bot.clock.now() - message["date"] > 48 * 3600:
            raise bad("message can't be deleted for everyone")
        del self._bot.chats[message["chat"]["id"]].messages[message["message_id"]]
        return True

    async def setMessageReaction(self, given: Given) -> bool:
        self._message(given, "message to react not found")
        for one in given.values.get("reaction", ()):
            if one.get("type") != "emoji" or not EMOJI.search(str(one.get("emoji", ""))):
                raise bad("REACTION_INVALID")
        return True

    async def answerCallbackQuery(self, given: Given) -> bool:
        query = str(given.values.get("callback_query_id", ""))
        if not query:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        self._bot.answered.append(query)
        return True

    async def sendChatAction(self, given: Given) -> bool:
        self._bot.open_chat(chat_id(given))
        return True

    async def getChat(self, given: Given) -> Json:
        shown = self._bot.open_chat(chat_id(given)).shown()
        return {**shown, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _GIFTS}

    async def getFile(self, given: Given) -> Json:
        file = self._bot.files.get(str(given.values.get("file_id", "")))
        if file is None:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if file.size > MOST_FETCH:
            raise bad("file is too big")
        return {**file.shown(), "file_path": file.path}

    def _message(self, given: Given, why: str) -> Json:
        chat = self._bot.open_chat(chat_id(given))
        message = chat.messages.get(int(given.values.get("message_id", 0)))
        if message is None:
            raise bad(why)
        return message


_POLL = (("offset", 0), ("limit", 100), ("timeout", 0))
_GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}


def _check_hook(url: str, secret: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
        raise bad("secret token contains unallowed characters")
