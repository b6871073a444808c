// The toast at the bottom left: what was just done, and the way back. It waits while it is looked at.
import { useEffect, useState } from "preact/hooks";
import { X } from "lucide-preact";
import { hush, toast, TOAST_MS } from "../actions/toast";
import { t } from "../text";
import { Icon } from "./Icon";

export function ToastBar() {
  const now = toast.value;
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (!now || held) return;
    const timer = setTimeout(hush, TOAST_MS);
    return () => clearTimeout(timer);
  }, [now?.id, held]);
  const undo = () => {
    hush();
    now?.action?.run();
  };
  return (
    <div class="toasts" role="status" onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)} onFocusIn={() => setHeld(true)} onFocusOut={() => setHeld(false)}>
      {now && (
        <div class="toast" key={now.id}>
          <span>{now.words}</span>
          {now.action && <button type="button" class="link" onClick={undo}>{now.action.words}</button>}
          <button type="button" class="toast-x" aria-label={t().close} onClick={hush}><Icon of={X} size={14} /></button>
        </div>
      )}
    </div>
  );
}
