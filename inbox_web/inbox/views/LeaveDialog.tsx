// Signing out with words that were not sent: on a machine that others use they should not stay.
import { signOutNow, unsentHere } from "../actions/start";
import { t } from "../text";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";

export function LeaveDialog({ onClose }: { onClose: () => void }) {
  const go = (clear: boolean) => () => {
    onClose();
    void signOutNow(clear);
  };
  return (
    <Dialog title={t().nav.signOut} onClose={onClose} foot={<><Button kind="quiet" onClick={onClose}>{t().cancel}</Button><Button onClick={go(false)}>{t().leaving.keep}</Button><Button kind="danger" onClick={go(true)}>{t().leaving.clear}</Button></>}>
      <p>{t().leaving.unsent(unsentHere())}</p><p class="help">{t().leaving.how}</p>
    </Dialog>
  );
}
