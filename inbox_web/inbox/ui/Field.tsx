// A label above, help below; an error takes the place of the help with a sentence and a glyph.
import { TriangleAlert } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Icon } from "./Icon";

interface Around { label: string; help?: ComponentChildren; error?: string | null | undefined; aside?: ComponentChildren }

/** The frame of any control: hands out the ids that tie label, help and error together. */
export function Field({ label, help, error, aside, children }: Around & { children: (ids: { id: string; "aria-describedby": string | undefined; "aria-invalid": boolean | undefined }) => ComponentChildren }) {
  const id = useId();
  const about = error || help ? `${id}-h` : undefined;
  return (
    <div class="field">
      <div class="field-l"><label for={id}>{label}</label>{aside}</div>
      {children({ id, "aria-describedby": about, "aria-invalid": error ? true : undefined })}
      {error ? <p class="err" id={about} role="alert"><Icon of={TriangleAlert} size={14} /><span>{error}</span></p> : help && <p class="help" id={about}>{help}</p>}
    </div>
  );
}

interface Native { type?: "text" | "email" | "tel" | "password" | "datetime-local"; name?: string; autocomplete?: string; inputMode?: "email" | "numeric"; required?: boolean; autofocus?: boolean; min?: string; maxLength?: number }

/** A line of text. */
export function Input({ label, help, error, aside, value, onValue, class: more, ...rest }: Around & Native & { value: string; onValue: (value: string) => void; class?: string }) {
  return (
    <Field label={label} {...(help !== undefined && { help })} error={error} {...(aside !== undefined && { aside })}>
      {(ids) => <input {...(rest as object)} {...ids} class={`input${more ? ` ${more}` : ""}`} value={value} onInput={(event: Event) => onValue((event.currentTarget as HTMLInputElement).value)} />}
    </Field>
  );
}

/** Several lines of text. */
export function Area({ label, help, error, value, onValue, rows = 3, mono }: Around & { value: string; onValue: (value: string) => void; rows?: number; mono?: boolean }) {
  return (
    <Field label={label} {...(help !== undefined && { help })} error={error}>
      {(ids) => <textarea {...ids} rows={rows} class={`input area${mono ? " mono" : ""}`} value={value} onInput={(event: Event) => onValue((event.currentTarget as HTMLTextAreaElement).value)} />}
    </Field>
  );
}

/** One of a few. */
export function Choose({ label, help, error, value, onValue, options }: Around & { value: string; onValue: (value: string) => void; options: readonly { value: string; words: string }[] }) {
  return (
    <Field label={label} {...(help !== undefined && { help })} error={error}>
      {(ids) => (
        <select {...ids} class="input select" value={value} onChange={(event: Event) => onValue((event.currentTarget as HTMLSelectElement).value)}>
          {options.map((one) => <option key={one.value} value={one.value} selected={one.value === value}>{one.words}</option>)}
        </select>
      )}
    </Field>
  );
}

/** A switch acts at once; a checkbox waits for Save. */
export function Toggle({ label, help, on, onToggle, kind = "checkbox", disabled }: { label: string; help?: string; on: boolean; onToggle: (on: boolean) => void; kind?: "checkbox" | "switch"; disabled?: boolean }) {
  const id = useId();
  return (
    <div class="toggle">
      <input id={id} type="checkbox" role={kind === "switch" ? "switch" : undefined} class={kind} checked={on} disabled={disabled} aria-describedby={help ? `${id}-h` : undefined} onChange={(event: Event) => onToggle((event.currentTarget as HTMLInputElement).checked)} />
      <label for={id}>{label}{help && <span class="help" id={`${id}-h`}>{help}</span>}</label>
    </div>
  );
}
