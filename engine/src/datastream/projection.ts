/** `stream.project(1, 0)`: tuples made of some fields of others. */
import { Diagnostic } from "../base/diagnostic.ts";
import { MAX_ARITY, Tuple, tupleClass, type TupleOf } from "./tuple.ts";

/** Types of the fields of a tuple or of an array with a known number of elements. */
type FieldsOf<T> = T extends TupleOf<infer F> ? F : T extends readonly unknown[] ? T : never;

/** What `project(...positions)` makes of a stream of `T`: a tuple of a tuple, an array of an array. */
export type ProjectionOf<T, P extends readonly number[]> = T extends readonly unknown[]
  ? { -readonly [I in keyof P]: FieldsOf<T>[P[I]] }
  : TupleOf<{ -readonly [I in keyof P]: T[`f${P[I]}` & keyof T] }>;

/** @throws Diagnostic JOB_PROJECTION */
export function checkPositions(positions: readonly number[]): void {
  if (positions.length > MAX_ARITY)
    throw refusal(`project() can select at most ${MAX_ARITY} fields.`, `${positions.length} positions`, "graph");
  if (positions.length === 0) throw refusal("project() needs to select at least one (1) field.", "no position", "graph");
  const wrong = positions.find((position) => !Number.isInteger(position) || position < 0);
  if (wrong !== undefined) throw refusal(`project() needs positions of fields, counted from 0; found ${wrong}.`, String(wrong), "graph");
}

/** The fields of a tuple, or of an array, at these positions, as another one. @throws Diagnostic JOB_PROJECTION, TUPLE_NO_SUCH_FIELD */
export function projected(value: unknown, positions: readonly number[]): unknown {
  if (Array.isArray(value)) {
    const beyond = positions.find((position) => position >= value.length);
    if (beyond !== undefined)
      throw refusal(`Index: ${beyond}, Size: ${value.length}`, `position ${beyond} of ${value.length} fields`, "runtime");
    return positions.map((position) => value[position] as unknown);
  }
  if (!(value instanceof Tuple)) throw refusal("Only Tuple DataStreams can be projected", typeof value, "runtime");
  const Projection = tupleClass<new (...fields: readonly unknown[]) => Tuple>(positions.length);
  return new Projection(...positions.map((position) => value.getField(position)));
}

function refusal(message: string, found: string, phase: "graph" | "runtime"): Diagnostic {
  return new Diagnostic({
    code: "JOB_PROJECTION",
    message,
    phase,
    found,
    expected: "a stream of tuples, and positions of their fields",
    hint: "Of plain objects take fields with map: (value) => ({ user: value.user }).",
  });
}
