// Files of a message: pictures inline at their own proportions, so that nothing jumps; anything else a chip to download.
import { Download, FileText } from "lucide-preact";
import { bytes } from "../../../../shared/format";
import type { FileView } from "../../../store/types";
import { language, t } from "../../../text";
import { Icon } from "../../../ui/Icon";

const SHOWN = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const MOST_WIDE_PX = 320;
const MOST_HIGH_PX = 280;

export function Attachments({ files }: { files: readonly FileView[] }) {
  if (!files?.length) return null;
  return <div class="atts">{files.map((file) => (SHOWN.has(file.mime) ? <Picture key={file.url} file={file} /> : <Chip key={file.url} file={file} />))}</div>;
}

function Picture({ file }: { file: FileView }) {
  const wide = file.width || MOST_WIDE_PX;
  const high = file.height || 200;
  const scale = Math.min(1, MOST_WIDE_PX / wide, MOST_HIGH_PX / high);
  return (
    <a class="pic" href={file.url} target="_blank" rel="noopener" aria-label={t().openPicture(file.name)}>
      <img src={file.url} alt={file.name} loading="lazy" decoding="async" width={Math.round(wide * scale)} height={Math.round(high * scale)} />
    </a>
  );
}

function Chip({ file }: { file: FileView }) {
  return (
    <a class="att" href={file.url} download={file.name}>
      <Icon of={FileText} size={14} /><span class="one">{file.name}</span><span class="faint nowrap">{bytes(file.bytes, language.value)}</span><Icon of={Download} size={12} />
    </a>
  );
}
