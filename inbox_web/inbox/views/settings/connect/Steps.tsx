// An account that was just connected: that it works, and what is left to do on the platform.
import { Words } from "../../../../shared/render";
import type { Account } from "../../../store/types";
import { language, ts } from "../../../text";
import { Banner } from "../../../ui/Banner";
import { channelName } from "../../../ui/ChannelMark";
import { Card } from "../parts";
import { connected } from "./steps";

export function Steps({ account }: { account: Account }) {
  const fresh = connected.value;
  if (fresh?.account !== account.id) return null;
  const steps = fresh.steps[language.value] ?? fresh.steps.en ?? [];
  return (
    <>
      <Banner tone="ok"><p><b>{ts().connect.done(account.name)}</b> {steps.length ? ts().connect.doneHow : ts().connect.noSteps}</p></Banner>
      {steps.length > 0 && <Card title={ts().connect.left(channelName(account.kind))}><ol class="steps">{steps.map((step) => <li key={step}><span><Words text={step} /></span></li>)}</ol></Card>}
    </>
  );
}
