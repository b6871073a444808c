"""What rules, hours, people and an agent's own actions answer in Vietnamese, by the English sentence."""

SETTINGS_VI: dict[str, str] = {
    # rules
    "A rule has a name of 1 to {} characters.": "Tên quy tắc dài từ 1 đến {} ký tự.",
    'How long nothing happened (after_minutes) belongs to "idle", and to nothing else.':
        "Số phút im lặng chỉ dùng cho “Im lặng một thời gian”.",
    "A time of 1 to {} minutes.": "Số phút từ 1 đến {}.",
    "A rule that does nothing is none: add something to do.": "Quy tắc chưa làm gì cả: thêm ít nhất một việc.",
    "A rule has at most {} conditions and {} actions.": "Mỗi quy tắc có nhiều nhất {} điều kiện và {} việc.",
    "This needs a lower or an upper end.": "Điều kiện này cần số thấp nhất hoặc cao nhất.",
    "Name at least one value.": "Có điều kiện chưa chọn giá trị nào. Chọn ít nhất một, hoặc bỏ điều kiện đó ra.",
    "At most {} values.": "Nhiều nhất {} giá trị.",
    "A confidence is between 0 and 1.": "Độ chắc chắn từ 0 đến 100 %.",
    "Name at least one word.": "Điều kiện về từ ngữ chưa có từ nào.",
    "A word or phrase has letters or digits, and at most {} characters.":
        "Mỗi từ hay cụm từ phải có chữ hoặc số, dài nhất {} ký tự.",
    "At most {} words or phrases.": "Nhiều nhất {} từ hay cụm từ.",
    "Name a label to add or to remove.": "Ghi nhãn cần gắn hoặc gỡ.",
    "A label has 1 to {} characters.": "Nhãn dài từ 1 đến {} ký tự.",
    "An answer has 1 to {} characters, in vi or en or both.":
        "Câu trả lời dài từ 1 đến {} ký tự, bằng một hoặc cả hai ngôn ngữ.",
    "A note has 1 to {} characters.": "Ghi chú dài từ 1 đến {} ký tự.",
    "Name the flow.": "Chọn kịch bản.",
    "An address that begins with https:// or http://, without a name and password in it.":
        "Địa chỉ bắt đầu bằng https:// hoặc http://, không chứa tên và mật khẩu.",
    "There is no {} “{}”.": "Không còn “{1}”. Chọn lại.",
    "There are {} rules already; remove one first.": "Đã có {} quy tắc; xoá bớt một quy tắc trước.",
    "There is no such rule.": "Không có quy tắc này.",
    "The rules changed meanwhile. Look at them again before you move one.":
        "Danh sách quy tắc vừa thay đổi. Xem lại rồi hãy đổi thứ tự.",
    "Somebody changed this rule meanwhile. Look at it again before you save yours.":
        "Có người vừa sửa quy tắc này. Xem lại trước khi lưu bản của bạn.",
    # hours and giving out
    "A week has seven days, from Monday on.": "Một tuần có bảy ngày, bắt đầu từ thứ Hai.",
    "At most {} special days.": "Nhiều nhất {} ngày riêng.",
    "At most {} spans a day.": "Mỗi ngày nhiều nhất {} ca.",
    "A day opens at 23:59 at the latest.": "Giờ mở cửa muộn nhất là 23:59.",
    "Two spans of a day overlap.": "Có hai ca trong cùng một ngày trùng giờ nhau.",
    "There is no time zone “{}”; one is Asia/Ho_Chi_Minh.": "Không có múi giờ “{}”. Ví dụ: Asia/Ho_Chi_Minh.",
    "At most {} skills and channels.": "Nhiều nhất {} kỹ năng và kênh.",
    "A number of conversations between 0 and {}.": "Số hội thoại từ 0 đến {}.",
    # people
    "A password needs at least {} characters.": "Mật khẩu cần ít nhất {} ký tự.",
    "A password may have at most {} bytes.": "Mật khẩu dài quá. Chọn mật khẩu ngắn hơn.",
    "Your role does not allow this; ask an administrator of this hub.":
        "Vai trò của bạn không cho phép việc này. Hỏi quản trị viên.",
    "There is one with this name already.": "Đã có một cái tên này.",
    # what agents do
    "A conversation has at most {} labels.": "Mỗi hội thoại có nhiều nhất {} nhãn. Gỡ bớt một nhãn trước.",
    "The customer wrote again after what you saw. Look at it before you resolve.":
        "Khách vừa nhắn thêm. Đọc trước khi đánh dấu xong.",
    "A message may have {} characters.": "Tin này dài quá: nhiều nhất {} ký tự.",
    "A subject has at most {} characters.": "Tiêu đề dài nhất {} ký tự.",
    "At most {} files fit into one message.": "Mỗi tin kèm nhiều nhất {} tệp.",
    "One of these files is not here any more; attach it again.": "Có một tệp không còn ở đây. Đính kèm lại tệp đó.",
    "At most {} answers of {} characters can be offered.": "Gợi ý được nhiều nhất {} câu trả lời, mỗi câu {} ký tự.",
    "This message is not in a state that needs a decision.": "Tin này không còn chờ bạn quyết định.",
    "Another part of this message is on its way; try again in a moment.":
        "Một phần của tin này đang được gửi. Thử lại sau giây lát.",
    "Its state changed just now.": "Trạng thái của tin vừa thay đổi. Xem lại.",
    "Too much is happening in this conversation; try again.": "Hội thoại này đang có nhiều việc cùng lúc. Thử lại.",
    "A reason has 1 to {} characters.": "Lý do dài từ 1 đến {} ký tự.",
    "The contact was changed just now; try again.": "Thông tin khách vừa thay đổi. Thử lại.",
    "This file is empty.": "Tệp này trống, không có gì để gửi.",
    "The file is larger than {} MB.": "Tệp lớn hơn {} MB.",
    "This file is not here any more.": "Tệp này không còn nữa.",
    "This is not in quarantine any more.": "Tin này không còn trong cách ly.",
    # what lies in quarantine
    "its account was removed": "Kênh của tin này đã bị gỡ.",
}  # fmt: skip
