"""The sentences that people read in errors, in Vietnamese; English is what the code says itself.

`{}` stands for what varies. A sentence without a wording of its own gets the general one of its slug: never half a
sentence in each language. What a channel says has its words in the channel's own folder.
"""

from collections.abc import Mapping

from inbox_web.settings_words import SETTINGS_VI
from inbox_web.wording import worded

SLUGS_VI: dict[str, str] = {
    "bad-input": "Nội dung gửi lên chưa dùng được. Kiểm tra lại rồi gửi lần nữa.",
    "not-signed-in": "Bạn cần đăng nhập.",
    "forged": "Không xác minh được yêu cầu này. Không có gì được lưu.",
    "denied": "Vai trò của bạn không cho phép việc này. Hỏi quản trị viên.",
    "not-found": "Không tìm thấy ở đây.",
    "answered": "Đã có người trả lời sau khi bạn bắt đầu viết. Tin của bạn chưa gửi.",
    "conflict": "Nội dung này vừa thay đổi. Xem lại rồi thử lần nữa.",
    "too-large": "Dung lượng lớn hơn mức cho phép.",
    "seen-missing": "Câu trả lời cần cho biết bạn đã đọc tới tin nào.",
    "too-many": "Quá nhiều lần thử. Đợi một lát rồi thử lại.",
    "unavailable": "Máy chủ tạm thời chưa lưu được. Những gì đã nhận vẫn còn nguyên; thử lại sau ít giây.",
    "not-allowed": "Địa chỉ này không nhận cách gọi đó.",
    "broken": "Máy chủ gặp lỗi. Nhật ký của máy chủ ghi rõ chỗ lỗi.",
}

