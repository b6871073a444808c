"""Telling a chat that Telegram slows down from a bot that it slows down: its answer is the same for both."""

from hub.model import AccountId

CHATS = 10  # so many different chats one after the other are no coincidence


class Floods:
    """Which chats were told "too many" since anything of that account was last taken."""

    def __init__(self) -> None:
        self._chats: dict[AccountId, set[str]] = {}

    def refused(self, account: AccountId, chat: str) -> bool:
        """Note it; whether it is the whole account by now."""
        chats = self._chats.setdefault(account, set())
        chats.add(chat)
        return len(chats) >= CHATS

    def taken(self, account: AccountId) -> None:
        self._chats.pop(account, None)
