"""The Web API's methods. Each takes the caller's workspace and the arguments, and returns the answer's JSON."""

import json
import mimetypes
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from channels.fakes.slack.world import Channel, File, Json, Workspace

if TYPE_CHECKING:
    from channels.fakes.slack.server import FakeSlack

MOST_TEXT = 40_000
MOST_SECTION = 3000


class Fails(Exception):
    """The answer is `ok: false`."""


def auth_test(slack: "FakeSlack", home: Workspace, args: Json) -> Json:
    return {
        "url": f"{slack.url}/",
        "team": home.name,
        "user": "hub",
        "team_id": home.id,
        "user_id": home.bot_user,
        "bot_id": home.bot_id,
        "is_enterprise_install": False,
    }


def bots_info(slack: "FakeSlack", home: Workspace, args: Json) -> Json:
    icons = {f"image_{size}": f"{slack.url}/bot.png" for size in (36, 48, 72)}
    bot = {"id": home.bot_id, "app_id": slack.app_id, "name": "hub", "deleted": False, "updated": 0, "icons": icons}
    return {"bot": {**bot, "user_id": home.bot_user}}


def users_info(slack: "FakeSlack", home: Workspace, args: Json) -> Json:
    if args.get("user") not in home.users:
        raise Fails("user_not_found")
    return {"user": home.users[args["user"]]}


def chat_post_message(slack: "FakeSlack", home: Workspace, args: Json) -> Json:
    channel = _writable(home, args)
    text, blocks = args.get("text") or "", _json(args.get("blocks")) or []
    if not text and not blocks:
        raise Fails("no_text")
    _check_blocks(blocks)
    slack.spend_post(channel.id)
    message = _own(slack, home, text[:MOST_TEXT], blocks, args)
    channel.messages.append(message)
    slack.tell(home, {**message, "channel": channel.id, "channel_type": channel.kind, "event_ts": message["ts"]})
    return {"channel": channel.id, "ts": message["ts"], "message": message}


def chat_update(slack: "FakeSlack", home: Workspace, args: Json) -> Json:
    found = _own_message(home, args)
    found["text"] = args.get("text") or ""
    found["edited"] = {"user": home.bot_user, "ts": slack.numbers.ts()}
    return {"channel": args["channel"], "ts": found["ts"], "text": found["text"], "message": {"text": found["text"]}}


def chat_delete(slack: "FakeSlack", home: Workspace, args: Json) -> Json:
    found = _own_message(home, args)
    home.channels[args["channel"]].messages.remove(found)
    return {"channel": args["channel"], "ts": found["ts"]}


def conversations_list(slack: "FakeSlack", home: Workspace, args: Json) -> Json:
    wanted = {{"public_channel": "channel", "private_channel": "group"}.get(one, one) for one in _types(args)}
    found = [one.shown() for one in home.channels.values() if one.kind in wanted]
    page, cursor = _page(found, args)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


def users_conversations(slack: "FakeSlack", home: Workspace, args: Json) -> Json:
    answer = conversations_list(slack, home, {**args, "cursor": None, "limit": 100_000})
    mine = [one for one in answer["channels"] if home.channels[one["id"]].bot_in]
    page, cursor = _page(mine, args)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


def conversations_info(slack: "FakeSlack", home: Workspace, args: Json) -> Json:
    return {"channel": _channel(home, args).shown()}


def conversations_history(slack: "FakeSlack", home: Workspace, args: Json) -> Json:
    channel = _readable(home, args)
    roots = [one for one in channel.messages if one.get("thread_ts", one["ts"]) == one["ts"]]
    shown = [_with_thread(channel, one) for one in reversed(_between(roots, args))]
    return _messages(shown, args)


def conversations_replies(slack: "FakeSlack", home: Workspace, args: Json) -> Json:
    channel = _readable(home, args)
    thread = [one for one in channel.messages if args["ts"] in (one["ts"], one.get("thread_ts"))]
    if not thread:
        raise Fails("thread_not_found")
    parent = [one for one in thread if one["ts"] == args["ts"]]
    rest = _between([one for one in thread if one["ts"] != args["ts"]], args)
    by = {"parent_user_id": parent[0].get("user")} if parent else {}
    return _messages([_with_thread(channel, one) for one in parent] + [{**one, **by} for one in rest], args)


def reactions_add(slack: "FakeSlack", home: Workspace, args: Json) -> Json:
    return _react(slack, home, args, "reaction_added")


def reactions_remove(slack: "FakeSlack", home: Workspace, args: Json) -> Json:
    return _react(slack, home, args, "reaction_removed")


def files_get_upload_url(slack: "FakeSlack", home: Workspace, args: Json) -> Json:
    if not args.get("filename") or int(args.get("length") or 0) <= 0:
        raise Fails("invalid_arguments")
    file = File(id=slack.numbers.id("F"), name=args["filename"])
    file.mimetype = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    home.files[file.id] = file
    return {"upload_url": f"{slack.url}/upload/v1/{home.id}/{file.id}", "file_id": file.id}