SENTENCES_VI: dict[str, str] = {
    "Email or password is wrong.": "Email hoặc mật khẩu chưa đúng.",
    "Too many sign-ins failed. Wait a moment, then try again.": "Đăng nhập sai nhiều lần. Đợi một lát rồi thử lại.",
    "Sign in first.": "Bạn cần đăng nhập.",
    "The old password is wrong.": "Mật khẩu cũ chưa đúng.",
    "A password needs at least 10 characters.": "Mật khẩu cần ít nhất 10 ký tự.",
    "There is no such conversation.": "Không có hội thoại này.",
    "There is no such message.": "Không có tin nhắn này.",
    "There is no such contact.": "Không có khách này.",
    "There is no such agent.": "Không có nhân viên này.",
    "There is no such team.": "Không có đội này.",
    "There is no such account.": "Không có kênh này.",
    "There is no such file.": "Không có tệp này.",
    "Write something or attach a file.": "Viết nội dung hoặc đính kèm một tệp.",
    "An agent with this email is there already.": "Đã có nhân viên dùng email này.",
    "At least one administrator must stay.": "Phải còn ít nhất một quản trị viên.",
    "The customer wrote again. Read it before you close the conversation.":
        "Khách vừa nhắn thêm. Đọc trước khi đóng hội thoại.",
    "You are writing very fast. Wait a moment.": "Anh/chị nhắn hơi nhanh. Đợi một lát rồi gửi tiếp nhé.",
    "The signed identity is from the future; set the clock of the site's server right.":
        "Chữ ký định danh ghi giờ trong tương lai; chỉnh lại đồng hồ máy chủ của trang.",
    "Many files come in just now. Try again in a moment.": "Đang có nhiều tệp gửi lên. Đợi một lát rồi thử lại nhé.",
    "This file did not come in time; nothing of it was kept.": "Tệp gửi lên quá lâu nên chưa được lưu. Thử lại nhé.",
    "This file is larger than the hub takes.": "Tệp này lớn hơn mức cho phép.",
    # correcting tags, and learning from it
    "Only what a customer wrote has an intent.": "Chỉ tin của khách mới có nhãn ý định.",
    "A message without words teaches nothing.": "Tin không có chữ thì không dạy được gì.",
    "There is no model to go on from yet; the first one is learnt when the hub starts.":
        "Chưa có mô hình nào để học tiếp; mô hình đầu tiên được học khi hub khởi động.",
    "There is nothing new to learn: no correction, example or change of the intents.":
        "Chưa có gì mới để học: không có chỗ sửa, ví dụ hay thay đổi ý định nào.",
    "A training is running already; wait until it ends.": "Đang có một lần học; đợi xong rồi học tiếp.",
    "There is no earlier model to go back to; the current one stays.":
        "Không còn mô hình trước đó để quay lại; mô hình hiện tại vẫn dùng.",
    "It was interrupted; begin it again.": "Lần học bị ngắt giữa chừng; bấm học lại.",
    "It took more than an hour and was ended.": "Học hơn một giờ chưa xong nên đã dừng.",
    "Each intent needs at least {} examples; too few for: {}": "Mỗi nhãn cần ít nhất {} ví dụ; còn thiếu: {}",
    "Training needs examples of at least two intents": "Cần ví dụ của ít nhất hai ý định mới học được.",
    "The training ended without a word (status {}).": "Lần học dừng mà không nói vì sao (mã {}).",
    # an owner's list of intents
    "There is no such intent.": "Không có ý định này.",
    "This intent is switched off; choose another one.": "Ý định này đang tắt; chọn ý định khác.",
    "There are {} own intents already; remove one that is not used.":
        "Đã có {} ý định riêng; xoá một ý định không dùng nữa.",
    "A built-in intent is switched off or merged, never removed.": "Ý định có sẵn chỉ tắt hoặc gộp được, không xoá.",
    "This intent was removed; take it back first.": "Ý định này đã xoá; lấy lại trước.",
    "The rule “{}” asks for it. Change the rule first.": "Quy tắc “{}” đang hỏi ý định này. Sửa quy tắc trước.",
    "The team “{}” gets it. Send it to nobody first.": "Đội “{}” đang nhận ý định này. Bỏ đội nhận trước.",
    "It is a skill of {}. Take it from them first.": "Đây là kỹ năng của {}. Bỏ kỹ năng đó trước.",
    "“{}” counts as it. Take that merge back first.": "“{}” đang gộp vào ý định này. Bỏ gộp trước.",
    "There is an intent called “{}” already.": "Đã có ý định tên “{}”.",
    "A name has 1 to {} characters.": "Tên dài từ 1 đến {} ký tự.",
    "A meaning has at most {} characters.": "Phần giải thích dài nhất {} ký tự.",
    "A tone is one of: {}.": "Chọn một trong: {}.",
    "A built-in intent keeps its meaning; rename it, or add one of your own.":
        "Ý định có sẵn giữ nguyên nghĩa; đổi tên nó, hoặc thêm ý định riêng.",
    "It counts for another intent; take the merge back first.": "Ý định này đang gộp vào ý định khác; bỏ gộp trước.",
    "Merge it into an intent that is in use.": "Gộp vào một ý định đang dùng.",
    "An intent cannot be merged into itself.": "Không gộp một ý định vào chính nó được.",
    "What is not understood needs a name: this one stays.": "Tin chưa hiểu cũng cần một tên: ý định này phải còn.",
    "Whoever wants no more messages must be heard: this intent stays.":
        "Khách bảo dừng tin thì hub phải nghe: ý định này phải còn.",
    "What is not understood is not taught; give the examples to an intent.":
        "“Chưa hiểu” không dạy được; cho ví dụ vào một ý định khác.",
    "This intent is switched off or merged; give the examples to one that is in use.":
        "Ý định này đang tắt hoặc đã gộp; cho ví dụ vào ý định đang dùng.",
    "Write at least one example, one on each line.": "Viết ít nhất một ví dụ, mỗi dòng một câu.",
    "At most {} examples at once.": "Mỗi lần nhiều nhất {} ví dụ.",
    "Line {}: an example has {} to {} characters.": "Dòng {}: mỗi ví dụ dài từ {} đến {} ký tự.",
    "At most {} examples of an intent and {} of all; take some back.":
        "Mỗi ý định nhiều nhất {} ví dụ, tất cả nhiều nhất {}; bỏ bớt vài câu.",
    # bots' flows
    "There is no such flow.": "Không có kịch bản này.",
    "There are {} flows already; remove one first.": "Đã có {} kịch bản; xoá bớt một cái trước.",
    "There is a flow of this name already.": "Đã có kịch bản tên này.",
    "The rule “{}” starts this flow. Change the rule first, or switch the flow off.":
        "Quy tắc “{}” đang dùng kịch bản này. Sửa quy tắc trước, hoặc tắt kịch bản.",
    "Somebody changed this flow meanwhile. Look at it again before you save yours.":
        "Có người vừa sửa kịch bản này. Xem lại trước khi lưu bản của bạn.",
    "A flow has a name of 1 to {} characters.": "Tên kịch bản dài từ 1 đến {} ký tự.",
    "A flow has 1 to {} steps.": "Kịch bản có từ 1 đến {} bước.",
    "Each step has its own id of 1 to {} characters.": "Mỗi bước có mã riêng dài từ 1 đến {} ký tự.",
    "Words of 1 to {} characters, in vi or en or both.": "Viết từ 1 đến {} ký tự, bằng một hoặc cả hai ngôn ngữ.",
    "All words of a flow together have at most {} characters.": "Mọi lời của kịch bản cộng lại dài nhất {} ký tự.",
    "At most {} quick replies.": "Nhiều nhất {} nút chọn.",
    "Quick replies differ from each other in more than accents and signs.":
        "Các nút chọn phải khác nhau, không chỉ khác dấu.",
    "This leads to a step that does not come later: a flow only goes forward.":
        "Chỗ này dẫn tới một bước không ở phía sau: kịch bản chỉ đi tới.",
    "There is no flow “{}”.": "Không có kịch bản “{}”.",
    "There is no team “{}”.": "Không có đội “{}”.",
    # connecting an account
    "This channel is not connected by questions; the settings page adds it.":
        "Kênh này không kết nối bằng câu hỏi; thêm ở trang cài đặt.",
    "The platform did not answer within {} seconds. Look at the address, and try again.":
        "Bên kia không trả lời trong {} giây. Xem lại địa chỉ rồi thử lần nữa.",
    "Nobody asks for {} here; asked are: {}.": "Ở đây không hỏi {}; chỉ hỏi: {}.",
    "{} is missing ({}).": "Chưa nhập ô này ({1}).",
    "{} is too long.": "Nội dung ô này quá dài.",
    "{} is one of: {}.": "Chọn một trong: {1}.",
    "A channel is one of: {}.": "Kênh là một trong: {}.",
    "There is no such channel.": "Không có kênh này.",
    "Where its secrets go ({}) is changed by connecting the account again.":
        "Muốn đổi nơi nhận mật khẩu đã lưu ({}) thì kết nối lại kênh.",
    "The secrets of this channel come from its platform.": "Mật khẩu của kênh này do bên kia cấp.",
    "Only a web chat is installed with a line of HTML.": "Chỉ chat trên web mới cài bằng một dòng HTML.",
    "This was not begun here; begin once more.": "Việc này không bắt đầu ở đây; bắt đầu lại từ đầu.",
    "Somebody else began this; begin once more.": "Người khác đã bắt đầu việc này; bắt đầu lại từ đầu.",
    "This took too long; begin once more.": "Việc này kéo dài quá; bắt đầu lại từ đầu.",
    "At most {} addresses can be named.": "Ghi được nhiều nhất {} địa chỉ.",
    "An address looks like https://shop.example, without a path.":
        "Địa chỉ có dạng https://shop.example, không kèm đường dẫn.",
    "A colour looks like #3b4fb8.": "Màu có dạng #3b4fb8.",
    "A name has 1 to 120 characters.": "Tên có từ 1 đến 120 ký tự.",
    "A reason has 1 to 300 characters.": "Lý do có từ 1 đến 300 ký tự.",
    "A score is a number from {} to {}.": "Điểm là một số từ {} đến {}.",
    "A stage has at most {} characters.": "Giai đoạn có nhiều nhất {} ký tự.",
    "This person said no such thing.": "Khách này chưa nói vậy.",
    "An email address looks like lan@shop.example.": "Địa chỉ email có dạng lan@shop.example.",
    # an account's health
    "Listening failed inside the hub ({}). It is tried again; if this stays, look into the worker's log.":
        "Hub gặp lỗi khi nghe kênh này ({}). Hub sẽ thử lại; nếu vẫn vậy, xem nhật ký của worker.",
    "Mirroring failed inside the hub ({}). It is tried again; if this stays, look into the worker's log.":
        "Hub gặp lỗi khi phản chiếu hội thoại ({}). Hub sẽ thử lại; nếu vẫn vậy, xem nhật ký của worker.",
    "The team's channel cannot be written to: {}": "Không viết được vào kênh của nhóm: {}",
    "It failed inside the hub.": "Hub gặp lỗi bên trong.",
    "The channel is busy.": "Kênh đang bận.",
    "Nobody knows yet whether the thread was begun.": "Chưa rõ thread đã mở chưa.",
    "The conversation is not there yet.": "Hội thoại chưa có ở đó.",
    "A stored secret cannot be opened with this key; was HUB_SECRET_KEY changed?":
        "Không mở được mật khẩu đã lưu bằng khoá này; HUB_SECRET_KEY có bị đổi không?",
    "This file cannot be fetched again.": "Không lấy lại được tệp này.",
    "The file has {} MB; at most {} MB are kept here. Ask the customer for a smaller one.":
        "Tệp nặng {} MB; ở đây chỉ giữ tới {} MB. Nhờ khách gửi tệp nhỏ hơn.",
    # a message that did not leave, a file that did not come
    "It could not be delivered in {} tries. The last cause: {}": "Gửi {} lần vẫn không được. Lý do cuối: {}",
    "It could not be fetched in {} tries. The last cause: {}": "Lấy {} lần vẫn không được. Lý do cuối: {}",
    "The account of this conversation was removed or switched off.": "Kênh của hội thoại này đã bị gỡ hoặc tắt.",
    "The account that this file came through was removed or cannot fetch files.":
        "Kênh mà tệp này đi qua đã bị gỡ hoặc không lấy tệp được.",
    "The platform did not answer in time. It may have the message.":
        "Bên kia không trả lời kịp. Tin có thể đã tới.",
    "The platform did not hand it over in time.": "Bên kia không đưa tệp kịp.",
    "The channel failed while sending ({}).": "Kênh gặp lỗi khi gửi ({}).",
    "The channel failed while fetching it ({}).": "Kênh gặp lỗi khi lấy tệp ({}).",
    "The hub stopped while this message was being sent. It may have arrived.":
        "Hub dừng giữa lúc gửi tin này. Tin có thể đã tới.",
    "The hub's disk is nearly full. Nothing is lost; an administrator has to make room.":
        "Ổ đĩa của máy chủ sắp đầy. Không mất gì cả; quản trị viên cần dọn chỗ.",
} | SETTINGS_VI  # fmt: skip


def say(sentence: str, language: str, slug: str, further: Mapping[str, str] | None = None) -> str:
    """The sentence in the reader's language ("vi" or "en"); `further` are those of the channel that is spoken of."""
    if language != "vi":
        return sentence
    return worded(sentence, {**SENTENCES_VI, **(further or {})}) or SLUGS_VI.get(slug, sentence)


def language_of(accept: str) -> str:
    """ "vi" when an Accept-Language header likes Vietnamese best among the two, else "en"."""
    wanted: list[tuple[float, str]] = []
    for part in accept.split(","):
        name, _, quality = part.strip().partition(";q=")
        if name[:2].lower() in ("vi", "en"):
            wanted.append((_number(quality), name[:2].lower()))
    return max(wanted, key=lambda one: one[0])[1] if wanted else "en"


def _number(quality: str) -> float:
    try:
        return float(quality or "1")
    except ValueError:
        return 0.0
