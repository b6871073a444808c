// The inbox in Vietnamese: "bạn" to agents, plain verbs, hoá/tuỳ/huỷ. Same keys as en.ts, held to them by the type.
import type { Text } from "./en";

const by = (who: string, active: string, passive: string): string => (who ? `${who} ${active}` : passive);

export const vi: Text = {
  undo: "Hoàn tác", undone: "Đã hoàn tác", retry: "Thử lại", close: "Đóng", cancel: "Thôi", save: "Lưu", edit: "Sửa", back: "Quay lại", more: "Thêm", see: "Xem", done: "Xong", reopen: "Mở lại",
  skip: "Tới nội dung", you: "Bạn", youUpper: "Bạn", youLower: "bạn", draft: "Nháp", unassigned: "Chưa phân công", noWords: "Chưa có tin nào",
  searchOrRun: "Tìm hoặc ra lệnh", searchList: "Tìm hội thoại", closeSearch: "Đóng tìm kiếm", draftsSafe: "Bản nháp của bạn vẫn còn nguyên.",
  typing: "đang gõ…", typingBy: (name) => `${name} đang gõ…`, viewingBy: (name) => `${name} đang xem`,
  assignedTo: (name) => `${name} phụ trách`, noteBy: (name) => `Ghi chú của ${name}`, noteWord: "ghi chú nội bộ", files: (n) => `${n} tệp`,
  unread: (n) => `${n} tin chưa đọc`, newAbove: (n) => `${n} tin mới`, newLine: "Tin mới", toEnd: "Mới nhất",
  older: "Tải tin cũ hơn", loadingOlder: "Đang tải tin cũ hơn…", beginning: (name) => `Khởi đầu với ${name}`,
  snoozedTo: (when) => `Hẹn lại ${when}`, waitingFor: (minutes) => `chờ ${span(minutes)}`,
  quarantined: (n) => `${n} tin cách ly`, nothingFound: (typed) => (typed.trim() ? `Không có gì khớp “${typed.trim()}”.` : "Chưa có gì ở đây."),
  threadWith: (name) => `Tin nhắn với ${name}`, channelMoved: "chuyển kênh", otherConversation: "Mở hội thoại này",
  sendFailed: "Chưa gửi được.", sendFailedHow: "Lời của bạn vẫn còn ở đây.", refusedHow: "Kênh không nhận tin này.", unknownTitle: "Chưa rõ đã tới chưa.", unknownHow: "Sẽ không tự gửi lại.",
  resend: "Gửi lại", arrived: "Đã tới rồi", openPicture: (name) => `Mở ảnh ${name}`, copyLink: "Chép đường dẫn", copied: "Đã chép",
  entry: {
    noSubject: "Không có tiêu đề", quoted: (n) => `Thư trích dẫn và chữ ký · ${n} dòng`, hideQuoted: "Ẩn thư trích dẫn và chữ ký", more: "Xem thêm", less: "Thu gọn", asSent: "Xem như đã gửi", asText: "Xem dạng chữ",
    frame: (name) => `Thư của ${name}, như đã gửi`, images: "Hiện ảnh", imagesHow: "Ảnh nằm ở máy chủ khác đang bị chặn: tải về là người gửi biết bạn đã đọc.", imagesShown: "Đang hiện ảnh từ máy chủ khác.",
    auto: "Tự động", autoHow: "Máy viết thư này. Sẽ không tự trả lời.", elsewhere: "viết ở chương trình khác", also: (who) => `gửi cả cho ${who}`, alsoCame: (to) => `Cũng tới ${to || "hộp thư khác của shop"}`, openCopy: "Mở hội thoại", edited: (at) => `đã sửa ${at}`, gone: "Tin này đã bị xoá.", goneAt: (at) => `đã xoá ${at}`,
    former: "Lời trước đó", hideFormer: "Ẩn lời trước đó", reacted: (emoji, who) => `${emoji} của ${who}`, fetching: "đang lấy về…", fileFailed: "Chưa lấy được tệp.", fileHow: "Nhờ khách gửi lại tệp này.",
    notTo: (who) => `Không gửi được tới ${who}:`, unknownTo: (who) => `Chưa rõ đã tới ${who} chưa.`, reached: (who) => `Đã gửi tới ${who}.`, seeEntry: "Xem",
  },
  undoSend: "Hoàn tác gửi",
  leaving: { unsent: (n) => `${n} hội thoại có lời chưa gửi trên máy này.`, how: "Nếu người khác cũng dùng máy này, hãy xoá.", keep: "Giữ trên máy này", clear: "Xoá và đăng xuất" },
  nav: { label: "Chính", inbox: "Hộp thư", contacts: "Khách", settings: "Cài đặt", waiting: (words, n) => `${words}, ${n} đang chờ`, me: (name) => `Đang đăng nhập: ${name}`, profile: "Hồ sơ và giao diện", signOut: "Đăng xuất" },
  theme: { toLight: "Giao diện sáng", toDark: "Giao diện tối" },
  view: { label: "Chế độ xem", open: "Tất cả đang mở", mine: "Của tôi", unassigned: "Chưa phân công", waiting: "Chưa trả lời", snoozed: "Hẹn lại", resolved: "Đã xong", all: "Mọi hội thoại", teams: "Đội", channels: "Kênh", find: "Tìm chế độ xem" },
  state: { open: "Đang mở", snoozed: "Hẹn lại", resolved: "Đã xong" },
  delivery: { queued: "Chờ gửi", sending: "Đang gửi", sent: "Đã gửi", delivered: "Đã tới", read: "Đã xem", refused: "Bị từ chối", unknown: "Chưa rõ" },
  tag: { because: (figure, words) => `${figure} vì: ${words.map((word) => `“${word}”`).join(", ")}`, plain: (figure) => figure, also: "Cũng muốn:", alsoSure: (figure) => `Cũng muốn, ${figure}`, hurry: "Cần gấp", correct: "Sửa nhãn ý định", correctHow: (why) => `${why}. Bấm để sửa.`, find: "Tìm ý định", byAgent: (name, who) => `${name}, do ${who} sửa`, by: (who) => `${who} sửa`, corrected: (name) => `Đã sửa thành “${name}”`, upset: "Không vui" },
  offline: { since: (at) => `Đang ngoại tuyến từ ${at}.`, readable: "Vẫn đọc được những gì đã tải và viết tiếp được.", waiting: (n) => `${n} tin của bạn chờ gửi.` },
  did: {
    resolved: "Đã đánh dấu xong", reopened: "Đã mở lại", snoozed: (when) => `Đã hẹn lại ${when}`, assigned: (name) => `Đã giao cho ${name}`, unassigned: "Đã bỏ phân công",
    routed: (team) => `Đã chuyển sang ${team}`, unrouted: "Đã rút khỏi đội", labelled: (label) => `Đã gắn nhãn “${label}”`, unlabelled: (label) => `Đã gỡ nhãn “${label}”`, discarded: "Đã bỏ nháp", unread: "Đã đánh dấu chưa đọc", priority: (level) => `Đã đặt mức ưu tiên: ${level}`, rating: "Đã xin khách đánh giá",
  },
  command: {
    reply: "Viết trả lời", note: "Viết ghi chú nội bộ", resolve: "Đánh dấu xong", resolveNext: "Đánh dấu xong, mở cái kế tiếp", reopen: "Mở lại", assign: "Phân công", assignMe: "Giao cho tôi", team: "Chuyển đội",
    labels: "Nhãn", priority: "Mức ưu tiên", snooze: "Hẹn lại", markUnread: "Đánh dấu chưa đọc", rating: "Xin đánh giá", panel: "Ngăn thông tin khách", next: "Hội thoại kế tiếp", previous: "Hội thoại trước", unread: "Tới tin chưa đọc", search: "Tìm hội thoại", views: "Chọn chế độ xem",
    goInbox: "Tới hộp thư", goContacts: "Tới danh sách khách", goSettings: "Tới cài đặt", view: (name) => `Xem: ${name}`, addAccount: "Nối kênh", addAgent: "Thêm đồng nghiệp",
    palette: "Tìm hoặc ra lệnh", otherLanguage: "Use English", shortcutsOff: "Tắt phím tắt một phím", shortcutsOn: "Bật phím tắt một phím",
  },
  help: {
    title: "Phím tắt", writing: "Khi đang viết", send: "Gửi", leave: "Rời ô soạn, giữ bản nháp", single: "Phím tắt một phím", singleHelp: "Những phím không kèm Ctrl hay ⌘. Luôn nghỉ khi bạn đang viết.",
    groups: { conversation: "Hội thoại này", list: "Danh sách", go: "Đi tới", app: "Mọi nơi" },
  },
  palette: { choose: "chọn", run: "làm ngay", accents: "Gõ không dấu vẫn tìm được", conversations: "Hội thoại", contacts: "Khách" },
  assign: { people: "Đồng nghiệp", teams: "Đội", me: "bạn", away: "vắng mặt", nobody: "Chưa giao ai", noTeam: "Không thuộc đội nào", find: "Tìm người hoặc đội", findTeam: "Tìm đội" },
  priority: { urgent: "Khẩn", high: "Cao", normal: "Thường", low: "Thấp" }, prioritySign: (level) => `Mức ưu tiên: ${level}`,
  labels: { find: "Tìm hoặc tạo nhãn", fresh: (label) => `Nhãn mới “${label}”` },
  snooze: { today: "Lát nữa hôm nay", tomorrow: "Sáng mai", monday: "Thứ Hai tới", custom: "Chọn giờ…", back: "Đưa về ngay", title: "Hẹn lại", until: "Quay lại lúc", set: "Hẹn lại", past: "Chọn một thời điểm chưa qua." },
  composer: {
    mode: "Loại tin", reply: "Trả lời", note: "Ghi chú nội bộ", noteShort: "Ghi chú", via: "qua", onlyColleagues: "Chỉ đồng nghiệp thấy", replyTo: (name) => `Trả lời ${name}`, notePlace: "Lời nhắn cho đồng nghiệp",
    replyAll: "Trả lời tất cả:", others: (n) => `và ${n} người nữa`, attach: "Đính kèm tệp", uploading: "Đang tải lên…", saved: "Đã lưu nháp", send: "Gửi", addNote: "Ghi lại", filesHere: "Tệp kèm tin này", detach: (name) => `Bỏ ${name}`, tooLarge: (most) => `Lớn hơn ${most}, mức tối đa của kênh này.`,
  },
  stale: { who: (name, at) => `${name} đã trả lời lúc ${at}`, after: ", sau khi bạn bắt đầu viết. Tin của bạn chưa gửi.", discard: "Bỏ nháp", send: "Vẫn gửi", see: "Xem" },
  panel: { routed: "Vì sao ở đây", routedBy: (rule, name) => (rule === "table:intents" ? `Ý định thuộc đội ${name}` : rule === "table:account" ? `Mặc định của kênh: ${name}` : rule.startsWith("flow:") ? `Kịch bản bot “${name}”` : `Quy tắc “${name}”`),
    label: "Khách", addresses: "Địa chỉ", verified: "đã xác minh", claimed: "khách tự khai", anonymous: "chưa đăng nhập", rating: "Đánh giá", stars: (n) => `${n} trên 5 sao`, labels: "Nhãn", addLabel: "Sửa", noLabels: "Chưa có", about: "Thông tin", conversations: "Hội thoại", whole: "Mở trang khách",
    since: (date) => `từ ${date}`, vietnamese: "tiếng Việt", english: "tiếng Anh", edit: "Sửa thông tin khách", name: "Tên", facts: { email: "Email", phone: "Điện thoại", page: "Trang", name: "Tên", stage: "Giai đoạn", score: "Điểm", region: "Khu vực", source: "Nguồn", address: "Địa chỉ", birthday: "Sinh nhật", company: "Công ty", note: "Ghi chú" },
    stages: { new: "Mới", lead: "Tiềm năng", customer: "Đã mua", regular: "Khách quen", lost: "Đã mất" }, noStage: "Chưa có", scoreHelp: "Từ 0 đến 100.", cause: "Xem tin nhắn", site: "Tài khoản trên website", browsers: (n) => `${n} máy`,
    why: { intent: "Ý định", wish: "Muốn", words: "Từ ngữ", channel: "Kênh", account: "Tài khoản", language: "Ngôn ngữ", entity: "Có trong tin", label: "Nhãn", priority: "Ưu tiên", team: "Đội", waiting: "Đang chờ", hours: "Giờ", rating: "Số sao", changed: "Thay đổi", sign: "Tâm trạng" },
    whyValue: { vi: "tiếng Việt", en: "tiếng Anh", other: "khác", open: "đang mở", closed: "đang đóng", order: "mã đơn", date: "ngày", amount: "số tiền", link: "liên kết", phone: "số điện thoại", email: "email", urgent: "khẩn", bad: "không vui", good: "vui", us: "khách trả lời", customer: "mình trả lời" },
  },
  consent: {
    title: "Tin quảng cáo", none: "Không muốn nhận tin quảng cáo", again: "Nhận lại được", lift: "Cho nhận lại", refuse: "Khách từ chối", refuseYes: "Ghi lại", refused: "Khách nói thế nào?", refusedHelp: "Qua điện thoại, tại cửa hàng… Từ giờ không lời chúc hay tin quảng cáo nào gửi tới khách.", nothing: "Chưa từ chối", written: (who, at) => `${who} ghi lại, ${at}`, reason: "Vì sao cho nhận lại?", reasonHelp: "Lời khách vẫn được giữ, lý do của bạn ghi bên cạnh.",
    said: (who, channel, at) => `${who} nói qua ${channel}, ${at}`, lifted: (who, at) => `${who} cho nhận lại, ${at}`, unsure: "máy đoán, chưa chắc", gone: "không còn hiệu lực",
  },
  contacts: { search: "Tìm khách", choose: "Chọn một khách", chooseHow: "Mọi điều khách từng nhắn, trên mọi kênh, ở một chỗ.", none: "Chưa có khách nào", noneHow: "Khách hiện ở đây từ tin nhắn đầu tiên.", failed: "Chưa tải được danh sách khách", oneFailed: "Chưa tải được khách này", gone: "Không có khách này", all: "Xem mọi khách", noFacts: "Chưa có thông tin", open: "Mở hội thoại" },
  how: { load: "ai ít việc nhất", round_robin: "lần lượt", last_agent: "người lần trước", left: "người cũ đã rời" },
  flowEnded: { done: "xong", handed_over: "đã chuyển đội", person: "khách muốn gặp người", answered: "đã có người trả lời", taken: "đã có người nhận", silence: "khách im lặng một ngày", lost: "hai lần trả lời không khớp", off: "đã tắt" },
  event: (verb, who, to, rule) => {
    const because = rule ? ` (${rule})` : "";
    switch (verb) {
      case "opened": return "Hội thoại bắt đầu";
      case "assigned": return to ? `${by(who, `giao cho ${to}`, `Giao cho ${to}`)}${because}` : `${by(who, "bỏ phân công", "Bỏ phân công")}${because}`;
      case "took": return `${who} nhận phụ trách`;
      case "unassigned": return by(who, "bỏ phân công", "Bỏ phân công");
      case "team": case "routed": return to ? `${by(who, `chuyển sang ${to}`, `Chuyển sang ${to}`)}${because}` : by(who, "rút khỏi đội", "Rút khỏi đội");
      case "resolved": return by(who, "đánh dấu xong", "Đánh dấu xong");
      case "reopened": return by(who, "mở lại", "Mở lại");
      case "snoozed": return by(who, "hẹn lại", "Hẹn lại");
      case "labelled": return by(who, `gắn nhãn “${to}”`, `Gắn nhãn “${to}”`);
      case "unlabelled": return by(who, `gỡ nhãn “${to}”`, `Gỡ nhãn “${to}”`);
      case "priority": return by(who, `đặt ưu tiên ${({ urgent: "khẩn", high: "cao", normal: "thường", low: "thấp" } as Record<string, string>)[to] ?? to}`, "Đổi ưu tiên");
      case "identified": return to ? `Nhận ra là ${to}` : "Đã nhận ra khách";
      case "flow_started": return `Bắt đầu kịch bản bot “${to}”`;
      case "flow_ended": return `Kịch bản bot “${who}” dừng: ${to}`;
      case "rated": return `${who} chấm ${"★".repeat(Number(to))}`;
      case "edited": return by(who, "sửa một tin", "Một tin đã được sửa");
      case "deleted": return by(who, "xoá một tin", "Một tin đã bị xoá");
      case "merged": return `Đã gộp${to ? ` với ${to}` : ""}`;
      default: return [who, verb, to].filter(Boolean).join(" ");
    }
  },
  blank: {
    choose: "Chọn một hội thoại", chooseHow: "J và K đi dọc danh sách, Ctrl K tìm mọi thứ.", start: "Hộp thư chưa mở được", page: "Trang này chưa tải được", list: "Chưa tải được hội thoại", thread: "Chưa tải được tin nhắn",
    denied: "Bạn không xem được mục này", gone: "Không có hội thoại này", goneHow: "Đường dẫn có thể đã cũ hoặc gõ nhầm.", notFound: (q) => `Không thấy “${q}”`, notFoundHow: "Thử ít chữ hơn; gõ không dấu cũng được.", clearSearch: "Bỏ tìm kiếm",
    connect: "Nối kênh", firstChannel: "Nối kênh đầu tiên", firstChannelHow: "Khi nối Telegram, email, Slack hay khung chat trên website, tin của khách sẽ vào đây trong vài giây.", askAdministrator: "Nhờ quản trị viên của cửa hàng nối kênh.",
    mine: "Không còn ai chờ bạn", mineHow: (n) => `Tin mới sẽ hiện ở đây. Còn ${n} hội thoại chưa ai nhận.`, seeFree: (n) => `Xem ${n} hội thoại`,
    open: "Không có hội thoại nào đang mở", openHow: "Tin mới sẽ tự hiện ở đây.", demo: "Nhắn thử như khách", snoozed: "Không có gì đang hẹn lại", resolved: "Chưa có hội thoại nào xong", seeView: (name) => `Xem: ${name}`,
  },
  signIn: {
    title: "Đăng nhập", what: "Hộp thư chung của cả cửa hàng.", email: "Email", password: "Mật khẩu", go: "Đăng nhập", show: "Hiện mật khẩu", hide: "Ẩn mật khẩu", both: "Nhập email và mật khẩu.",
    wrong: "Email hoặc mật khẩu chưa đúng. Kiểm tra lại rồi thử lần nữa.", noAccount: "Chưa có tài khoản? Nhờ quản trị viên của cửa hàng thêm bạn vào.",
  },
  problems: {
    offline: "Không liên lạc được với máy chủ. Những gì bạn viết vẫn còn trên máy này.", timeout: "Máy chủ không trả lời trong 10 giây. Những gì bạn viết vẫn còn trên máy này.", unavailable: "Máy chủ đang bận hoặc khởi động lại. Thử lại sau giây lát.",
    "not-signed-in": "Bạn đã bị đăng xuất. Đăng nhập lại để tiếp tục.", denied: "Vai trò của bạn không làm được việc này. Quản trị viên làm được.", "not-found": "Mục này không còn nữa.", "too-large": "Tệp hoặc tin này quá lớn.", "too-many": "Thử quá nhiều lần. Chờ một lát.",
    conflict: "Khách vừa nhắn thêm nên hội thoại vẫn mở.", "seen-missing": "Trang này đã cũ. Tải lại rồi gửi lần nữa.", unexpected: "Chưa làm được, và chưa có gì thay đổi. Thử lại.",
    wait: (seconds) => `Thử quá nhiều lần. Chờ ${seconds < 90 ? `${seconds} giây` : `${Math.ceil(seconds / 60)} phút`}.`,
  },
};

function span(minutes: number): string {
  if (minutes < 1) return "dưới 1 phút";
  if (minutes < 60) return `${minutes} phút`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} giờ` : `${Math.floor(minutes / 1440)} ngày`;
}
