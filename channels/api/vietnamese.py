"""What agents read of the API channel in Vietnamese, by the English sentence; `{}` stands for what varies."""

VIETNAMESE = {
    "The API channel carries words only; send the file another way.":
        "Kênh API chỉ mang được chữ; gửi tệp bằng cách khác.",
    "This account has no URL to send to. Set one in its settings.":
        "Kênh này chưa có URL để gửi tới. Nhập trong cài đặt.",
    "The program's address cannot be reached.": "Không tới được địa chỉ của chương trình.",
    "The URL of this account is not one.": "URL của kênh này không đúng.",
    "The connection broke while the message was being sent. It may have arrived.":
        "Kết nối đứt khi đang gửi. Tin có thể đã tới.",
    "The program is busy (HTTP {}).": "Chương trình đang bận (HTTP {}).",
    "The program refused the message (HTTP {}).": "Chương trình từ chối tin (HTTP {}).",
    "The program failed while taking the message (HTTP {}). It may have it.":
        "Chương trình gặp lỗi khi nhận tin (HTTP {}). Tin có thể đã tới.",
    # what lies in quarantine
    "not a message of the API channel: {}": "Không đúng dạng tin của kênh API ({}).",
}  # fmt: skip
