// A component that is drawn again only when its props changed in a way that matters. (The same as in preact/compat, which
// would bring all of itself along.) Signals read inside still redraw it.
import { Component, h, type ComponentType } from "preact";

export function memo<P extends object>(View: ComponentType<P>, same: (before: P, after: P) => boolean): ComponentType<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      return !same(this.props as P, next as P);
    }
    override render() {
      return h(View as ComponentType<object>, this.props as object);
    }
  } as unknown as ComponentType<P>;
}
