"""What mail programs put around quoted mails and under mails, in the languages of their users. Patterns only."""

import re

# "… wrote:", anywhere in the line that introduces a quotation.
WROTE = re.compile(
    r"(?<!\w)(?:wrote|writes|đã viết|viết|schrieb|a écrit|écrit|escribió|escreveu|ha scritto|scritto|schreef|"
    r"geschreven|skrev|napisał(?:\(a\)|a)?|пишет|пише|написала?|написав|kirjoitti|yazdı|napsala?(?:\(a\))?|írta|"
    r"a scris)(?!\w)|写道|寫道|書きました|작성",
    re.IGNORECASE,
)
# A line that may begin such an introduction: it has a year or a time of day.
DATED = re.compile(r"(?<!\d)(?:(?:19|20)\d\d(?!\d)|\d{1,2}[:.h]\d{2}(?!\d))")
SOMEONE = re.compile(r"^(?!mailto:)[^<>@]{1,80}[<(\[]\S+@\S+[>)\]]")
# The line above such a beginning, when the program broke the line before the year.
BEGINS = re.compile(
    r"^(?:on|at|vào|lúc|ngày|am|le|el|em|il|op|den|på|dnia|w dniu|pada|在|於)\s.{3,90}(?<![.!?:])$", re.IGNORECASE
)
DATE_ONLY = re.compile(
    r"^\d{4}[-/]\d{1,2}[-/]\d{1,2}(?: \d{1,2}:\d{2})?"
    r"(?: GMT[+-]\d{1,2}:?\d{2}(?P<zone>) \S.*| [^<]{1,80}<(?P<address>[^<>\s]+@[^<>\s]+)>:?$)"
)

LABELS = {
    "from": "from|từ|người gửi|von|de|da|van|från|fra|od|от|від|发件人|寄件者|差出人|보낸 사람",
    "date": "date|sent|sent on|ngày|ngày gửi|đã gửi|gửi|gửi lúc|gửi vào|thời gian|datum|gesendet|envoyé|enviado|"
    "enviado el|enviada em|data|inviato|verzonden|skickat|sendt|dato|wysłano|дата|отправлено|надіслано|发送时间|日期|"
    "寄件日期|送信日時",
    "to": "to|đến|tới|gửi đến|người nhận|an|à|para|a|aan|till|til|do|кому|收件人|宛先",
    "subject": "subject|chủ đề|tiêu đề|betreff|objet|asunto|assunto|oggetto|onderwerp|ämne|emne|temat|тема|主题|"
    "主旨|件名",
    "copy": "cc|bcc|đồng gửi|kopie|copie|copia|kopia|kopi|reply-to|reply to|trả lời cho|risposta|antwort an|importance",
}
LABEL = re.compile(
    r"^[\s>*_]*(?:" + "|".join(f"(?P<{name}>{words})" for name, words in LABELS.items()) + r")\s*\*{0,2}\s*[::]",
    re.IGNORECASE,
)

_MARKS = (
    "original message|forwarded message|original email|begin forwarded message|reply message|original appointment|"
    "thư gốc|tin nhắn gốc|nội dung thư gốc|thư ban đầu|thư đã chuyển tiếp|thư chuyển tiếp|thư được chuyển tiếp|"
    "tin nhắn đã chuyển tiếp|tin nhắn chuyển tiếp|tin nhắn được chuyển tiếp|bắt đầu thư được chuyển tiếp|"
    "bắt đầu tin nhắn được chuyển tiếp|email gốc|email chuyển tiếp|"
    "ursprüngliche nachricht|originalnachricht|weitergeleitete nachricht|message d.origine|message original|"
    "message initial|message transféré|message transmis|mensaje original|mensaje reenviado|mensagem original|"
    "mensagem encaminhada|messaggio originale|messaggio inoltrato|oorspronkelijk bericht|doorgestuurd bericht|"
    "ursprungligt meddelande|vidarebefordrat meddelande|opprinnelig melding|oprindelig meddelelse|"
    "wiadomość oryginalna|wiadomość przekazana|исходное сообщение|перенаправленное сообщение|пересылаемое сообщение|"
    "原始邮件|转发的邮件|原始郵件|轉寄郵件|元のメッセージ"
)
MARK = re.compile(
    rf"^[\s*>]*(?:[-_=]{{2,}}\s*(?:{_MARKS})\b.*|(?:{_MARKS})\s*[::]\s*|\*?-+\s*(?:{_MARKS})\s*-+\*?)$", re.IGNORECASE
)

_DEVICE = (
    r"my|mobile|mail\b|\[mail|outlook|yahoo|gmail|windows|iphone|ipad|ipod|android|samsung|galaxy|mailbox|airmail|blackberry|"
    r"proton|spark|zimbra|huawei|xiaomi|oppo|aol|zalo"
)
_DEVICE_VI = (
    r"iphone|ipad|apple|điện thoại|thiết bị|máy tính bảng|samsung|galaxy|oppo|xiaomi|yahoo|outlook|thư\b|mail\b|gmail|"
    r"zalo|zimbra|ứng dụng|di động|hộp thư|windows|android"
)
_SENT = (
    rf"sent (?:from|via|with|by|using) (?:an? |the )?(?:{_DEVICE}|phone).{{0,90}}",
    r"from my (?:i?phone|ipad|mobile|samsung).{0,20}",
    r"\S+ from mobile",
    r"get \[?outlook for .{0,60}",
    r"envoyé (?:depuis|de|à partir de) .{0,60}",
    r"von meinem .{0,40} gesendet\W*",
    r"diese nachricht wurde von .{0,60} gesendet\W*",
    r"(?:verzonden|verstuurd) (?:met|vanaf|via|met) .{0,40}",
    r"(?:sendt fra (?:min|mit)|skickat från min|inviato da(?:l mio)?) .{0,40}",
    r"enviado (?:desde|do|de|a partir) .{0,60}",
    r"(?:wysłan[eo] z|отправлено с|надіслано з) .{0,40}",
    r"從我的 .{0,30} ?傳送|发自我的.{0,30}|iphoneから送信",
    rf"(?:đã |được |thư này được )?gửi (?:từ|qua|bằng) (?:{_DEVICE_VI}).{{0,70}}",
    r"(?:tải|tải xuống|lấy|nhận|hãy tải) \[?outlook (?:cho|dành cho) .{0,60}",
)
PHONE = re.compile(rf"^[\s<(\[*_]*(?:{'|'.join(_SENT)})$", re.IGNORECASE)

QUOTED = re.compile(r"^\s{0,3}>")
QUOTED_OTHERWISE = re.compile(r"^(?:\s?\|(?:\s|$)|[A-Za-z]{1,14}>)")
DASHES = re.compile(r"^\s{0,3}(?:--|—|–|―)\s*$")  # what stands under it is a signature
RULE = re.compile(r"^\s*(?:[-_=~#+*]\s?){3,}$")  # a line that parts something from something
UNDERLINE = re.compile(r"^\s*_{5,}\s*$")
FENCE = re.compile(r"^\s{0,3}```")
