"""What customers of a chat read in mails: in Vietnamese unless they chose English."""

from collections.abc import Sequence
from typing import Literal

SUBJECTS = {
    ("answer", "vi"): "{shop} đã trả lời anh/chị",
    ("answer", "en"): "{shop} has answered you",
    ("confirm", "vi"): "Xác nhận địa chỉ để nhận câu trả lời của {shop}",
    ("confirm", "en"): "Confirm your address to get the answers of {shop}",
}
FOOT = {
    "vi": (
        "Anh/chị nhận thư này vì đã hỏi {shop} qua khung chat và chưa đọc câu trả lời ở đó. "
        "Anh/chị cứ trả lời thư này, em sẽ thấy ngay trong cuộc trò chuyện ạ."
    ),
    "en": (
        "You asked {shop} in the chat and have not read the answer there. "
        "Just answer this mail: your words return to that conversation."
    ),
}
ASKED = {
    "vi": (
        "Dạ em chào anh/chị,\n\nAnh/chị đã để lại địa chỉ này khi chat với {shop}. "
        "Anh/chị mở liên kết dưới đây để xác nhận, em sẽ gửi vào đây "
        "những câu trả lời mà anh/chị chưa kịp đọc:\n\n{link}\n\n"
        "Nếu không phải anh/chị, anh/chị bỏ qua thư này giúp em; không có gì được gửi thêm ạ."
    ),
    "en": (
        "Hello,\n\nThis address was left in the chat with {shop}. "
        "Open this link to confirm it, and answers that you did not read there follow to it:\n\n{link}\n\n"
        "If that was not you, ignore this mail; nothing more is sent."
    ),
}


def subject_of(kind: Literal["answer", "confirm"], shop: str, language: str) -> str:
    return SUBJECTS[kind, language].format(shop=shop)


def chat_words(texts: Sequence[str], shop: str, language: str) -> str:
    """The answers, one below the other, and why they come by mail."""
    said = "\n\n".join(text for text in texts if text.strip())
    return f"{said}\n\n—\n{FOOT[language].format(shop=shop)}"


def asked_words(shop: str, link: str, language: str) -> str:
    return ASKED[language].format(shop=shop, link=link)
