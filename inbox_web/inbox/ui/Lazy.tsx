// A part of the page that is fetched when it is first needed; a lost chunk can be asked for again.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { TriangleAlert } from "lucide-preact";
import { t } from "../text";
import { Blank } from "./Blank";
import { Button } from "./Button";

type Load<P> = () => Promise<ComponentType<P>>;

const loaded = new Map<Load<never>, ComponentType<never>>();

/** Fetch a part before it is needed; quiet when that fails, for then it is asked for again. */
export const prefetch = <P extends object>(load: Load<P>): void => void load().then((View) => loaded.set(load as Load<never>, View as ComponentType<never>), () => undefined);

/** Draw a part, at once when it was fetched before. */
export function Lazy<P extends object>({ load, props }: { load: Load<P>; props: P }) {
  const known = loaded.get(load as Load<never>) as ComponentType<P> | undefined;
  const [, setReady] = useState(0);
  const [failed, setFailed] = useState(false);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (known) return;
    setFailed(false);
    load().then((View) => { loaded.set(load as Load<never>, View as ComponentType<never>); setReady((n) => n + 1); }, () => setFailed(true));
  }, [tries, load]);
  if (known) { const View = known; return <View {...props} />; }
  if (!failed) return null;
  return <Blank icon={TriangleAlert} danger title={t().blank.page} action={<Button onClick={() => setTries(tries + 1)}>{t().retry}</Button>}>{t().problems.offline}</Blank>;
}
