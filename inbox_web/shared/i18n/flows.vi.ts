// The page of the bots' flows in Vietnamese.
import type { FlowsText } from "./flows.en";

export const flows: FlowsText = {
  title: "Kịch bản bot", what: "Những cuộc trò chuyện ngắn do bot dẫn, cho tới khi một trong các bạn tiếp.", add: "Kịch bản mới", none: "Chưa có kịch bản nào", noneHow: "Kịch bản chào khách, hỏi kèm nút chọn, ghi lại câu trả lời rồi chuyển cho đội. Quy tắc bắt đầu nó.",
  how: "Kịch bản chạy khi có quy tắc bắt đầu nó: Quy tắc → Quy tắc mới → Chạy kịch bản bot.", isOn: (name) => `“${name}” đang bật`, fresh: "Kịch bản mới", edit: "Sửa kịch bản", last: (by, when) => `Sửa lần cuối bởi ${by}, ${when}. Hội thoại đang chạy thì theo bản cũ.`,
  name: "Tên", steps: "Các bước", noSteps: "Chưa có bước nào. Bắt đầu bằng một câu hỏi.", addStep: "Thêm bước", up: (n) => `Đưa bước ${n} lên`, down: (n) => `Đưa bước ${n} xuống`,
  kind: { say: "Nói một câu", ask: "Hỏi và chờ trả lời", hand_over: "Chuyển cho đội", end: "Kết thúc ở đây" }, toTeam: (team) => `chuyển ${team}`, endHelp: "Đặt sau một nhánh: các bước sau là của nhánh khác.",
  team: "Đội", vi: "Tiếng Việt", viOptional: "Nói trước một câu, tiếng Việt (không bắt buộc)", en: "Tiếng Anh", choice: (n) => `Nút chọn ${n}`, addChoice: "Thêm nút chọn", label: "Nhãn (không bắt buộc)",
  keep: "Ghi câu trả lời vào thông tin khách", keepNot: "Không ghi", keepHelp: "Nếu câu trả lời không có số điện thoại hay email, bot hỏi lại một lần.", kept: { name: "tên", phone: "số điện thoại", email: "email", address: "địa chỉ", birthday: "ngày sinh", company: "công ty", note: "ghi chú" },
  go: "Sau đó", goElse: "Sau đó, nếu nút chọn không ghi khác", next: "bước kế tiếp",
  ends: "Bot im lặng khi một trong các bạn trả lời hay nhận hội thoại, khi khách muốn gặp người, trả lời không khớp hai lần, hoặc im lặng một ngày. Thiếu lời bằng ngôn ngữ của khách thì bot nói ngôn ngữ kia.",
  drop: "Xoá", dropSure: (name) => `Xoá “${name}”? Những gì bot đã nói vẫn còn; hội thoại đang chạy kịch bản này sẽ dừng.`, dropYes: (name) => `Xoá ${name}`,
};
