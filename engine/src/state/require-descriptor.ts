import { Diagnostic } from "../base/diagnostic.ts";
import { StateDescriptor, type StateKind } from "./descriptors.ts";
import type { State } from "./state.ts";

const METHODS: Readonly<Record<StateKind, string>> = {
  value: "getState",
  list: "getListState",
  map: "getMapState",
  reducing: "getReducingState",
  aggregating: "getAggregatingState",
};

/**
 * The descriptor, when it describes that kind of state.
 *
 * @throws Diagnostic STATE_DESCRIPTOR
 */
export function requireDescriptor<D extends StateDescriptor<State>>(descriptor: D, kind: StateKind): D {
  if (descriptor instanceof StateDescriptor && descriptor.kind === kind) return descriptor;
  const found =
    descriptor instanceof StateDescriptor ? `the descriptor of ${descriptor.kind} state "${descriptor.name}"` : String(descriptor);
  throw new Diagnostic({
    code: "STATE_DESCRIPTOR",
    phase: "runtime",
    message: `${METHODS[kind]}(…) was given ${found}.`,
    found,
    expected: `the descriptor of a ${kind} state`,
    hint:
      descriptor instanceof StateDescriptor
        ? `Call ${METHODS[descriptor.kind]}(…), or describe a ${kind} state.`
        : "Make the descriptor first, as a field of the function for instance.",
  });
}
