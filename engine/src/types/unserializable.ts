import { Diagnostic } from "../base/diagnostic.ts";
import { hiddenContents, PRIVATE_FIELD } from "../base/hidden-contents.ts";

/** Nesting beyond this is taken for a cycle. */
export const MAX_NESTING = 200;

/**
 * The diagnostic for a value that cannot travel between subtasks or live in state. Searches the offending part only now, so the
 * copying and encoding loops need not carry a path along.
 */
export function notSerializable(root: unknown): Diagnostic {
  const offender = findOffender(root, "value", 0) ?? { path: "value", what: "an unsupported value" };
  return new Diagnostic({
    code: "TYPE_NOT_SERIALIZABLE",
    message: `${offender.path} is ${offender.what}, which can neither be sent to another subtask nor kept in state.`,
    phase: "runtime",
    found: offender.what,
    expected: "null, boolean, number, bigint, string, Date, Uint8Array, or arrays, objects, Maps and Sets of these",
    hint: offender.what.includes(PRIVATE_FIELD)
      ? "A #field can be read by its class alone, so a copy would be without it. Declare the field without #, as `private` or `readonly` say the same to the compiler."
      : "Keep plain data in records and state; put functions, connections and caches into fields of the function and create them in open().",
  });
}

/** The same diagnostic with the name of the state that the value was found in; any other error as it is. */
export function namingState(error: unknown, stateName: string): unknown {
  if (!(error instanceof Diagnostic) || error.data.code !== "TYPE_NOT_SERIALIZABLE") return error;
  return new Diagnostic({ ...error.data, message: `In state "${stateName}": ${error.data.message}` });
}

/** True for objects whose contents are hidden from us, so that a copy would silently lose them. */
export function isOpaque(value: object): boolean {
  return hiddenContents(value) !== null;
}

function findOffender(value: unknown, path: string, depth: number): { path: string; what: string } | undefined {
  if (typeof value === "function") return { path, what: `a function${value.name === "" ? "" : ` (${value.name})`}` };
  if (typeof value === "symbol") return { path, what: "a symbol" };
  if (typeof value !== "object" || value === null) return undefined;
  if (depth > MAX_NESTING) return { path: "value", what: "a structure that contains itself (or is nested too deeply)" };
  if (value instanceof Date || value instanceof Uint8Array) return undefined;
  const hidden = hiddenContents(value);
  if (hidden !== null) return { path, what: hidden };
  for (const [step, child] of children(value)) {
    const found = findOffender(child, path + step, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function* children(value: object): Generator<[string, unknown]> {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) yield [`[${index}]`, value[index]];
  } else if (value instanceof Map) {
    for (const [key, element] of value) {
      yield [".keys()", key];
      yield [`.get(${String(key)})`, element];
    }
  } else if (value instanceof Set) {
    for (const element of value) yield [".values()", element];
  } else {
    for (const [field, element] of Object.entries(value)) yield [`.${field}`, element];
  }
}
