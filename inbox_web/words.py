"""The sentences that people read in errors, in Vietnamese; English is what the code says itself.

A sentence without a translation of its own gets the general one of its slug: never half a sentence in each language.
"""

SLUGS_VI: dict[str, str] = {
    "bad-input": "Nội dung gửi lên chưa dùng được. Kiểm tra lại rồi gửi lần nữa.",
    "not-signed-in": "Bạn cần đăng nhập.",
    "forged": "Không xác minh được yêu cầu này. Không có gì được lưu.",
    "denied": "Vai trò của bạn không cho phép việc này. Hỏi quản trị viên.",
    "not-found": "Không tìm thấy ở đây.",
    "answered": "Đã có người trả lời sau khi bạn bắt đầu viết. Tin của bạn chưa gửi.",
    "conflict": "Nội dung này vừa thay đổi. Xem lại rồi thử lần nữa.",
    "too-large": "Dung lượng lớn hơn mức cho phép.",
    "seen-missing": "Câu trả lời cần cho biết bạn đã đọc tới tin nào.",
    "too-many": "Quá nhiều lần thử. Đợi một lát rồi thử lại.",
    "unavailable": "Máy chủ tạm thời chưa lưu được. Những gì đã nhận vẫn còn nguyên; thử lại sau ít giây.",
    "not-allowed": "Địa chỉ này không nhận cách gọi đó.",
    "broken": "Máy chủ gặp lỗi. Nhật ký của máy chủ ghi rõ chỗ lỗi.",
}

SENTENCES_VI: dict[str, str] = {
    "Email or password is wrong.": "Email hoặc mật khẩu chưa đúng.",
    "Too many sign-ins failed. Wait a moment, then try again.": "Đăng nhập sai nhiều lần. Đợi một lát rồi thử lại.",
    "Sign in first.": "Bạn cần đăng nhập.",
    "The old password is wrong.": "Mật khẩu cũ chưa đúng.",
    "A password needs at least 10 characters.": "Mật khẩu cần ít nhất 10 ký tự.",
    "There is no such conversation.": "Không có hội thoại này.",
    "There is no such message.": "Không có tin nhắn này.",
    "There is no such contact.": "Không có khách này.",
    "There is no such agent.": "Không có nhân viên này.",
    "There is no such team.": "Không có đội này.",
    "There is no such account.": "Không có kênh này.",
    "There is no such file.": "Không có tệp này.",
    "Write something or attach a file.": "Viết nội dung hoặc đính kèm một tệp.",
    "An agent with this email is there already.": "Đã có nhân viên dùng email này.",
    "At least one administrator must stay.": "Phải còn ít nhất một quản trị viên.",
    "The customer wrote again. Read it before you close the conversation.":
        "Khách vừa nhắn thêm. Đọc trước khi đóng hội thoại.",
    "You are writing very fast. Wait a moment.": "Anh/chị nhắn hơi nhanh. Đợi một lát rồi gửi tiếp nhé.",
    "The signed identity is from the future; set the clock of the site's server right.":
        "Chữ ký định danh ghi giờ trong tương lai; chỉnh lại đồng hồ máy chủ của trang.",
    "Many files come in just now. Try again in a moment.": "Đang có nhiều tệp gửi lên. Đợi một lát rồi thử lại nhé.",
    "This file did not come in time; nothing of it was kept.": "Tệp gửi lên quá lâu nên chưa được lưu. Thử lại nhé.",
    "This file is larger than the hub takes.": "Tệp này lớn hơn mức cho phép.",
    "The hub's disk is nearly full. Nothing is lost; an administrator has to make room.":
        "Ổ đĩa của máy chủ sắp đầy. Không mất gì cả; quản trị viên cần dọn chỗ.",
}  # fmt: skip


def say(sentence: str, language: str, slug: str) -> str:
    """The sentence in the reader's language ("vi" or "en")."""
    if language != "vi":
        return sentence
    return SENTENCES_VI.get(sentence) or SLUGS_VI.get(slug, sentence)


def language_of(accept: str) -> str:
    """ "vi" when an Accept-Language header likes Vietnamese best among the two, else "en"."""
    wanted: list[tuple[float, str]] = []
    for part in accept.split(","):
        name, _, quality = part.strip().partition(";q=")
        if name[:2].lower() in ("vi", "en"):
            wanted.append((_number(quality), name[:2].lower()))
    return max(wanted, key=lambda one: one[0])[1] if wanted else "en"


def _number(quality: str) -> float:
    try:
        return float(quality or "1")
    except ValueError:
        return 0.0
