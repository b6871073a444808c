import { render } from "preact";

export function mount(into: Element): void {
  render(<p>OmniHub</p>, into);
}
