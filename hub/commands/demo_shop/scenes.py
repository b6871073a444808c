"""What the customers of `hub demo --live` come for: an opening, and what they say to each answer."""

import msgspec


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    language: str
    lines: tuple[str, ...]
    impatient: str  # said once when nobody answers
    subject: str  # of their mails
    picture: int | None = None  # the line that comes with a photo, where the channel has photos


SHOP = "Shop ơi, có ai không ạ?"

SCENES: tuple[Scene, ...] = (
    Scene(
        language="vi",
        lines=(
            "Trà sen Tây Hồ giá bao nhiêu vậy shop?",
            "Mua 3 hộp có giảm không ạ?",
            "Ok, để em suy nghĩ, cảm ơn shop",
        ),
        impatient=SHOP,
        subject="Hỏi giá trà sen Tây Hồ",
    ),
    Scene(
        language="vi",
        lines=("Đơn MA-1302 của mình tới đâu rồi ạ?", "Chiều nay có kịp không bạn?", "Vâng, mình chờ nhé"),
        impatient="Bạn ơi kiểm tra giúp mình với",
        subject="Đơn MA-1302",
    ),
    Scene(
        language="vi",
        lines=(
            "Hộp trà giao tới bị móp một góc rồi shop ơi",
            "Mình chụp hình gửi bạn rồi đó",
            "Cảm ơn shop xử lý nhanh",
        ),
        impatient="Shop có đọc tin không vậy?",
        subject="Hộp trà bị móp khi giao",
        picture=1,
    ),
    Scene(
        language="vi",
        lines=("Cho chị đặt 2 hộp trà lài giao về 40 Bà Triệu", "Thanh toán khi nhận được không em?", "Ok em"),
        impatient="Em ơi?",
        subject="Đặt 2 hộp trà lài",
    ),
    Scene(
        language="vi",
        lines=("Ship về Cần Thơ bao nhiêu tiền ạ", "Mấy ngày thì tới shop?", "Dạ em đặt trên web luôn, cảm ơn ạ"),
        impatient=SHOP,
        subject="Phí giao về Cần Thơ",
    ),
    Scene(
        language="vi",
        lines=("tra cuc con hang ko shop", "cho minh 1 hop nha", "ok tks shop"),
        impatient="alo shop",
        subject="con tra cuc ko shop",
    ),
    Scene(
        language="vi",
        lines=("Anh cần xuất hoá đơn công ty cho đơn hôm qua", "MST 0109999888 em nhé", "Tốt, cảm ơn em"),
        impatient="Em xem giúp anh với",
        subject="Xuất hoá đơn công ty",
    ),
    Scene(
        language="vi",
        lines=("Em chuyển khoản rồi mà chưa thấy xác nhận ạ", "Mã đơn MA-1311 ạ", "Dạ vâng em cảm ơn"),
        impatient="Chị ơi em hơi lo ạ",
        subject="Chưa thấy xác nhận chuyển khoản",
    ),
    Scene(
        language="en",
        lines=("Hi, do you ship to Germany?", "How long does it take?", "Great, thank you!"),
        impatient="Hello? Is anybody there?",
        subject="Shipping to Germany",
    ),
    Scene(
        language="en",
        lines=("Hello, I'd like to return one box, it is unopened", "I bought it on Monday", "Thanks for your help"),
        impatient="Could somebody help me, please?",
        subject="Returning one unopened box",
    ),
)

NAMES: dict[str, tuple[str, ...]] = {
    "vi": (
        "Nguyễn Thu Phương",
        "Trần Đức Anh",
        "Lê Khánh Vy",
        "Phạm Hữu Thắng",
        "Hoàng Mỹ Duyên",
        "Vũ Tuấn Kiệt",
        "Đặng Thảo Nguyên",
        "Bùi Xuân Trường",
        "Đỗ Hạnh Nguyên",
        "Ngô Gia Bảo",
    ),
    "en": ("Hannah Schmidt", "James Carter", "Lucy Martin", "Peter Novak"),
}
