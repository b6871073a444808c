"""Out to Slack: a part as one message, its files with it. Rendering is pure; `send` calls once."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import msgspec
from slack_sdk.web.async_client import AsyncWebClient

from channels.base import Limits
from channels.slack import api, mrkdwn, wire
from channels.split import split
from hub.errors import Refused, Retry
from hub.model import Account, Attachment, Part, Sent

LIMITS = Limits(
    text=4000,  # what Slack recommends; beyond 40,000 it cuts without a word
    attachment_bytes=50_000_000,
    attachments=10,
    options=10,
    per_chat_s=1.0,  # chat.postMessage: one a second and channel
    timeout_s=60.0,
)
MOST_SECTION = 3000
MOST_LABEL = 75
MOST_VALUE = 2000

Read = Callable[[Attachment], AsyncIterator[bytes]]


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where an answer goes: a channel, and the thread in it."""

    channel: str
    thread_ts: str | None = None


def place(to: str) -> Place:
    """Of "team/channel" or "team/channel/thread_ts". Raises Refused."""
    parts = to.split("/")
    if len(parts) not in (2, 3) or not all(parts[1:]):
        raise Refused("This conversation does not say where in Slack it is; answer it there.")
    return Place(channel=parts[1], thread_ts=parts[2] if len(parts) == 3 else None)


def rendered(part: Part) -> dict[str, Any]:
    """A part's words and quick replies as arguments of chat.postMessage."""
    fields: dict[str, Any] = {
        "text": mrkdwn.write(part.text),
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {
            "event_type": wire.OUR_METADATA,
            "event_payload": {"message": part.message, "part": part.index},
        },
    }
    if part.options:
        fields["blocks"] = [*_sections(part.text), _buttons(part.options)]
        fields["text"] = fields["text"] or ", ".join(mrkdwn.escape(one) for one in part.options)
    return fields


def _sections(text: str) -> list[dict[str, Any]]:
    """The words as blocks; `verbatim`, since Slack would read a mere "@here" in a block as a call to everybody."""
    if not text.strip():
        return []
    written = mrkdwn.write(text)
    if len(written) > MOST_SECTION:
        pieces = split(text, Limits(text=max(1, len(text) // 2)))
        return [section for piece in pieces for section in _sections(piece)]
    return [{"type": "section", "text": {"type": "mrkdwn", "text": written, "verbatim": True}}]


def _buttons(options: tuple[str, ...]) -> dict[str, Any]:
    buttons = [
        {
            "type": "button",
            "action_id": f"{wire.OPTION}{index}",
            "text": {"type": "plain_text", "text": _short(label), "emoji": True},
            "value": label[:MOST_VALUE],
        }
        for index, label in enumerate(options)
    ]
    return {"type": "actions", "elements": buttons}


def _short(label: str) -> str:
    return label if len(label) <= MOST_LABEL else label[: MOST_LABEL - 1] + "…"


async def send(http: aiohttp.ClientSession, read: Read, account: Account, to: str, part: Part) -> Sent:
    """Hand one part over. Raises Retry when nothing left, Refused, or Unknown."""
    where, slack = place(to), api.client(http, account)
    if part.attachments:
        return await _send_files(http, slack, read, where, part)
    fields = rendered(part)
    answer, _ = await api.call(slack.chat_postMessage(channel=where.channel, thread_ts=where.thread_ts, **fields))
    return Sent(external=f"{answer.get('channel') or where.channel}:{answer['ts']}" if answer.get("ts") else None)


async def _send_files(http: aiohttp.ClientSession, slack: AsyncWebClient, read: Read, where: Place, part: Part) -> Sent:
    """Upload the files, which nobody sees yet, then show them with the words in one step.

    The answer does not name the message: its echo does (Slack shares files afterwards).
    """
    uploaded = [{"id": await _upload(http, slack, read, one), "title": one.name} for one in part.attachments]
    fields: dict[str, Any] = {"files": uploaded, "channel_id": where.channel}
    if where.thread_ts:
        fields["thread_ts"] = where.thread_ts
    if part.options:
        fields["blocks"] = rendered(part)["blocks"]
    elif part.text:
        fields["initial_comment"] = mrkdwn.write(part.text)
    # The SDK's own method for this would put the words into the URL, where long ones do not fit.
    await api.call(slack.api_call("files.completeUploadExternal", json=fields))
    return Sent()


async def _upload(http: aiohttp.ClientSession, slack: AsyncWebClient, read: Read, file: Attachment) -> str:
    """Bring one file to Slack, unshared; its id there. What fails here left nothing behind: raises Retry or Refused."""
    answer, _ = await api.ask(slack.files_getUploadURLExternal(filename=file.name, length=file.bytes))
    url, name = answer.get("upload_url"), answer.get("file_id")
    if not isinstance(url, str) or not isinstance(name, str):
        raise Retry("Slack gave no place to upload the file to.")
    try:
        headers = {"content-length": str(file.bytes), "content-type": file.mime}
        sending = http.post(url, data=read(file), headers=headers, allow_redirects=False, timeout=api.FILE_TIME)
        async with sending as response:
            status = response.status
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Retry("The upload to Slack broke off.") from error
    if status == 429 or status >= 500:
        raise Retry(f"Slack did not take the file (HTTP {status}).")
    if status != 200:
        raise Refused(f"Slack refused the file {file.name} (HTTP {status}).")
    return name
