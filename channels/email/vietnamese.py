"""What agents read of a mailbox in Vietnamese, by the English sentence; `{}` stands for what varies, in that order."""

from channels.email.meaning.bounce import ELSE, REASONS

CONNECTION = {  # what happened on the line, inside a sentence
    "the server greeted with {}": "máy chủ chào bằng {}",
    "the server did not answer any more while it was being listened to": "máy chủ không trả lời nữa khi đang chờ thư",
    "the server kept asking while it was signed in to": "máy chủ cứ hỏi tiếp khi đăng nhập",
    "the server said goodbye: {}": "máy chủ ngắt: {}",
    "the connection closed while TLS began": "kết nối bị đóng khi bắt đầu TLS",
    "the server announced {} bytes at once": "máy chủ báo gửi {} byte một lúc",
    "the server said nothing for {} seconds": "máy chủ im lặng {} giây",
    "the server closed the connection": "máy chủ đóng kết nối",
    "the connection broke ({})": "kết nối bị đứt ({})",
    "the server sent a line without an end": "máy chủ gửi một dòng không có hồi kết",
    "the server stopped in the middle of a mail": "máy chủ dừng giữa một thư",
    "the server closed the connection in the middle of a mail": "máy chủ đóng kết nối giữa một thư",
    "the connection is closed": "kết nối đã đóng",
}
OF_REASONS = {  # `meaning/bounce.py` REASONS
    "5.1": "Không có địa chỉ này",
    "5.2.2": "Hộp thư của họ đã đầy",
    "5.2": "Hộp thư của họ không nhận thư",
    "5.3.4": "Thư quá lớn",
    "5.4": "Không tới được máy chủ thư của họ",
    "5.7": "Máy chủ thư của họ từ chối theo quy định của nó",
    "4": "Máy chủ thư của họ không nhận trong một thời gian dài nên đã thôi gửi",
}
BOUNCES = {REASONS[key]: words for key, words in OF_REASONS.items()} | {ELSE: "Máy chủ thư của họ từ chối thư"}

