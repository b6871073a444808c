"""The closed list of intents: what each means, its short names, and the tone it is shown in. No model lives here."""

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

BY_NAME: dict[str, Intent] = {intent.name: intent for intent in INTENTS}
NAMES: tuple[str, ...] = tuple(BY_NAME)
TAUGHT: tuple[str, ...] = tuple(name for name in NAMES if name != UNKNOWN)
