/** Windows and slices as namespaces of state and timers: known by their end. */
import type { StateNamespace } from "../../state/namespace.ts";

export interface EndNamespace extends StateNamespace {
  readonly namespaceKey: number;
}

/** The namespace of the window (or slice) that ends then. */
export function windowUntil(end: number): EndNamespace {
  return { namespaceKey: end };
}

/** Hands out the namespace of an end; the same object for the same end as the time before, so that finding its state again costs a comparison. */
export class EndNamespaces {
  private last: EndNamespace = { namespaceKey: Number.NaN };

  of(end: number): EndNamespace {
    if (this.last.namespaceKey !== end) this.last = { namespaceKey: end };
    return this.last;
  }
}
