// What arrived and could not be read: why, and the two ways on. Nothing leaves by itself.
import { ShieldCheck } from "lucide-preact";
import { useState } from "preact/hooks";
import { bytes, listTime, clock } from "../../../shared/format";
import { say } from "../../actions/toast";
import { get, post, remove } from "../../store/api";
import { accounts, quarantined } from "../../store/session";
import type { Quarantined } from "../../store/types";
import { language, said, sentence, t, ts } from "../../text";
import { Blank } from "../../ui/Blank";
import { Button } from "../../ui/Button";
import { channelName, ChannelMark } from "../../ui/ChannelMark";
import { now } from "../../ui/clock";
import { Dialog } from "../../ui/Dialog";
import { SectionHead, useFetched } from "./parts";

/** Day and time; today the time alone. */
function arrived(at: Date): string {
  const day = listTime(at, now.value, language.value);
  return day === clock(at) ? day : `${day} ${clock(at)}`;
}

export function Quarantine() {
  const words = ts().quarantine;
  const { value, setValue, fault } = useFetched(async () => (await get<{ items: Quarantined[] }>("/quarantine")).items, quarantined.value);
  const [sure, setSure] = useState<Quarantined | null>(null);
  const drop = (id: string) => setValue((value ?? []).filter((one) => one.id !== id));
  const run = async (one: Quarantined, ask: () => Promise<unknown>, done: string) => {
    try {
      await ask();
      drop(one.id);
      say(done);
    } catch (error) {
      say(sentence(error));
    }
    setSure(null);
  };
  return (
    <>
      <SectionHead title={words.title} what={words.what} />
      {fault}
      {value?.length === 0 && <section class="card"><Blank icon={ShieldCheck} title={words.none}>{words.noneHow}</Blank></section>}
      {value && value.length > 0 && (
        <section class="card scroll"><table class="table stack told">
          <thead><tr><th>{words.when}</th><th>{words.where}</th><th>{words.why}</th><th /></tr></thead>
          <tbody>{value.map((one) => (
            <tr key={one.id}>
              <td class="nowrap num">{arrived(new Date(one.at))}</td>
              <td class="nowrap"><span class="row"><ChannelMark kind={one.channel} quiet />{accounts.value.get(one.account)?.name ?? channelName(one.channel)}</span></td>
              <td class="why">{said(one.why)} <span class="faint nowrap">{bytes(one.preview_bytes, language.value)}</span></td>
              <td class="nowrap r"><Button small onClick={() => void run(one, () => post(`/quarantine/${encodeURIComponent(one.id)}/retry`), words.retried)}>{words.retry}</Button> <Button small kind="quiet" onClick={() => setSure(one)}>{words.aside}</Button></td>
            </tr>
          ))}</tbody>
        </table></section>
      )}
      {sure && <Dialog title={words.aside} onClose={() => setSure(null)} foot={<><Button kind="quiet" onClick={() => setSure(null)}>{t().cancel}</Button><Button kind="danger" onClick={() => void run(sure, () => remove(`/quarantine/${encodeURIComponent(sure.id)}`), words.asided)}>{words.asideYes}</Button></>}><p>{words.asideSure}</p></Dialog>}
    </>
  );
}
