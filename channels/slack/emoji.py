"""Slack's names of the emoji that people react with most. Messages bring the signs of theirs along in their blocks."""

SIGNS = {
    "+1": "👍", "thumbsup": "👍", "-1": "👎", "thumbsdown": "👎", "heart": "❤️", "hearts": "♥️",
    "joy": "😂", "smile": "😄", "smiley": "😃", "grinning": "😀", "grin": "😁", "laughing": "😆",
    "satisfied": "😆", "sweat_smile": "😅", "rofl": "🤣", "rolling_on_the_floor_laughing": "🤣",
    "slightly_smiling_face": "🙂", "simple_smile": "🙂", "upside_down_face": "🙃", "wink": "😉",
    "blush": "😊", "innocent": "😇", "heart_eyes": "😍", "star-struck": "🤩", "kissing_heart": "😘",
    "yum": "😋", "sunglasses": "😎", "thinking_face": "🤔", "neutral_face": "😐", "expressionless": "😑",
    "face_with_rolling_eyes": "🙄", "cry": "😢", "sob": "😭", "angry": "😠", "rage": "😡", "scream": "😱",
    "flushed": "😳", "confused": "😕", "worried": "😟", "disappointed": "😞", "pensive": "😔",
    "sleepy": "😪", "relieved": "😌", "hugging_face": "🤗", "face_palm": "🤦", "shrug": "🤷", "wave": "👋",
    "clap": "👏", "raised_hands": "🙌", "pray": "🙏", "handshake": "🤝", "muscle": "💪", "ok_hand": "👌",
    "v": "✌️", "point_up": "☝️", "point_right": "👉", "point_left": "👈", "point_down": "👇", "eyes": "👀",
    "tada": "🎉", "confetti_ball": "🎊", "rocket": "🚀", "fire": "🔥", "sparkles": "✨", "star": "⭐",
    "star2": "🌟", "100": "💯", "white_check_mark": "✅", "heavy_check_mark": "✔️",
    "ballot_box_with_check": "☑️", "x": "❌", "warning": "⚠️", "bulb": "💡", "question": "❓",
    "exclamation": "❗", "heavy_plus_sign": "➕", "red_circle": "🔴", "large_green_circle": "🟢",
    "hourglass_flowing_sand": "⏳", "alarm_clock": "⏰", "calendar": "📅", "memo": "📝", "pushpin": "📌",
    "paperclip": "📎", "lock": "🔒", "key": "🔑", "mag": "🔍", "bug": "🐛", "wrench": "🔧", "package": "📦",
    "truck": "🚚", "gift": "🎁", "moneybag": "💰", "phone": "☎️", "email": "📧", "coffee": "☕",
    "beers": "🍻", "cake": "🍰", "rose": "🌹", "sunny": "☀️", "broken_heart": "💔", "blue_heart": "💙",
    "green_heart": "💚", "yellow_heart": "💛", "purple_heart": "💜",
}  # fmt: skip
SKIN = ("🏻", "🏼", "🏽", "🏾", "🏿")  # of skin-tone-2 to skin-tone-6
