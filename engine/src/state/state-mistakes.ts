/** What can be wrong with the use of keyed state, in whatever backend it lives. */
import { Diagnostic } from "../base/diagnostic.ts";
import type { StateDescriptor, StateKind } from "./descriptors.ts";

export function keyIsNull(): Diagnostic {
  return new Diagnostic({
    code: "KEY_IS_NULL",
    message: "The key selector returned null or undefined; a record without a key cannot be assigned to a subtask.",
    phase: "runtime",
    found: "null",
    expected: "a key for every record",
    hint: "Filter records without the key field before keyBy, or give them a default key.",
  });
}

export function noKeySet(stateName: string): Diagnostic {
  return new Diagnostic({
    code: "STATE_WITHOUT_CURRENT_KEY",
    message: `No key set: keyed state "${stateName}" was read or written outside of a keyed context, while no record was being processed.`,
    phase: "runtime",
    expected: "state access in processElement, onTimer, map, … ",
    hint: "In open() only obtain the state handle; read and write it per record.",
  });
}

export function kindChanged(descriptor: StateDescriptor, present: StateKind): Diagnostic {
  return new Diagnostic({
    code: "STATE_KIND_CHANGED",
    message:
      `State "${descriptor.name}" is a ${present} state here, but was asked for as a ${descriptor.kind} state. Incompatible key/value state types. ` +
      `Was [${present.toUpperCase()}], registered with [${descriptor.kind.toUpperCase()}].`,
    phase: "runtime",
    found: `${descriptor.kind} state "${descriptor.name}"`,
    expected: `${present} state "${descriptor.name}"`,
    hint: "Two states of one function need two names; a state that was saved as one kind cannot be restored as another.",
  });
}
