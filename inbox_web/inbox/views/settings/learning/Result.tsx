// What came of the last training: the gate's word in one sentence, and both models side by side.
import { clock, listTime, number, type Language } from "../../../../shared/format";
import { language, said, ts } from "../../../text";
import { Banner } from "../../../ui/Banner";
import { now } from "../../../ui/clock";
import { Card } from "../parts";
import { compared, FRESH, nameOf, type Compared, type Training, type Verdict } from "./shapes";

export function Result({ training, model }: { training: Training; model: string | null }) {
  const words = ts().learning;
  const at = new Date(training.ended ?? training.at);
  const day = listTime(at, now.value, language.value);
  return (
    <Card title={words.result} aside={<span class="faint num by">{words.by(training.name, day === clock(at) ? day : `${day} ${clock(at)}`)}</span>}>
      {training.state === "passed" && (training.version === model ? <Banner tone="ok">{words.passed}</Banner> : <Banner tone="info">{words.gone}</Banner>)}
      {training.state === "refused" && <Banner tone="warn">{words.refused}</Banner>}
      {training.state === "failed" && <Banner tone="danger">{words.failed(said(training.why ?? ""))}</Banner>}
      {training.verdict && training.state !== "failed" && <Sides verdict={training.verdict} />}
    </Card>
  );
}

function Sides({ verdict }: { verdict: Verdict }) {
  const words = ts().learning;
  const gone = Object.entries(verdict.gone ?? {});
  return (
    <>
    <table class="table sides">
      <caption class="help">{words.measured(number(verdict.rows, language.value))}</caption>
      <thead><tr><th>{words.of}</th><th class="r">{words.before}</th><th class="r">{words.after}</th><th class="r">{words.change}</th></tr></thead>
      <tbody>{compared(verdict).map((one) => <Line key={one.key} one={one} />)}</tbody>
    </table>
    {gone.length > 0 && <p class="help">{words.goneFrom(gone.map(([name, n]) => words.goneOne(nameOf(name), number(n, language.value))).join(", "))}</p>}
    </>
  );
}

function Line({ one }: { one: Compared }) {
  const spoken = language.value;
  return (
    <tr class={one.lost ? "lost" : ""}>
      <td>{one.words}{one.before === null && one.key.startsWith(FRESH) && <> <span class="chip accent">{ts().learning.isNew}</span></>}{one.lost && <> <span class="chip">{ts().learning.tooMuch}</span></>}</td>
      <td class="r num">{one.before === null ? ts().learning.notYet : percent(one.before, spoken)}</td><td class="r num">{percent(one.after, spoken)}</td><td class="r num">{one.before === null ? ts().learning.notYet : points(one.after - one.before, spoken)}</td>
    </tr>
  );
}

/** "92,4 %" in vi, "92.4 %" in en. */
const percent = (share: number, spoken: Language): string => `${decimal(share * 100, spoken)}\u00a0%`;

function points(share: number, spoken: Language): string {
  const tenths = Math.round(share * 1000);
  return tenths === 0 ? "0" : `${tenths > 0 ? "+" : "−"}${decimal(Math.abs(tenths) / 10, spoken)}`;
}

const decimal = (n: number, spoken: Language): string => (spoken === "vi" ? n.toFixed(1).replace(".", ",") : n.toFixed(1));
