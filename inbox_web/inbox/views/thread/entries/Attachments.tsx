// Files of a message: pictures inline at their own proportions, so that nothing jumps; anything else a chip to download. A
// file that is still on its way, or that could not be fetched, says so in its place.
import { Clock, Download, FileText, Image, TriangleAlert } from "lucide-preact";
import { useState } from "preact/hooks";
import { bytes } from "../../../../shared/format";
import { fetchAgain } from "../../../actions/send";
import type { FileView } from "../../../store/types";
import { language, said, t } from "../../../text";
import { Icon } from "../../../ui/Icon";

const SHOWN = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const ONE = { wide: 320, high: 280 };
const TILE_PX = 132;

/** `laid`: pictures inside its laid-out form (logos, mostly) are chips here. */
export function Attachments({ files, laid = false }: { files: readonly FileView[]; laid?: boolean }) {
  if (!files?.length) return null;
  const isPicture = (file: FileView) => SHOWN.has(file.mime) && (file.state ?? "here") === "here" && !(laid && file.inline);
  const tiled = files.filter(isPicture).length > 1;
  return <div class="atts">{files.map((file) => (isPicture(file) ? <Picture key={file.url} file={file} tiled={tiled} /> : <Chip key={file.url} file={file} />))}</div>;
}

function Picture({ file, tiled }: { file: FileView; tiled: boolean }) {
  const wide = file.width || ONE.wide;
  const high = file.height || 200;
  const scale = Math.min(1, ONE.wide / wide, ONE.high / high);
  const size = tiled ? { width: TILE_PX, height: TILE_PX } : { width: Math.round(wide * scale), height: Math.round(high * scale) };
  return (
    <a class={`pic${tiled ? " tile" : ""}`} href={file.url} target="_blank" rel="noopener" aria-label={t().openPicture(file.name)}>
      <img src={file.url} alt={file.name} loading="lazy" decoding="async" {...size} />
    </a>
  );
}

function Chip({ file }: { file: FileView }) {
  if (file.state === "waiting") return <span class="att busy" role="status"><Icon of={Clock} size={14} /><span class="one">{file.name}</span><span class="faint nowrap">{t().entry.fetching}</span></span>;
  if (file.state === "failed") return <Failed file={file} />;
  return (
    <a class="att" href={file.url} download={file.name}>
      <Icon of={file.mime.startsWith("image/") ? Image : FileText} size={14} /><span class="one">{file.name}</span><span class="faint nowrap">{bytes(file.bytes, language.value)}</span><Icon of={Download} size={12} />
    </a>
  );
}

/** Why it is not here; once more, where its platform may still have it. */
function Failed({ file }: { file: FileView }) {
  const [busy, setBusy] = useState(false);
  const again = async () => {
    setBusy(true);
    await fetchAgain(file);
    setBusy(false);
  };
  return (
    <div class="fail att-fail">
      <span><Icon of={TriangleAlert} size={14} /><span><b>{file.name}</b> {file.why ? said(file.why) : `${t().entry.fileFailed} ${t().entry.fileHow}`}</span></span>
      {file.again && <span class="fa"><button type="button" class="link" disabled={busy} aria-label={`${t().retry}: ${file.name}`} onClick={again}>{t().retry}</button></span>}
    </div>
  );
}
