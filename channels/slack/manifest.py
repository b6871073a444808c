"""The app as Slack wants it described, and what a person clicks there. Texts in Vietnamese and English."""

from typing import Any

import msgspec

SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "metadata.message:read",
    "mpim:history",
    "mpim:read",
    "reactions:read",
    "users:read",
)
NEEDED = frozenset(SCOPES) - {"metadata.message:read", "reactions:read", "app_mentions:read"}
EVENTS = (
    "app_mention",
    "app_uninstalled",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "reaction_added",
    "reaction_removed",
    "tokens_revoked",
)


def manifest(name: str, url: str, *, socket: bool) -> dict[str, Any]:
    """For "Create New App", "From a manifest": with events over a socket, or posted to `url`."""
    events: dict[str, Any] = {"bot_events": list(EVENTS)}
    interactivity: dict[str, Any] = {"is_enabled": True}
    if not socket:
        events["request_url"] = interactivity["request_url"] = url
    return {
        "display_information": {"name": name},
        "features": {
            "app_home": {"messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
            "bot_user": {"display_name": name, "always_online": True},
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": events,
            "interactivity": interactivity,
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": False,
        },
    }


def steps(name: str, url: str, *, socket: bool) -> dict[str, tuple[str, ...]]:
    """What is left to click, by language."""
    whole = msgspec.json.encode(manifest(name, url, socket=socket)).decode()
    if socket:
        return {
            "vi": (
                "Mở https://api.slack.com/apps, chọn ứng dụng của bạn, vào App Manifest và dán nội dung này: " + whole,
                "Kiểm tra Socket Mode đang bật, rồi bấm Reinstall to Workspace nếu Slack yêu cầu.",
                "Trong Slack, mời bot vào từng kênh cần trả lời: /invite @" + name,
            ),
            "en": (
                "Open https://api.slack.com/apps, choose your app, go to App Manifest and paste this: " + whole,
                "See that Socket Mode is on, and press Reinstall to Workspace if Slack asks for it.",
                "In Slack, invite the bot to every channel that you want to answer: /invite @" + name,
            ),
        }
    return {
        "vi": (
            "Mở https://api.slack.com/apps, chọn ứng dụng của bạn, vào App Manifest và dán nội dung này: " + whole,
            f"Vào Event Subscriptions, kiểm tra địa chỉ {url} hiện chữ Verified; nếu chưa, bấm Retry.",
            "Bật Delayed Events ở cùng trang để Slack gửi lại trong 24 giờ khi máy của bạn tạm ngừng.",
            "Trong Slack, mời bot vào từng kênh cần trả lời: /invite @" + name,
        ),
        "en": (
            "Open https://api.slack.com/apps, choose your app, go to App Manifest and paste this: " + whole,
            f"Under Event Subscriptions see that {url} is shown as Verified; if not, press Retry.",
            "Switch on Delayed Events on the same page, so that Slack tries again for 24 hours when you are away.",
            "In Slack, invite the bot to every channel that you want to answer: /invite @" + name,
        ),
    }


def further(url: str) -> dict[str, str]:
    """How the app comes to a further workspace, by language."""
    return {
        "vi": f"Để cài vào thêm workspace: ở OAuth & Permissions, thêm Redirect URL {url}/back, bật Manage "
        f"Distribution, rồi mở {url} khi đang đăng nhập hub.",
        "en": f"For a further workspace: under OAuth & Permissions add the redirect URL {url}/back, switch on Manage "
        f"Distribution, then open {url} while signed in to this hub.",
    }
