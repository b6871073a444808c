"""A channel of the team in which conversations of other accounts are shown, each as a thread. Reading is pure.

What a colleague writes in such a thread is a note among ourselves. Below it stands a button; pressed, the words go to
the customer. Who may answer, and what of a conversation is shown at all, the hub decides.
"""

from typing import Any

import aiohttp

from channels.base import Entry, Headline, Reply
from channels.slack import api, arrivals, mrkdwn, wire, words
from hub.errors import Poison, Retry
from hub.model import Account, Arrival

ANSWER = {"vi": "Gửi cho khách", "en": "Send to the customer"}
SIGNS = {"in": "", "out": "↩ ", "note": "🔒 "}
MOST_LINES = 3000


async def open_thread(http: aiohttp.ClientSession, account: Account, headline: Headline) -> str:
    """Begin a conversation's thread; its "channel:ts". Raises Retry, Refused or Unknown."""
    subject = f" · {mrkdwn.escape(headline.subject)}" if headline.subject else ""
    text = f"*{mrkdwn.escape(headline.name)}* · {mrkdwn.escape(headline.channel)}{subject}"
    link = f"\n<{mrkdwn.escape(headline.url)}>" if headline.url else ""
    return await _post(http, account, None, {"text": text + link})


async def show(http: aiohttp.ClientSession, account: Account, thread: str, entry: Entry) -> str:
    """Show an entry in its thread; its "channel:ts". Raises as above."""
    return await _post(http, account, thread, {"text": rendered(entry)})


async def show_anew(http: aiohttp.ClientSession, account: Account, post: str, entry: Entry) -> str:
    """Let an entry that stands there say something else; the same "channel:ts". Raises as above."""
    channel, _, ts = post.partition(":")
    slack = api.client(http, account)
    await api.call(slack.chat_update(channel=channel, ts=ts, text=rendered(entry)))
    return post


async def offer(http: aiohttp.ClientSession, account: Account, reply: Reply, language: str) -> str:
    """Put the answer button below a colleague's words. Raises as above."""
    label = ANSWER.get(language, ANSWER["en"])
    button: dict[str, Any] = {"type": "button", "action_id": wire.ANSWER, "value": reply.external, "style": "primary"}
    button["text"] = {"type": "plain_text", "text": label}
    fields: dict[str, Any] = {"text": label, "blocks": [{"type": "actions", "elements": [button]}]}
    return await _post(http, account, reply.thread, fields)


def rendered(entry: Entry) -> str:
    """An entry in Slack's markup; what a customer wrote calls nobody here either."""
    files = "".join(f"\n📎 {mrkdwn.escape(name)}" for name in entry.files)
    text = entry.text if len(entry.text) <= MOST_LINES else entry.text[: MOST_LINES - 1] + "…"
    mark = f" _({mrkdwn.escape(entry.mark)})_" if entry.mark else ""
    return f"{SIGNS[entry.kind]}*{mrkdwn.escape(entry.author)}*{mark}\n{mrkdwn.write(text)}{files}"


async def _post(http: aiohttp.ClientSession, account: Account, thread: str | None, fields: dict[str, Any]) -> str:
    settings = wire.settings_of(account.settings)
    channel, _, ts = (thread or f"{settings.mirror}:").partition(":")
    slack, quiet = api.client(http, account), {"unfurl_links": False, "unfurl_media": False}
    answer, _ = await api.call(slack.chat_postMessage(channel=channel, thread_ts=ts or None, **{**quiet, **fields}))
    if not answer.get("ts"):
        raise Retry("Slack did not say where the words are shown.")
    return f"{channel}:{answer['ts']}"


def reply(account: Account, arrival: Arrival, names: dict[str, str]) -> Reply | None:
    """What an arrival means in the mirror; None when it is none of its. Raises Poison."""
    settings = wire.settings_of(account.settings)
    if not settings.mirror:
        return None
    try:
        payload = wire.json_of(arrival.body)
        if wire.kind.decode(payload).type == wire.PRESSED:
            return _pressed(settings, wire.pressed.decode(payload))
        said = wire.said.decode(bytes(wire.envelope.decode(payload).event) or b"{}")
    except wire.UNREADABLE as error:
        raise Poison(f"not what Slack sends: {type(error).__name__}") from error
    return _written(settings, said, names)


def _written(settings: wire.Settings, said: wire.Said, names: dict[str, str]) -> Reply | None:
    order = wire.micros(said.ts)
    if not arrivals.is_mirrored(settings, said) or order is None or not said.user or not said.thread_ts:
        return None
    return Reply(
        kind="note",
        thread=f"{said.channel}:{said.thread_ts}",
        external=f"{said.channel}:{said.ts}",
        by=said.user,
        at=wire.moment(order),
        text=words.text(said, words.known(settings, names)),
    )


def _pressed(settings: wire.Settings, pressed: wire.Pressed) -> Reply | None:
    action = (pressed.actions or [wire.Action()])[0]
    order, channel = wire.micros(action.action_ts), pressed.channel.id if pressed.channel else ""
    thread = pressed.message.thread_ts if pressed.message else None
    if action.action_id != wire.ANSWER or channel != settings.mirror or not (pressed.user and thread and order):
        return None
    return Reply(
        kind="answer",
        thread=f"{channel}:{thread}",
        external=action.value or "",
        by=pressed.user.id,
        at=wire.moment(order),
    )