VIETNAMESE = {
    # connecting and listening
    "The mail server takes longer than a minute to answer. Try again later, or check its name and port.":
        "Máy chủ thư trả lời lâu hơn một phút. Thử lại sau, hoặc xem lại tên và cổng.",
    "Sign in by one of {}.": "Chọn một cách đăng nhập: {}.",
    "Enter the mailbox's address, such as support@shop.com.": "Nhập địa chỉ của hộp thư, ví dụ hotro@shop.vn.",
    "Choose one of {}.": "Chọn một trong: {}.",
    "A port is a number from 1 to 65535.": "Cổng là một số từ 1 đến 65535.",
    "Signing in by token needs the client ID and a refresh token.":
        "Đăng nhập bằng token cần client ID và refresh token.",
    "The servers are other ones than before: enter what to sign in with there.":
        "Máy chủ khác với trước: nhập lại mật khẩu hoặc token cho máy chủ mới.",
    "{} is no time from which mail could be read.": "{} không phải là thời điểm để đọc thư từ đó.",
    "This mailbox has no IMAP server yet. Connect it again.": "Hộp thư này chưa có máy chủ IMAP. Kết nối lại.",
    "{} did not take the token; another one is asked for.": "{} không nhận token; đang xin token khác.",
    "The mailbox has no folder called {}. Correct its folders in the settings.":
        "Hộp thư không có thư mục {}. Sửa thư mục trong cài đặt.",
    "The permission for {} was withdrawn or has ended ({}). Nothing is lost: connect the mailbox again, and all mail "
    "since then is fetched.":
        "Quyền vào {} đã bị thu hồi hoặc hết hạn ({}). Không mất gì cả: kết nối lại hộp thư, mọi thư từ lúc đó sẽ "
        "được lấy về.",
    "The sign-in service gave no token. It is tried again.": "Dịch vụ đăng nhập không cấp token. Hub sẽ thử lại.",
    "This mailbox has no sign-in by token yet. Connect it again.":
        "Hộp thư này chưa đăng nhập bằng token. Kết nối lại.",
    "The sign-in service cannot be reached or understood ({}). It is tried again.":
        "Không liên lạc được với dịch vụ đăng nhập ({}). Hub sẽ thử lại.",
    "The sign-in service answered {}. It is tried again.": "Dịch vụ đăng nhập trả lời {}. Hub sẽ thử lại.",
    "The file with the mail server's authority, {}, is not there.": "Không thấy tệp chứng thực của máy chủ thư, {}.",
    "{} holds no certificates that can be used.": "{} không có chứng chỉ nào dùng được.",
    "{} does not speak TLS from the start. Choose STARTTLS for this port, or the port for TLS ({}).":
        "{} không dùng TLS ngay từ đầu. Chọn STARTTLS cho cổng này, hoặc cổng dành cho TLS ({}).",
    "No server is called {}. Check the {} server's name.": "Không có máy chủ nào tên {}. Xem lại tên máy chủ {}.",
    "Nothing answers at {}. Check the {} port, or whether the server runs.":
        "Không có gì trả lời ở {}. Xem lại cổng {}, hoặc máy chủ có đang chạy không.",
    "{} did not answer in time. Check the {} server and port; it is tried again.":
        "{} không trả lời kịp. Xem lại máy chủ và cổng {}; hub sẽ thử lại.",
    "{} cannot be reached ({}). It is tried again.": "Không tới được {} ({}). Hub sẽ thử lại.",
    "{} cannot be reached: {}. It is tried again.": "Không tới được {}: {}. Hub sẽ thử lại.",
    "{} at {} failed ({}). It is tried again.": "{} ở {} gặp lỗi ({}). Hub sẽ thử lại.",
    "{} is not available for this mailbox now: {} It is tried again.":
        "{} tạm thời không mở được hộp thư này: {} Hub sẽ thử lại.",
    "{} does not accept this mailbox's sign-in any more: {} Connect it again.":
        "{} không còn nhận đăng nhập của hộp thư này: {} Kết nối lại.",
    "{}:{} offers no STARTTLS. Choose TLS, and the port for it.":
        "{}:{} không có STARTTLS. Chọn TLS và cổng dành cho nó.",
    "{} refused {}: {}": "{} từ chối {}: {}",
    "{} does not accept the user name {} with this password ({}). Enter the password again.":
        "{} không nhận tên {} với mật khẩu này ({}). Nhập lại mật khẩu.",
    "{} does not accept the user name {} with this password ({}). Enter the password again. Gmail and Outlook take no "
    "account password here, but an app password or a sign-in by token.":
        "{} không nhận tên {} với mật khẩu này ({}). Nhập lại mật khẩu. Gmail và Outlook không nhận mật khẩu tài "
        "khoản ở đây, mà cần mật khẩu ứng dụng hoặc đăng nhập bằng token.",
    "The certificate of {} has expired. Whoever runs the server must renew it.":
        "Chứng chỉ của {} đã hết hạn. Người quản lý máy chủ phải gia hạn.",
    "The certificate of {} was signed by nobody that this machine trusts ({}). Give the file of its authority in the "
    "settings.":
        "Chứng chỉ của {} do bên mà máy này không tin ký ({}). Chỉ ra tệp chứng thực của nó trong cài đặt.",
    "The certificate of {} does not hold: {}. Check the server's name.":
        "Chứng chỉ của {} không dùng được: {}. Xem lại tên máy chủ.",
    "The certificate of {} does not hold: {}.": "Chứng chỉ của {} không dùng được: {}.",
    "{}: {}. If this port speaks TLS from the start, choose TLS. It is tried again.":
        "{}: {}. Nếu cổng này dùng TLS ngay từ đầu thì chọn TLS. Hub sẽ thử lại.",
    "{}: {}. It is tried again.": "{}: {}. Hub sẽ thử lại.",
    "This mailbox's settings cannot be used: {}": "Cài đặt của hộp thư này không dùng được: {}",
    "This mailbox's secrets cannot be read. Connect it again.":
        "Không đọc được mật khẩu đã lưu của hộp thư này. Kết nối lại.",
    # sending
    "{} is no e-mail address. Correct the contact's address and send it again.":
        "{} không phải địa chỉ email. Sửa địa chỉ của khách rồi gửi lại.",
    "No automatic mail goes to {}: a machine reads there.": "Không gửi thư tự động tới {}: ở đó là máy đọc.",
    "No automatic mail goes to an address of our own: it would answer itself.":
        "Không gửi thư tự động tới địa chỉ của chính mình: nó sẽ tự trả lời mãi.",
    "{} got {} automatic mails within the hour; this one was held back.":
        "{} đã nhận {} thư tự động trong một giờ; thư này được giữ lại.",
    "This mailbox has no SMTP server. Enter one in its settings, then send the message again.":
        "Hộp thư này chưa có máy chủ SMTP. Nhập trong cài đặt rồi gửi lại.",
    "The DKIM key of this mailbox cannot be used. Correct it in the settings.":
        "Khoá DKIM của hộp thư này không dùng được. Sửa trong cài đặt.",
    "The files are larger than the {} MB that a mail carries. Send a link.":
        "Tệp lớn hơn {} MB, mức mà một thư mang được. Gửi đường dẫn thay vì tệp.",
    "The files cannot be read now.": "Lúc này chưa đọc được tệp.",
    "The file {} is not here. Attach it again.": "Tệp {} không còn ở đây. Đính kèm lại.",
    "{} closed the connection. It is tried again.": "{} đóng kết nối. Hub sẽ thử lại.",
    "{} cannot send to {}: it takes no letters with marks in addresses.":
        "{} không gửi tới {} được: nó không nhận chữ có dấu trong địa chỉ.",
    "{} did not answer. It is tried again.": "{} không trả lời. Hub sẽ thử lại.",
    "{} did not answer in time. It is tried again.": "{} không trả lời kịp. Hub sẽ thử lại.",
    "{} was silent after it got the mail. It may have been sent; look before sending it again.":
        "{} im lặng sau khi nhận thư. Thư có thể đã đi; xem lại trước khi gửi lần nữa.",
    "{} wants a sign-in: {}": "{} đòi đăng nhập: {}",
    "{} does not let {} send for now: {}": "{} tạm thời không cho {} gửi: {}",
    "{} does not let {} send: {}": "{} không cho {} gửi: {}",
    "{} was refused for now: {}": "{} tạm thời bị từ chối: {}",
    "{} was refused: {}": "{} bị từ chối: {}",
    "{} for now: {}": "{} (tạm thời): {}",
    "The mail was refused for now: {}": "Thư tạm thời bị từ chối: {}",
    "The mail was refused: {}": "Thư bị từ chối: {}",
    "{} cannot sign this mailbox in now: {}": "{} tạm thời không cho hộp thư này đăng nhập: {}",
    "{} takes no mail now: {}": "{} tạm thời không nhận thư: {}",
    # coming back
    "They marked this mail as spam. Do not write to them again unless they ask for it.":
        "Họ đánh dấu thư này là thư rác. Đừng viết cho họ nữa, trừ khi họ muốn.",
    **{f"{en}{whom}.{said}": f"{vi}{whom}.{said and ' Máy chủ nói: {}'}"
       for en, vi in BOUNCES.items() for whom in ("", " ({})") for said in ("", " It said: {}")},
    **CONNECTION,
    # what lies in quarantine
    "not a mail: it has no header of one": "Không phải thư: không có phần đầu của một lá thư.",
    "not a form that can be read: {}": "Không đọc được biểu mẫu gửi tới ({}).",
    "Mailgun posted no MIME: let the URL of the route end in /mime":
        "Mailgun chưa gửi MIME: cho địa chỉ của route kết thúc bằng /mime.",
    "not Postmark's JSON: {}": "Không đúng JSON của Postmark ({}).",
    "Postmark's JSON makes no mail: {}. Switch on its raw content.":
        "JSON của Postmark không thành thư ({}). Bật phần nội dung gốc (raw) bên đó.",
}  # fmt: skip
