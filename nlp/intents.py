"""The built-in intents: what each means, its short names, and the tone it is shown in. No model lives here.

An owner adds their own and renames these; `hub/intents.py` has the list as it holds for a shop.
"""

from typing import Literal

import msgspec

Tone = Literal["plain", "care", "money"]


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a customer may want; `name` is stored in tags and rules and never renamed."""

    name: str
    meaning: str
    vi: str
    en: str
    tone: Tone = "plain"


def _intent(name: str, vi: str, en: str, meaning: str, tone: Tone = "plain") -> Intent:
    return Intent(name=name, meaning=meaning, vi=vi, en=en, tone=tone)


UNKNOWN = "unknown"

INTENTS: tuple[Intent, ...] = (
    _intent("greeting", "Chào", "Greeting", "Opens or greets, asks nothing yet."),
    _intent("thanks", "Cảm ơn", "Thanks", "Thanks or closes the talk."),
    _intent("ask_product", "Tư vấn sản phẩm", "Product advice", "Features, size, material, which one to choose."),
    _intent("ask_price", "Giá", "Price", "Wants a price or a quotation."),
    _intent("ask_stock", "Còn hàng", "In stock", "Availability, sizes or colours left."),
    _intent("ask_promotion", "Khuyến mãi", "Promotion", "Discounts, vouchers, points."),
    _intent("place_order", "Đặt hàng", "Place order", "Wants to buy now."),
    _intent("order_status", "Đơn ở đâu", "Order status", "Where an existing order is."),
    _intent("change_order", "Đổi đơn", "Change order", "Change address, item, quantity or time of an existing order."),
    _intent("cancel_order", "Huỷ đơn", "Cancel order", "Wants an existing order cancelled.", "care"),
    _intent("ask_delivery", "Giao hàng", "Delivery", "Shipping fee, time or coverage before ordering."),
    _intent("ask_payment", "Thanh toán", "Payment", "Payment methods, instalments, bank account."),
    _intent(
        "payment_problem",
        "Lỗi thanh toán",
        "Payment problem",
        "Payment failed, charged twice, or transferred but not confirmed.",
        "money",
    ),
    _intent("ask_invoice", "Hoá đơn", "Invoice", "VAT invoice or receipt."),
    _intent("return_exchange", "Đổi trả", "Return or swap", "Wants to send an item back or swap it."),
    _intent("refund", "Hoàn tiền", "Refund", "Wants money back, or asks where it is.", "money"),
    _intent("warranty_repair", "Bảo hành", "Warranty", "Broken in use, guarantee, repair."),
    _intent("complaint", "Khiếu nại", "Complaint", "Unhappy: late, rude, wrong, missing, damaged on arrival.", "care"),
    _intent("praise", "Khen", "Praise", "Happy with the product, the staff or the service."),
    _intent("ask_hours", "Giờ mở cửa", "Opening hours", "Opening hours and holidays."),
    _intent("ask_location", "Địa chỉ", "Location", "Address, branches, parking."),
    _intent("book_appointment", "Đặt lịch", "Appointment", "Book, move or ask for a slot, a table or a visit."),
    _intent("account_help", "Tài khoản", "Account", "Log-in, password, profile, membership card."),
    _intent("talk_to_human", "Gặp nhân viên", "Talk to a person", "Wants a person, a call back or a manager."),
    _intent(
        "stop_messages", "Dừng tin", "Stop messages", "Unsubscribe, refuse advertisements, delete my number.", "care"
    ),
    _intent("business_inquiry", "Hợp tác", "Business", "Wholesale, agency, partnership, supplier, press."),
    _intent("job_application", "Tuyển dụng", "Job", "Looks for work at the shop."),
    _intent("spam", "Rác", "Spam", "Advertisements and scams sent to the shop."),
    _intent(UNKNOWN, "Chưa hiểu", "Not understood", "None of these."),
)

# What each means, to people who read Vietnamese.
MEANINGS_VI: dict[str, str] = {
    "greeting": "Chào hỏi, chưa hỏi gì.",
    "thanks": "Cảm ơn hoặc kết thúc cuộc nói chuyện.",
    "ask_product": "Tính năng, cỡ, chất liệu, nên chọn cái nào.",
    "ask_price": "Hỏi giá hoặc xin báo giá.",
    "ask_stock": "Còn hàng không, còn cỡ và màu nào.",
    "ask_promotion": "Giảm giá, mã ưu đãi, tích điểm.",
    "place_order": "Muốn mua ngay.",
    "order_status": "Đơn đã đặt đang ở đâu.",
    "change_order": "Đổi địa chỉ, món, số lượng hoặc giờ của đơn đã đặt.",
    "cancel_order": "Muốn huỷ đơn đã đặt.",
    "ask_delivery": "Phí, thời gian, nơi giao, trước khi đặt.",
    "ask_payment": "Cách trả tiền, trả góp, số tài khoản.",
    "payment_problem": "Trả không được, bị trừ hai lần, chuyển rồi mà chưa xác nhận.",
    "ask_invoice": "Hoá đơn VAT hoặc biên nhận.",
    "return_exchange": "Muốn gửi trả hoặc đổi món khác.",
    "refund": "Muốn lấy lại tiền, hoặc hỏi tiền hoàn đang ở đâu.",
    "warranty_repair": "Hỏng khi dùng, bảo hành, sửa chữa.",
    "complaint": "Không vui: trễ, thái độ, sai, thiếu, vỡ khi nhận.",
    "praise": "Hài lòng với món hàng, nhân viên hoặc dịch vụ.",
    "ask_hours": "Giờ mở cửa, ngày nghỉ lễ.",
    "ask_location": "Địa chỉ, chi nhánh, chỗ để xe.",
    "book_appointment": "Đặt, dời hoặc hỏi lịch, bàn, buổi hẹn.",
    "account_help": "Đăng nhập, mật khẩu, hồ sơ, thẻ thành viên.",
    "talk_to_human": "Muốn gặp người thật, được gọi lại, hoặc gặp quản lý.",
    "stop_messages": "Huỷ đăng ký, không nhận quảng cáo, xoá số của tôi.",
    "business_inquiry": "Mua sỉ, đại lý, hợp tác, nhà cung cấp, báo chí.",
    "job_application": "Tìm việc ở cửa hàng.",
    "spam": "Quảng cáo và lừa đảo gửi tới cửa hàng.",
    UNKNOWN: "Không thuộc ý định nào.",
}

BY_NAME: dict[str, Intent] = {intent.name: intent for intent in INTENTS}
NAMES: tuple[str, ...] = tuple(BY_NAME)
TAUGHT: tuple[str, ...] = tuple(name for name in NAMES if name != UNKNOWN)
