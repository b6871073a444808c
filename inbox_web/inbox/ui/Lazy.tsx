// A page that is fetched when it is first needed; a lost chunk can be asked for again.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { TriangleAlert } from "lucide-preact";
import { t } from "../text";
import { Blank } from "./Blank";
import { Button } from "./Button";

export function Lazy<P extends object>({ load, props }: { load: () => Promise<ComponentType<P>>; props: P }) {
  const [page, setPage] = useState<{ View: ComponentType<P> } | null>(null);
  const [failed, setFailed] = useState(0);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    load().then((View) => setPage({ View }), () => setFailed((n) => n + 1));
  }, [tries]);
  if (page) return <page.View {...props} />;
  if (failed <= tries) return null;
  return (
    <Blank icon={TriangleAlert} danger title={t().blank.page} action={<Button onClick={() => setTries(failed)}>{t().retry}</Button>}>{t().problems.offline}</Blank>
  );
}
