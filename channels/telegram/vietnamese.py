"""What agents read of Telegram in Vietnamese, by the English sentence; `{}` stands for what varies, in that order."""

VIETNAMESE = {
    # the account
    "A token looks like 123456:ABC…; copy all of it from @BotFather.":
        "Token có dạng 123456:ABC…; chép trọn dòng từ @BotFather.",
    "Telegram does not know this token. Copy it again from @BotFather, or make a new one with /token.":
        "Telegram không biết token này. Chép lại từ @BotFather, hoặc tạo cái mới bằng /token.",
    "Telegram refused to set up the bot: {}. Try again in a minute.":
        "Telegram không cho cài đặt bot: {}. Thử lại sau một phút.",
    "Telegram's servers cannot be reached. Check this machine's connection to the internet; it is tried again.":
        "Không tới được máy chủ của Telegram. Xem lại kết nối mạng của máy này; hub sẽ thử lại.",
    "Telegram's certificate is not trusted here. See that this machine's clock is right; it is tried again.":
        "Máy này không tin chứng chỉ của Telegram. Xem đồng hồ của máy có đúng không; hub sẽ thử lại.",
    "Telegram does not know this bot's token any more. Connect the bot again: hub connect telegram.":
        "Telegram không còn nhận token của bot này. Kết nối lại bot: hub connect telegram.",
    "What answers in Telegram's place does not speak its protocol.":
        "Máy trả lời thay Telegram không nói đúng giao thức.",
    "Telegram asks this bot to slow down.": "Telegram bảo bot này chậm lại.",
    "Telegram does not hand over messages: {}.": "Telegram không giao tin: {}.",
    "A webhook is set for this bot, so Telegram hands its messages over there. Connect the bot again to receive them "
    "here: hub connect telegram.":
        "Bot này đang đặt webhook nên Telegram giao tin về nơi đó. Kết nối lại bot để nhận tin ở đây: hub connect "
        "telegram.",
    "Another program asks Telegram for this bot's messages, so neither gets them all. Stop the other program, or "
    "make a new token for the bot with @BotFather and connect it again.":
        "Một chương trình khác cũng đang hỏi Telegram tin của bot này, nên không bên nào nhận đủ. Tắt chương trình "
        "kia, hoặc tạo token mới với @BotFather rồi kết nối lại.",
    "Telegram sends this bot's messages elsewhere. Connect the bot again: hub connect telegram.":
        "Telegram đang gửi tin của bot này đi nơi khác. Kết nối lại bot: hub connect telegram.",
    "Telegram cannot hand over this bot's messages: {}. {} wait there. Check that the hub's address is reachable from "
    "outside and its certificate is valid; Telegram tries again by itself for a day.":
        "Telegram không giao được tin của bot này: {}. {} tin đang chờ ở đó. Xem địa chỉ của hub có tới được từ bên "
        "ngoài và chứng chỉ còn hạn không; Telegram tự thử lại trong một ngày.",
    "This account has no bot token. Connect the bot again.": "Chưa có token của bot. Kết nối lại bot.",
    # sending
    "Telegram cannot be reached. Nothing was sent; it is tried again.":
        "Không liên lạc được với Telegram. Chưa có gì được gửi; hub sẽ thử lại.",
    "Telegram did not answer after the message was handed over. It may have arrived; look there before sending again.":
        "Telegram không trả lời sau khi nhận tin. Tin có thể đã tới; xem ở đó trước khi gửi lại.",
    "Telegram does not know this bot's token any more. Connect the bot again, then send this again.":
        "Telegram không còn nhận token của bot này. Kết nối lại bot rồi gửi lại.",
    "Telegram takes files up to 50 MB from a bot. Send a smaller file or a link.":
        "Telegram chỉ nhận tệp tới 50 MB từ bot. Gửi tệp nhỏ hơn hoặc một đường dẫn.",
    "This person blocked the bot on Telegram. Try another channel.":
        "Người này đã chặn bot trên Telegram. Thử kênh khác.",
    "This person blocked the bot on Telegram. Nothing reaches them there until they write again; try another channel.":
        "Người này đã chặn bot trên Telegram. Không gì tới được họ cho đến khi họ nhắn lại; thử kênh khác.",
    "This person's Telegram account is gone. Try another channel.":
        "Tài khoản Telegram của người này không còn. Thử kênh khác.",
    "A bot may not write first: this person has to start the bot on Telegram.":
        "Bot không được nhắn trước: người này phải bấm Start bot trên Telegram.",
    "The bot was removed from this group. Somebody there has to add it again.":
        "Bot đã bị đưa ra khỏi nhóm này. Cần người trong nhóm thêm lại.",
    "The bot is not in this group any more. Somebody there has to add it again.":
        "Bot không còn ở trong nhóm này. Cần người trong nhóm thêm lại.",
    "This group was deleted on Telegram.": "Nhóm này đã bị xoá trên Telegram.",
    "The bot may not write in this group. An administrator of the group has to allow it.":
        "Bot không được viết trong nhóm này. Cần quản trị viên của nhóm cho phép.",
    "This topic is closed on Telegram. An administrator of the group has to open it again.":
        "Chủ đề này đã đóng trên Telegram. Cần quản trị viên của nhóm mở lại.",
    "This topic is gone on Telegram.": "Chủ đề này không còn trên Telegram.",
    "Telegram knows no such chat for this bot.": "Telegram không thấy cuộc trò chuyện này của bot.",
    "This is too long for Telegram. Send it in pieces.": "Tin quá dài với Telegram. Gửi thành nhiều đoạn.",
    "Telegram refused the message: {}.": "Telegram từ chối tin: {}.",
    "Telegram takes no more messages for this chat right now.":
        "Lúc này Telegram không nhận thêm tin cho cuộc trò chuyện này.",
    "Telegram takes no more messages from this bot right now.": "Lúc này Telegram không nhận thêm tin từ bot này.",
    "Telegram failed while it took the message (HTTP {}). It may have arrived.":
        "Telegram gặp lỗi khi nhận tin (HTTP {}). Tin có thể đã tới.",
    "The file of this message cannot be read here.": "Không đọc được tệp của tin này.",
    "This conversation has no Telegram chat to answer to.": "Hội thoại này không có nơi trả lời trên Telegram.",
    "This group is being moved on Telegram.": "Nhóm này đang được chuyển trên Telegram.",
    "The files were sent, but not the words: {} Send the words again.":
        "Tệp đã gửi, còn lời nhắn thì chưa: {} Gửi lại lời nhắn.",
    "There is nothing to send: Telegram takes no message without words.":
        "Không có gì để gửi: Telegram không nhận tin không có chữ.",
    # files
    "Telegram gives bots files up to 20 MB, this one is larger. Ask for it another way, such as by e-mail.":
        "Telegram chỉ đưa cho bot tệp tới 20 MB, tệp này lớn hơn. Nhờ khách gửi cách khác, ví dụ qua email.",
    "Telegram does not have this file any more. Ask the customer to send it again.":
        "Telegram không còn tệp này. Nhờ khách gửi lại.",
    "Telegram did not hand over the file; it is tried again.": "Telegram chưa đưa tệp; hub sẽ thử lại.",
    # what lies in quarantine
    "not an update of Telegram: {}": "Không đúng dạng Telegram gửi ({}).",
    "an update of Telegram that lacks something: {}": "Tin của Telegram thiếu một phần ({}).",
}  # fmt: skip
