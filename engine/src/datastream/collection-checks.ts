/** What `fromData` demands of its values (Flink: `FromElementsGeneratorFunction.checkCollection`). */
import { Diagnostic } from "../base/diagnostic.ts";
import { Tuple } from "./tuple.ts";
import { tupleTypeOf, typeOfValue } from "./type-checks.ts";
import type { TypeInformation } from "./type-information.ts";

/** The elements' type as the first of them shows it. */
export function typeOfElement(value: unknown): TypeInformation<unknown> | undefined {
  if (!(value instanceof Tuple)) return typeOfValue(value);
  return tupleTypeOf(Array.from({ length: value.getArity() }, (_, position) => value.getField(position)));
}

/** @throws Diagnostic JOB_EMPTY_COLLECTION, SOURCE_NULL_ELEMENT, SOURCE_MIXED_ELEMENTS */
export function checkCollection(values: readonly unknown[]): void {
  if (values.length === 0) {
    throw new Diagnostic({
      code: "JOB_EMPTY_COLLECTION",
      message: "Collection must not be empty.",
      phase: "graph",
      hint: "Give fromData at least one value.",
    });
  }
  const kind = kindOf(values[0]);
  for (const [index, value] of values.entries()) {
    if (value === null || value === undefined) {
      throw new Diagnostic({
        code: "SOURCE_NULL_ELEMENT",
        phase: "graph",
        message: "The collection contains a null element.",
        found: `${value} at position ${index}`,
        expected: "values only",
        hint: "Leave it out. A record that stands for nothing needs a field that says so.",
      });
    }
    if (!isOfKind(value, kind)) throw mixedElements(kind, kindOf(value), index);
  }
}

/** A class whose instances belong together, or the name of a simple type. All plain objects are of one kind. */
type Kind = string | (abstract new (...args: never[]) => unknown);

function kindOf(value: unknown): Kind {
  if (typeof value !== "object" || value === null) return typeof value;
  if (Array.isArray(value)) return "array";
  const prototype = Object.getPrototypeOf(value) as { constructor?: unknown } | null;
  if (prototype === null || prototype === Object.prototype || typeof prototype.constructor !== "function") return "object";
  return prototype.constructor as Kind;
}

function isOfKind(value: unknown, kind: Kind): boolean {
  return typeof kind === "string" ? kindOf(value) === kind : value instanceof kind;
}

function nameOf(kind: Kind): string {
  return typeof kind === "string" ? kind : kind.name;
}

function mixedElements(first: Kind, other: Kind, index: number): Diagnostic {
  return new Diagnostic({
    code: "SOURCE_MIXED_ELEMENTS",
    phase: "graph",
    message: `The elements in the collection are not all subclasses of ${nameOf(first)}: the one at position ${index} is a ${nameOf(other)}.`,
    found: `a ${nameOf(first)} and a ${nameOf(other)}`,
    expected: "elements of one type",
    hint: "The first element decides the type. Give records of several kinds one common shape, for instance plain objects with a field kind.",
  });
}
