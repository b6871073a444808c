// Signing in: e-mail and password, clear about what was wrong, with the language and the theme at hand.
import "../styles/signin.css";
import { Eye, EyeOff, Moon, Sun } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { enter } from "../actions/start";
import { Problem } from "../store/api";
import { prefer, prefs } from "../store/prefs";
import { signIn } from "../store/session";
import { language, sentence, speak, t } from "../text";
import { Button, IconButton } from "../ui/Button";
import { Field, Input } from "../ui/Field";
import { Logo } from "../ui/Logo";

export function SignIn() {
  const dark = prefs.value.theme === "dark" || (prefs.value.theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  const choose = (next: "vi" | "en") => {
    prefer({ language: next });
    void speak(next);
  };
  return (
    <main class="si">
      <div class="si-top">
        {(["vi", "en"] as const).map((one) => <button key={one} type="button" lang={one} class={`btn btn-quiet${language.value === one ? " on" : ""}`} aria-pressed={language.value === one} onClick={() => choose(one)}>{one === "vi" ? "Tiếng Việt" : "English"}</button>)}
        <IconButton label={dark ? t().theme.toLight : t().theme.toDark} icon={dark ? Sun : Moon} onClick={() => prefer({ theme: dark ? "light" : "dark" })} />
      </div>
      <div class="si-box"><span class="si-logo"><Logo size={34} /></span><h1>{t().signIn.title}</h1><p class="muted">{t().signIn.what}</p><Form /></div>
      <p class="si-foot faint">{t().signIn.noAccount}</p>
    </main>
  );
}

function Form() {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [seen, setSeen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const first = useRef<HTMLFormElement>(null);
  useEffect(() => { first.current?.querySelector("input")?.focus(); }, []);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!email.trim() || !password) return setProblem(t().signIn.both);
    setBusy(true);
    setProblem(null);
    try {
      await signIn(email.trim(), password, language.peek());
      await enter();
    } catch (error) {
      const wrong = error instanceof Problem && error.status === 401;
      setProblem(wrong ? t().signIn.wrong : sentence(error));
      setBusy(false);
      if (wrong) first.current?.querySelector<HTMLInputElement>("input[name=password]")?.select();
    }
  };
  return (
    <form ref={first} onSubmit={submit} novalidate>
      <Input label={t().signIn.email} type="email" name="email" autocomplete="username" inputMode="email" value={email} onValue={setEmail} required />
      <Field label={t().signIn.password} error={problem}>
        {(ids) => (
          <div class="with-eye">
            <input {...ids} {...({ type: seen ? "text" : "password" } as object)} class="input" name="password" autocomplete="current-password" value={password} onInput={(event: Event) => setPassword((event.currentTarget as HTMLInputElement).value)} />
            <IconButton label={seen ? t().signIn.hide : t().signIn.show} icon={seen ? EyeOff : Eye} aria-pressed={seen} onClick={() => setSeen(!seen)} />
          </div>
        )}
      </Field>
      <Button kind="primary" type="submit" busy={busy} class="wide">{t().signIn.go}</Button>
    </form>
  );
}
