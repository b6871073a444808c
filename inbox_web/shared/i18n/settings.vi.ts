// The settings pages in Vietnamese.
import { flows } from "./flows.vi";
import { intents } from "./intents.vi";
import { learning } from "./learning.vi";
import { hours, rules } from "./rules.vi";
import type { SettingsText } from "./settings.en";

export const settings: SettingsText = {
  rules, flows, hours, intents, learning,
  nav: "Cài đặt", saved: "Đã lưu", save: "Lưu", off: "tắt", on: "Bật", add: "Thêm", copy: "Chép", copied: "Đã chép", remove: "Bỏ", failed: "Chưa tải được cài đặt", onlyAdministrators: "Chỉ quản trị viên đổi được mục này", onlyAdministratorsHow: "Nhờ quản trị viên của cửa hàng, hoặc mở hồ sơ của bạn.", toProfile: "Mở hồ sơ",
  sections: { profile: "Hồ sơ", accounts: "Kênh", agents: "Người", teams: "Đội", quarantine: "Cách ly", rules: "Quy tắc", flows: "Kịch bản bot", hours: "Giờ và phân công", intents: "Ý định", learning: "Dạy máy" },
  profile: {
    title: "Hồ sơ", what: "Hộp thư trông và hoạt động thế nào với bạn.", you: "Bạn", role: { administrator: "Quản trị viên", agent: "Nhân viên" }, appearance: "Giao diện", language: "Ngôn ngữ", theme: "Nền", themes: { system: "Theo máy", light: "Sáng", dark: "Tối" },
    density: "Độ dày danh sách", densities: { comfortable: "Thoáng", cosy: "Vừa", compact: "Gọn" }, keyboard: "Bàn phím", enter: "Enter để gửi", enterHelp: "Shift Enter xuống dòng. Khi tắt, Ctrl Enter mới gửi.", shortcuts: "Phím tắt một phím", shortcutsHelp: "J, K, R, E và những phím tương tự. Luôn nghỉ khi bạn đang viết.", seeKeys: "Xem mọi phím",
    notices: "Báo tin và gửi", notify: "Báo khi có tin mới", notifyHelp: "Khi trang này khuất: tin của bạn và tin chưa ai nhận. Mỗi trình duyệt sẽ hỏi bạn một lần.", notifyDenied: "Trình duyệt đang chặn. Mở lại trong phần cài đặt trang web của trình duyệt.", notifyMissing: "Trình duyệt này không báo được.",
    undo: "Hoàn tác gửi", undoOff: "Gửi ngay", seconds: (n) => `${n} giây`, undoHelp: "Câu trả lời đợi chừng ấy rồi mới đi, để bạn kịp rút lại. Ghi chú thì lưu ngay.",
    password: "Mật khẩu", old: "Mật khẩu đang dùng", fresh: "Mật khẩu mới", freshHelp: "Ít nhất 10 ký tự.", change: "Đổi mật khẩu", changed: "Đã đổi mật khẩu", wrong: "Mật khẩu đang dùng chưa đúng.", short: "Cần ít nhất 10 ký tự.", signOut: "Đăng xuất trên máy này",
  },
  accounts: {
    title: "Kênh", what: "Mọi nơi khách nhắn tới.", add: "Nối kênh", none: "Chưa nối kênh nào", noneHow: "Telegram, email, Slack, hoặc khung chat trên website của bạn, sẵn sàng trong một phút.", name: "Tài khoản", state: "Tình trạng", team: "Đội", fine: "Khoẻ", off: "Đã tắt",
    fresh: "Nối website", freshWhat: "Bong bóng chat trên các trang của cửa hàng.", nameOf: "Tên", nameHelp: "Tên đồng nghiệp nhìn thấy, ví dụ mocan.vn.", origins: "Website", originsHelp: "Mỗi dòng một địa chỉ, ví dụ https://mocan.vn. Chỉ các trang ở đó mở được khung chat.", badOrigin: (line) => `“${line}” không phải địa chỉ như https://mocan.vn.`,
    connect: "Nối", look: "Giao diện và lời chào", color: "Màu", greetingVi: "Lời chào tiếng Việt", greetingEn: "Lời chào tiếng Anh", repliesVi: "Trả lời nhanh tiếng Việt", repliesEn: "Trả lời nhanh tiếng Anh", repliesHelp: "Mỗi dòng một câu, nhiều nhất bốn. Khách chạm thay vì gõ.",
    language: "Ngôn ngữ khung chat", languages: { auto: "Theo trình duyệt của khách", vi: "Tiếng Việt", en: "Tiếng Anh" }, prechat: "Hỏi trước khi chat", prechatHelp: "Khách có thể bỏ qua mọi ô, trừ ô bạn bắt buộc.", fields: { name: "Tên", email: "Email", phone: "Điện thoại" }, ask: "hỏi", must: "bắt buộc",
    routing: "Đội nhận khi chưa rõ ý định", noTeam: "Không thuộc đội nào", working: "Nhận tin", workingHelp: "Khi tắt, khung chat biến mất khỏi website. Những gì đã lưu không mất.", install: "Đặt lên website", installHelp: "Chép dòng này vào trước </body> của mỗi trang.",
    identity: "Nhận ra khách đã đăng nhập", identityHelp: "Máy chủ của bạn ký mã khách bằng khoá này (HMAC-SHA256) để không ai mạo danh được. Giữ khoá ở máy chủ.", showSecret: "Hiện khoá", newSecret: "Tạo khoá mới", newSecretSure: "Những trang còn ký bằng khoá cũ sẽ không được nhận ra nữa.", sureNew: "Tạo khoá mới", back: "Mọi kênh",
    check: "Kiểm tra", checkOf: (name) => `Kiểm tra ${name}`, checking: "Đang kiểm tra…", checked: "Chạy tốt", workingOf: (name) => `${name} nhận tin`, workingOther: "Khi tắt, không tin nào vào từ đây và không tin nào gửi đi. Những gì đã lưu không mất.", found: (found, stored) => `tìm thấy ${found}, đã lưu ${stored}`, stored: (stored) => `đã lưu ${stored}`, heard: (when) => `nghe lần cuối ${when}`, health: "Tình trạng", healthHelp: "“Kiểm tra” đăng nhập thật một lần.", general: "Tên và đội", again: "Nối lại", againHelp: "Với mật khẩu hoặc token mới. Những gì đã lưu vẫn còn.",
  },
  mirror: {
    title: "Gương cho nhóm", what: (place) => `Hội thoại hiện ở kênh ${place} của Slack; viết trong thread ở đó là ghi chú nội bộ, bấm nút mới gửi cho khách.`, off: "Cho nhóm thấy hội thoại ngay trong Slack. Nối lại và nhập kênh của nhóm để bật.",
    all: "Mọi kênh khác", which: "Chỉ hội thoại của:", further: "Workspace khác", furtherWhat: "Cùng ứng dụng này trong một workspace nữa; mỗi workspace là một kênh riêng ở đây.", add: "Thêm vào Slack",
  },
  connect: {
    title: "Nối kênh", what: "Chọn nơi khách nhắn tới. Mỗi kênh mất vài phút.", name: (channel) => `Nối ${channel}`, back: "Kênh khác", go: "Thử và nối", going: (channel) => `Đang thử với ${channel}…`, seconds: (n) => `${n} giây`, long: "Có thể mất nửa phút.",
    fault: "Chưa nối được.", nothingKept: "Chưa lưu gì cả.", further: "Thiết lập khác", show: "Hiện", hide: "Ẩn", missing: "Cần có mục này.", unanswered: "Máy chủ không trả lời kịp. Xem lại danh sách kênh trước: có thể đã nối xong.", left: (channel) => `Việc còn lại ở ${channel}`, done: (name) => `Đã nối ${name}.`, doneHow: "Từ giờ tin mới vào hộp thư.", noSteps: "Bên đó không còn việc gì.", copyAddress: "Địa chỉ nhận (webhook)", addressHelp: "Nơi bên kia gửi tới. Từ internet phải vào được địa chỉ này.",
    secret: "Khoá chữ ký", secretHelp: "Bên kia ký mỗi yêu cầu bằng khoá này (HMAC-SHA256). Giữ khoá ở máy chủ.", more: "Xem mọi kênh",
    about: { telegram: "Một bot để khách nhắn, riêng hoặc trong nhóm.", email: "Hộp thư ở Gmail, Outlook hay máy chủ riêng.", slack: "Một workspace: kênh, kênh chung và tin nhắn riêng.", webchat: "Bong bóng chat trên các trang của cửa hàng.", api: "Chương trình của bạn, bằng yêu cầu có chữ ký." },
    needs: { telegram: "Cần: token từ @BotFather.", email: "Cần: địa chỉ và mật khẩu của hộp thư.", slack: "Cần: các token của một ứng dụng Slack.", webchat: "Cần: địa chỉ website của bạn.", api: "Cần: một người biết lập trình." },
    option: { yes: "Có", no: "Không", password: "Mật khẩu", google: "Google (OAuth)", microsoft: "Microsoft 365 (OAuth)", tls: "TLS", starttls: "STARTTLS", plain: "Không mã hoá", none: "Không mã hoá", auto: "Tự chọn" },
  },
  agents: {
    title: "Người", what: "Ai trả lời, và được làm gì.", add: "Thêm đồng nghiệp", name: "Tên", email: "Email", role: "Vai trò", teams: "Đội", state: "Tình trạng", on: "Không trực", off: "Đã tắt", here: "Đang trực", you: "bạn", fresh: "Thêm đồng nghiệp", freshHow: "Đồng nghiệp đăng nhập bằng email này và một mật khẩu chỉ hiện cho bạn một lần.", create: "Thêm",
    password: (name) => `Mật khẩu của ${name}`, once: "Chỉ hiện lúc này. Đưa tận tay hoặc qua đường an toàn; đồng nghiệp đổi được trong hồ sơ.", done: "Tôi đã ghi lại", edit: (name) => `Sửa ${name}`, active: "Được đăng nhập", activeHelp: "Khi tắt, người này bị đăng xuất ở mọi nơi. Những gì đã viết vẫn còn.", reset: "Tạo mật khẩu mới", resetHow: "Mật khẩu cũ hết hiệu lực ngay.", last: "Bạn không tự khoá mình được.", roleHelp: "Quản trị viên đổi cài đặt; nhân viên trả lời khách.",
  },
  teams: {
    title: "Đội", what: "Ý định đưa hội thoại tới đúng đội.", add: "Đội mới", none: "Chưa có đội nào", noneHow: "Không có đội thì mọi hội thoại nằm chung. Có đội thì mỗi ý định tìm đúng người.", name: "Tên", intents: "Ý định chuyển về đội này", people: (n) => `${n} người`, fresh: "Đội mới", edit: (name) => `Sửa ${name}`, create: "Tạo đội",
    taken: (team) => `đang ở ${team}`, remove: "Xoá đội", removeSure: (name) => `Xoá ${name}? Các hội thoại vẫn còn, chỉ không thuộc đội nào.`, removeYes: (name) => `Xoá ${name}`, table: "Ý định nào về đội nào", nobody: "Không đội nào", tableHelp: "Mỗi ý định về nhiều nhất một đội.", find: "Tìm ý định",
  },
  quarantine: {
    title: "Cách ly", what: "Những gì đã tới mà chưa đọc được. Bản gốc được giữ nguyên.", none: "Không có gì bị cách ly", noneHow: "Mọi thứ đã tới đều đọc được.", when: "Lúc", where: "Kênh", why: "Vì sao", retry: "Thử lại", retried: "Đang thử lại", aside: "Gác lại", asideSure: "Gác hẳn tin này? Sẽ không thử lại nữa.", asideYes: "Gác hẳn", asided: "Đã gác lại",
  },
};
