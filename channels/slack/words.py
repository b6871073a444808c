"""What one message of Slack says, who says it and in which conversation. Pure."""

from collections.abc import Mapping

from channels.slack import blocks, mrkdwn, wire
from hub.inbound import From, InboundFile

LINKED = frozenset({"external"})  # files that lie elsewhere, such as a shared document: a link, no file


def thread(team: str, said: wire.Said) -> str:
    """A thread of a channel is a conversation; a direct message is one as a whole."""
    if _is_direct(said):
        return f"{team}/{said.channel}"
    return f"{team}/{said.channel}/{said.thread_ts or said.ts}"


def way_back(team: str, said: wire.Said) -> str:
    """Where an answer goes: into the thread of its parent, never of an answer's own ts."""
    if _is_direct(said):
        return f"{team}/{said.channel}" + (f"/{said.thread_ts}" if said.thread_ts else "")
    return thread(team, said)


def _is_direct(said: wire.Said) -> bool:
    return said.channel_type in ("im", "mpim") or (said.channel or "").startswith("D")


def sender(said: wire.Said, names: Mapping[str, str]) -> From:
    """Who wrote it: a user, or another program."""
    who = said.user or said.bot_id or said.username or "slack"
    return From(value=who, name=names.get(who) or _own_name(said), verified="platform")


def is_automatic(said: wire.Said) -> bool:
    """Whether a program wrote it, Slack's own included: it is never answered by itself."""
    return bool(said.bot_id) or said.subtype == "bot_message" or said.user == "USLACKBOT"


def _own_name(said: wire.Said) -> str:
    """The name that came along, if one did."""
    profile, bot = said.user_profile, said.bot_profile
    if profile is not None:
        return profile.display_name or profile.real_name or profile.name or ""
    return said.username or (bot.name if bot else None) or ""


def known(settings: wire.Settings, names: Mapping[str, str]) -> dict[str, str]:
    """Names by id, our own bot's among them."""
    own = {settings.bot_user_id: settings.bot_name} if settings.bot_user_id and settings.bot_name else {}
    return {**own, **names}


def markup_of(said: wire.Said) -> str:
    """A message in Slack's markup: its text, or what its blocks and attachments say."""
    text = said.text or blocks.markup(said.blocks, said.attachments)
    shared = blocks.shared(said.attachments) if said.text else ""
    links = [f"<{_place(one)}|{mrkdwn.escape(_name(one))}>" for one in said.files or () if _is_linked(one)]
    return "\n".join(part for part in (text, shared, *links) if part)


def text(said: wire.Said, names: Mapping[str, str]) -> str:
    return mrkdwn.read(markup_of(said), names, blocks.emoji(said.blocks)).strip()


def files(said: wire.Said) -> tuple[InboundFile, ...]:
    """Its files, to be fetched by their ids; of one from another company nothing else may be known yet."""
    return tuple(
        InboundFile(
            name=_name(one),
            mime=one.mimetype or "application/octet-stream",
            size=one.size or 0,
            ref=one.id,
            width=_pixels(one.original_w),
            height=_pixels(one.original_h),
        )
        for one in said.files or ()
        if one.id and not _is_linked(one)
    )


def _pixels(said: int | str | None) -> int | None:
    """Slack writes some of its numbers as text."""
    return int(said) if said and str(said).isascii() and str(said).isdecimal() else None


def _name(one: wire.File) -> str:
    return one.name or one.title or "file"


def _is_linked(one: wire.File) -> bool:
    return bool(_place(one)) and (bool(one.is_external) or one.mode in LINKED)


def _place(one: wire.File) -> str:
    return one.url_private or one.permalink or ""
