"""What agents read of Slack in Vietnamese, by the English sentence; `{}` stands for what varies, in that order."""

VIETNAMESE = {
    # the account
    "Install the app again in Slack and connect the account with its new token.":
        "Cài lại ứng dụng trong Slack rồi kết nối lại bằng token mới.",
    "Slack does not accept this account's token. {}": "Slack không nhận token này. {}",
    "This account has no token. {}": "Chưa có token. {}",
    "The token of this account was revoked. {}": "Token đã bị thu hồi. {}",
    "The token of this account has expired. {}": "Token đã hết hạn. {}",
    "The app was removed from the workspace, or the workspace was closed. {}":
        "Ứng dụng đã bị gỡ khỏi workspace, hoặc workspace đã đóng. {}",
    "The app may not do this in the workspace. {}": "Ứng dụng không được phép làm việc này trong workspace. {}",
    "The app lacks a permission (scope). Add those of its manifest and install it again.":
        "Ứng dụng thiếu một quyền (scope). Thêm các quyền trong manifest rồi cài lại.",
    "This is the wrong kind of token: bot tokens begin with xoxb-, app tokens with xapp-.":
        "Đây không đúng loại token: token của bot bắt đầu bằng xoxb-, của ứng dụng bằng xapp-.",
    "The organisation is being moved; Slack answers again when that is done.":
        "Tổ chức đang được chuyển; Slack sẽ trả lời lại khi xong.",
    "The workspace's administrators have suspended access to its messages.":
        "Quản trị viên của workspace đã tạm khoá việc đọc tin.",
    "Slack denies this app access to the workspace. Ask its administrators.":
        "Slack không cho ứng dụng này vào workspace. Hỏi quản trị viên của workspace.",
    "The app is not approved for this workspace. Ask its administrators.":
        "Ứng dụng chưa được duyệt cho workspace này. Hỏi quản trị viên của workspace.",
    "Slack does not know this client id; copy it from the app's Basic Information.":
        "Slack không biết client ID này; chép lại từ Basic Information của ứng dụng.",
    "The client secret is wrong; copy it from the app's Basic Information.":
        "Client secret chưa đúng; chép lại từ Basic Information của ứng dụng.",
    "The app does not list this hub's address under OAuth & Permissions, Redirect URLs.":
        "Ứng dụng chưa ghi địa chỉ của hub này ở OAuth & Permissions, Redirect URLs.",
    "The permission that Slack gave was used already or is too old.":
        "Giấy phép mà Slack cấp đã dùng rồi hoặc quá cũ.",
    "Slack's certificate is not trusted here. See that this machine's clock is right.":
        "Máy này không tin chứng chỉ của Slack. Xem đồng hồ của máy có đúng không.",
    "Slack cannot be reached.": "Không liên lạc được với Slack.",
    "Slack did not answer.": "Slack không trả lời.",
    "{} The hub tries again by itself.": "{} Hub sẽ tự thử lại.",
    "Slack asks to wait.": "Slack bảo chờ.",
    "Slack refused it: {}.": "Slack từ chối: {}.",
    "Socket Mode is switched off for this app. Switch it on in the app's settings, under Socket Mode.":
        "Socket Mode của ứng dụng đang tắt. Bật lại trong cài đặt của ứng dụng, mục Socket Mode.",
    "Slack's socket cannot be opened. The hub tries again by itself.":
        "Chưa mở được kết nối tới Slack. Hub sẽ tự thử lại.",
    "Slack gave no address for its socket. The hub tries again by itself.":
        "Slack chưa cho địa chỉ kết nối. Hub sẽ tự thử lại.",
    # the app in a further workspace
    "The workspace did not allow it. Nothing was changed here.": "Workspace không cho phép. Ở đây chưa đổi gì.",
    "Slack did not allow the installation ({}). Press Add to Slack again.":
        "Slack không cho cài ({}). Bấm “Thêm vào Slack” lần nữa.",
    "Slack led back without its permission. Press Add to Slack again.":
        "Slack đưa về mà không kèm giấy phép. Bấm “Thêm vào Slack” lần nữa.",
    "Slack did not say who began this; begin once more.": "Slack không nói ai đã bắt đầu; bắt đầu lại từ đầu.",
    # connecting
    "A bot token begins with xoxb-. It is under OAuth & Permissions of your app.":
        "Token của bot bắt đầu bằng xoxb-. Xem ở OAuth & Permissions của ứng dụng.",
    "Give the signing secret, or the app token if Slack cannot reach this hub.":
        "Nhập Signing Secret, hoặc token của ứng dụng nếu Slack không gọi tới hub này được.",
    "An app token begins with xapp-. It is under Basic Information, App-Level Tokens.":
        "Token của ứng dụng bắt đầu bằng xapp-. Xem ở Basic Information, App-Level Tokens.",
    "This is no channel: its link ends in an id such as C0123456789.":
        "Đây không phải một kênh: đường dẫn của kênh kết thúc bằng mã như C0123456789.",
    "The bot is not in this channel. Invite it there (/invite), then try again.":
        "Bot chưa ở trong kênh này. Mời bot vào (/invite) rồi thử lại.",
    "The app lacks {}. Add that under OAuth & Permissions and install the app again.":
        "Ứng dụng thiếu {}. Thêm ở OAuth & Permissions rồi cài lại ứng dụng.",
    "The account has neither a signing secret nor an app token: nothing can come in. Connect it again.":
        "Chưa có Signing Secret lẫn token của ứng dụng: không tin nào vào được. Kết nối lại.",
    "This account does not know its app's client id and client secret. Connect it again and give them.":
        "Chưa có client ID và client secret của ứng dụng. Kết nối lại và nhập cả hai.",
    "Slack did not finish the installation ({}) Press Add to Slack again.":
        "Slack chưa cài xong ({}) Bấm “Thêm vào Slack” lần nữa.",
    "Slack gave no bot token. See that the app has a bot, then press Add to Slack again.":
        "Slack không cấp token của bot. Xem ứng dụng đã có bot chưa, rồi bấm “Thêm vào Slack” lần nữa.",
    # a message or a chat
    "The bot is not in this channel any more. Invite it there (/invite), then send again.":
        "Bot không còn ở trong kênh này. Mời bot vào (/invite) rồi gửi lại.",
    "Slack does not know this channel, or the bot may not see it. Invite the bot there.":
        "Slack không biết kênh này, hoặc bot không được xem. Mời bot vào kênh.",
    "The channel is archived. Unarchive it in Slack, or answer in another way.":
        "Kênh đã được lưu trữ. Mở lại trong Slack, hoặc trả lời cách khác.",
    "The channel is frozen; nobody can write there.": "Kênh đã đóng băng; không ai viết được ở đó.",
    "Slack found the message too long. Send it in parts.": "Tin quá dài với Slack. Gửi thành nhiều phần.",
    "Slack takes no empty message.": "Slack không nhận tin trống.",
    "The workspace lets only certain people write in this channel.":
        "Workspace chỉ cho một số người viết trong kênh này.",
    "The channel is read-only.": "Kênh này chỉ để đọc.",
    "In this channel only threads may be written in.": "Trong kênh này chỉ viết được vào thread.",
    "The thread is locked.": "Thread đã bị khoá.",
    "This message cannot be answered in a thread.": "Tin này không trả lời bằng thread được.",
    "The thread was deleted in Slack.": "Thread đã bị xoá trong Slack.",
    "Slack does not know this person any more.": "Slack không còn biết người này.",
    "This person's Slack account was closed.": "Tài khoản Slack của người này đã đóng.",
    "A bot cannot be written to.": "Không nhắn cho bot được.",
    "People cannot write to this app: switch on its Messages tab in the app's settings.":
        "Chưa nhắn được cho ứng dụng này: bật Messages tab trong cài đặt của ứng dụng.",
    "Slack does not know this file any more.": "Slack không còn tệp này.",
    "The file was deleted in Slack.": "Tệp đã bị xoá trong Slack.",
    "The workspace has no room left for files.": "Workspace đã hết chỗ cho tệp.",
    "The workspace does not take files this large.": "Workspace không nhận tệp lớn như vậy.",
    "The connection to Slack broke before its answer. It may have the message.":
        "Kết nối tới Slack đứt trước khi có trả lời. Tin có thể đã tới.",
    "Slack failed while taking the message (HTTP {}). It may have it.":
        "Slack gặp lỗi khi nhận tin (HTTP {}). Tin có thể đã tới.",
    "This conversation does not say where in Slack it is; answer it there.":
        "Hội thoại này không cho biết nó ở đâu trong Slack; trả lời ngay trong Slack.",
    "Slack gave no place to upload the file to.": "Slack không cho chỗ để tải tệp lên.",
    "The upload to Slack broke off.": "Việc tải tệp lên Slack bị đứt giữa chừng.",
    "Slack did not take the file (HTTP {}).": "Slack không nhận tệp (HTTP {}).",
    "Slack refused the file {} (HTTP {}).": "Slack từ chối tệp {} (HTTP {}).",
    "Files cannot be sent from here.": "Không gửi tệp từ đây được.",
    "Slack did not say where the words are shown.": "Slack không nói tin nằm ở đâu.",
    # files
    "Slack hides this file: it is older than the workspace's plan keeps.":
        "Slack ẩn tệp này: nó cũ hơn mức gói của workspace lưu giữ.",
    "Slack asked to sign in instead of giving the file. Give the app the scope files:read, then try again.":
        "Slack đòi đăng nhập thay vì đưa tệp. Cho ứng dụng quyền files:read rồi thử lại.",
    "The file's download from Slack broke off.": "Việc tải tệp từ Slack bị đứt giữa chừng.",
    "The file does not lie in Slack. Open it at {}.": "Tệp không nằm trong Slack. Mở ở {}.",
    "Slack does not show this file to the app; its owner's company may forbid it.":
        "Slack không cho ứng dụng xem tệp này; công ty của người gửi có thể đã cấm.",
    "Slack names a place outside of Slack for this file; the hub does not fetch it from there.":
        "Slack chỉ tới một nơi ngoài Slack cho tệp này; hub không lấy tệp từ đó.",
    "Slack sent the download to another place; the hub does not take its token there.":
        "Slack chuyển việc tải tệp sang nơi khác; hub không đem token tới đó.",
    "Slack did not give the file (HTTP {}).": "Slack không đưa tệp (HTTP {}).",
    "Slack did not give the file (HTTP {}); it may have been deleted there.":
        "Slack không đưa tệp (HTTP {}); có thể nó đã bị xoá ở đó.",
    # what lies in quarantine
    "not what Slack sends: {}": "Không đúng dạng Slack gửi ({}).",
}  # fmt: skip
