// Files that will go with the words: those that are there, those on their way, those that failed and why.
import { FileText, TriangleAlert, X } from "lucide-preact";
import { bytes } from "../../../shared/format";
import type { Uploading } from "../../actions/attach";
import type { Upload } from "../../store/types";
import { language, t } from "../../text";
import { Icon } from "../../ui/Icon";

interface Props { files: readonly Upload[]; uploads: readonly Uploading[]; onDetach: (id: string) => void; onDismiss: (id: string) => void }

export function DraftFiles({ files, uploads, onDetach, onDismiss }: Props) {
  if (files.length + uploads.length === 0) return null;
  return (
    <ul class="df" aria-label={t().composer.filesHere}>
      {files.map((file) => (
        <li key={file.id} class="att"><Icon of={FileText} size={14} /><span class="one">{file.name}</span><span class="faint nowrap">{bytes(file.bytes, language.value)}</span>
          <button type="button" aria-label={t().composer.detach(file.name)} onClick={() => onDetach(file.id)}><Icon of={X} size={12} /></button></li>
      ))}
      {uploads.map((one) => (
        <li key={one.id} class={`att${one.problem ? " bad" : " busy"}`} role={one.problem ? "alert" : undefined}><Icon of={one.problem ? TriangleAlert : FileText} size={14} /><span class="one">{one.name}</span><span class={one.problem ? "" : "faint"}>{one.problem ?? t().composer.uploading}</span>
          {one.problem && <button type="button" aria-label={t().close} onClick={() => onDismiss(one.id)}><Icon of={X} size={12} /></button>}</li>
      ))}
    </ul>
  );
}
