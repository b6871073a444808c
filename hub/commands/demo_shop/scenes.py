"""What the customers of `hub demo --live` come for: an opening, and what they say to each answer."""

import msgspec


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    language: str
    lines: tuple[str, ...]
    impatient: str  # said once when nobody answers


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
    ),
    Scene(
        language="vi",
        lines=("Đơn MA-1302 của mình tới đâu rồi ạ?", "Chiều nay có kịp không bạn?", "Vâng, mình chờ nhé"),
        impatient="Bạn ơi kiểm tra giúp mình với",
    ),
    Scene(
        language="vi",
        lines=(
            "Hộp trà giao tới bị móp một góc rồi shop ơi",
            "Mình chụp hình gửi bạn rồi đó",
            "Cảm ơn shop xử lý nhanh",
        ),
        impatient="Shop có đọc tin không vậy?",
    ),
    Scene(
        language="vi",
        lines=("Cho chị đặt 2 hộp trà lài giao về 40 Bà Triệu", "Thanh toán khi nhận được không em?", "Ok em"),
        impatient="Em ơi?",
    ),
    Scene(
        language="vi",
        lines=("Ship về Cần Thơ bao nhiêu tiền ạ", "Mấy ngày thì tới shop?", "Dạ em đặt trên web luôn, cảm ơn ạ"),
        impatient=SHOP,
    ),
    Scene(
        language="vi",
        lines=("tra cuc con hang ko shop", "cho minh 1 hop nha", "ok tks shop"),
        impatient="alo shop",
    ),
    Scene(
        language="vi",
        lines=("Anh cần xuất hoá đơn công ty cho đơn hôm qua", "MST 0109999888 em nhé", "Tốt, cảm ơn em"),
        impatient="Em xem giúp anh với",
    ),
    Scene(
        language="vi",
        lines=("Em chuyển khoản rồi mà chưa thấy xác nhận ạ", "Mã đơn MA-1311 ạ", "Dạ vâng em cảm ơn"),
        impatient="Chị ơi em hơi lo ạ",
    ),
    Scene(
        language="en",
        lines=("Hi, do you ship to Germany?", "How long does it take?", "Great, thank you!"),
        impatient="Hello? Is anybody there?",
    ),
    Scene(
        language="en",
        lines=("Hello, I'd like to return one box, it is unopened", "I bought it on Monday", "Thanks for your help"),
        impatient="Could somebody help me, please?",
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
