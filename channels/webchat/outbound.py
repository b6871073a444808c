"""Out to a widget. The widget reads the log itself, so a send is only the word that it may: nothing leaves here."""

from hub.model import Account, Part, Sent


async def send(account: Account, to: str, part: Part) -> Sent:
    """The part may be shown to the visitor from now on; saying so twice changes nothing."""
    return Sent(external=f"{part.message}:{part.index}")