def files_complete_upload(slack: "FakeSlack", home: Workspace, args: Json) -> Json:
    named = _json(args.get("files")) or []
    found = [home.files[one["id"]] for one in named if one.get("id") in home.files]
    if len(found) != len(named) or not all(one.data for one in found):
        raise Fails("file_not_found")
    if args.get("channel_id"):
        channel = _writable(home, {"channel": args["channel_id"]})
        blocks = _json(args.get("blocks")) or []
        _check_blocks(blocks)
        message = _own(slack, home, args.get("initial_comment") or "", blocks, args)
        message |= {"subtype": "file_share", "files": [slack.file_shown(home, one) for one in found]}
        channel.messages.append(message)
        slack.tell(home, {**message, "channel": channel.id, "channel_type": channel.kind, "event_ts": message["ts"]})
    return {"files": [{"id": one.id, "title": one.name} for one in found]}


def files_info(slack: "FakeSlack", home: Workspace, args: Json) -> Json:
    file = home.files.get(args.get("file", ""))
    if file is None:
        raise Fails("file_not_found")
    return {"file": slack.file_shown(home, file), "comments": []}


METHODS: dict[str, Callable[["FakeSlack", Workspace, Json], Json]] = {
    "auth.test": auth_test,
    "bots.info": bots_info,
    "users.info": users_info,
    "chat.postMessage": chat_post_message,
    "chat.update": chat_update,
    "chat.delete": chat_delete,
    "conversations.list": conversations_list,
    "conversations.info": conversations_info,
    "conversations.history": conversations_history,
    "conversations.replies": conversations_replies,
    "users.conversations": users_conversations,
    "reactions.add": reactions_add,
    "reactions.remove": reactions_remove,
    "files.getUploadURLExternal": files_get_upload_url,
    "files.completeUploadExternal": files_complete_upload,
    "files.info": files_info,
}


# -- what they share --------------------------------------------------------------------------------------------------


def _channel(home: Workspace, args: Json) -> Channel:
    if args.get("channel") not in home.channels:
        raise Fails("channel_not_found")
    return home.channels[args["channel"]]


def _readable(home: Workspace, args: Json) -> Channel:
    channel = _channel(home, args)
    if not channel.bot_in:
        raise Fails("not_in_channel")
    return channel


def _writable(home: Workspace, args: Json) -> Channel:
    channel = _readable(home, args)
    if channel.archived:
        raise Fails("is_archived")
    return channel


def _own(slack: "FakeSlack", home: Workspace, text: str, blocks: list[Any], args: Json) -> Json:
    message: Json = {
        "type": "message",
        "user": home.bot_user,
        "bot_id": home.bot_id,
        "app_id": slack.app_id,
        "team": home.id,
        "text": text,
        "ts": slack.numbers.ts(),
    }
    metadata = _json(args.get("metadata"))
    more = {"blocks": blocks, "thread_ts": args.get("thread_ts"), "metadata": metadata}
    return message | {name: value for name, value in more.items() if value}


def _own_message(home: Workspace, args: Json) -> Json:
    _channel(home, args)
    found = home.message(args["channel"], args.get("ts", ""))
    if found is None:
        raise Fails("message_not_found")
    if found.get("user") != home.bot_user:
        raise Fails("cant_update_message")
    return found


def _check_blocks(blocks: list[Any]) -> None:
    if len(blocks) > 50:
        raise Fails("invalid_blocks")
    for one in blocks:
        text = (one.get("text") or {}).get("text", "")
        labels = [each.get("text", {}).get("text", "") for each in one.get("elements", [])]
        if len(text) > MOST_SECTION or len(labels) > 25 or any(not 0 < len(label) <= 75 for label in labels):
            raise Fails("invalid_blocks")


def _react(slack: "FakeSlack", home: Workspace, args: Json, kind: str) -> Json:
    _channel(home, args)
    if home.message(args["channel"], args.get("timestamp", "")) is None:
        raise Fails("message_not_found")
    slack.react(home, args["channel"], args["timestamp"], home.bot_user, args["name"], kind)
    return {}


def _with_thread(channel: Channel, message: Json) -> Json:
    """A parent as histories show it, with what is known of its thread."""
    replies = [one for one in channel.messages if one.get("thread_ts") == message["ts"] != one["ts"]]
    if not replies:
        return message
    counted = {"reply_count": len(replies), "latest_reply": replies[-1]["ts"], "subscribed": False}
    return {**message, "thread_ts": message["ts"], **counted}


def _between(messages: list[Json], args: Json) -> list[Json]:
    oldest, latest = args.get("oldest") or "0", args.get("latest") or "9999999999.999999"
    ordered = sorted(messages, key=lambda one: str(one["ts"]))
    return [one for one in ordered if oldest < one["ts"] < latest]


def _messages(found: list[Json], args: Json) -> Json:
    page, cursor = _page(found, args)
    answer: Json = {"messages": page, "has_more": bool(cursor), "pin_count": 0}
    return answer | {
        "channel_actions_ts": None,
        "channel_actions_count": 0,
        "response_metadata": {"next_cursor": cursor},
    }


def _page(found: list[Any], args: Json) -> tuple[list[Any], str]:
    start, size = int(args.get("cursor") or 0), int(args.get("limit") or 100)
    return found[start : start + size], str(start + size) if start + size < len(found) else ""


def _types(args: Json) -> list[str]:
    return [one.strip() for one in str(args.get("types") or "public_channel").split(",")]


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value else value
