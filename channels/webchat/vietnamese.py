"""What agents read of a web chat in Vietnamese, by the English sentence."""

VIETNAMESE = {
    "The port in this address is no number.": "Cổng trong địa chỉ này không phải là số.",
    "The address of a website looks like https://shop.example.": "Địa chỉ trang web có dạng https://shop.example.",
    "The signed identity is older than seven days.": "Chữ ký định danh cũ hơn bảy ngày.",
    "The signed identity has no id.": "Chữ ký định danh không có id.",
    "The signature of this identity does not fit.": "Chữ ký định danh không khớp.",
    "There are no words and no file in this message.": "Tin này không có chữ và không có tệp.",
    # what lies in quarantine
    "not a frame of the web chat: {}": "Không đúng dạng tin của chat trên web ({}).",
}
