// The page about learning from corrected tags in Vietnamese.
import type { LearningText } from "./learning.en";

export const learning: LearningText = {
  title: "Dạy máy gắn nhãn", what: "Mọi người sửa nhãn trong hộp thư, bạn cho ví dụ ở mục Ý định: máy học theo cả hai.", model: "Mô hình", waiting: (n) => `${n} chỗ sửa mà mô hình hiện tại chưa học`, nothing: "Mô hình hiện tại đã học mọi chỗ sửa, ví dụ và thay đổi ý định.", changed: (n) => `Tính cả ví dụ và thay đổi ý định, ${n} tin sẽ được dạy khác đi.`,
  serves: (version) => `Đang dùng: ${version}`, noModel: "Chưa có mô hình. Mô hình đầu tiên được học khi hub khởi động.", train: "Học ngay", how: "Mất một hai phút, chạy bên cạnh công việc. Mô hình mới chỉ được dùng khi không mất quá 0,5 điểm tính chung và 3 điểm ở từng ý định, kể cả khi khách gõ không dấu.",
  running: (who, n) => `Đang học ${n} chỗ sửa, ${who} bắt đầu`, step: { starting: "Đang chuẩn bị", reading: "Đang đọc các ví dụ", fitting: "Đang học từ ngữ", "second head": "Đang học mạng nơ-ron", calibrating: "Đang đo độ chắc chắn", judging: "Đang so với mô hình hiện tại" }, runningAll: (who, n) => `Đang học thay đổi ở ${n} tin, ${who} bắt đầu`, fold: (n, of) => `Phần ${n}/${of}`,
  back: "Quay lại mô hình trước", wentBack: "Đã dùng lại mô hình trước", result: "Lần học gần nhất", by: (who, when) => `${who}, ${when}`,
  passed: "Đạt: mô hình mới đang được dùng.", gone: "Đạt, nhưng bạn đã quay lại: đang dùng một mô hình trước đó.", refused: "Chưa đạt: mô hình mới làm mất quá nhiều nên vẫn dùng mô hình cũ. Xem lại những chỗ sửa và ví dụ thuộc các dòng được đánh dấu.", failed: (why) => `Lần học không thành; mô hình hiện tại vẫn được dùng. ${why}`,
  measured: (n) => `Tỷ lệ gắn đúng, trên ${n} tin mà cả hai mô hình chưa thấy`, of: "Tin nhắn", before: "Trước", after: "Sau", change: "Thay đổi", overall: "Tất cả", bare: "Gõ không dấu", bareOf: (name) => `${name}, gõ không dấu`, tooMuch: "mất quá nhiều", isNew: "mới", wentAll: "Tất cả, chuyển sang ý định mới", went: (name) => `${name}, chuyển sang ý định mới`, notYet: "–", goneFrom: (names) => `Không còn dạy: ${names}.`, goneOne: (name, n) => `${name} (${n} tin)`,
  latest: "Những chỗ sửa gần nhất", none: "Chưa có nhãn nào được sửa", noneHow: "Bấm vào nhãn ý định của một tin trong hội thoại để sửa.", untagged: "chưa có nhãn", see: (text) => `Xem “${text}”`, to: "thành",
};
