/**
 * `sum`, `min`, `max`, `minBy`, `maxBy` as reduce functions, for rolling aggregations and windows alike (Flink: `SumAggregator`,
 * `ComparableAggregator`).
 *
 * `min` and `max` replace the field only and keep the other fields of the first record; `minBy` and `maxBy` give the whole record.
 */
import { Diagnostic } from "../base/diagnostic.ts";
import type { ReduceFunction } from "../flow/functions.ts";

/** A tuple position, a field name, a path such as `user.age`, or `*` for the value itself. */
export type FieldPath = string | number;

export function sumAggregator<T>(field: FieldPath): ReduceFunction<T> {
  const access = new FieldAccessor(field);
  return {
    reduce: (value1, value2) => access.set(value1, add(access.get(value1), access.get(value2), field)) as T,
  };
}

export function minAggregator<T>(field: FieldPath): ReduceFunction<T> {
  return extremum<T>(field, -1);
}

export function maxAggregator<T>(field: FieldPath): ReduceFunction<T> {
  return extremum<T>(field, 1);
}

/** @param first which of several equal records is kept: the first (default) or the last. */
export function minByAggregator<T>(field: FieldPath, first = true): ReduceFunction<T> {
  return extremeRecord<T>(field, -1, first);
}

/** @param first which of several equal records is kept: the first (default) or the last. */
export function maxByAggregator<T>(field: FieldPath, first = true): ReduceFunction<T> {
  return extremeRecord<T>(field, 1, first);
}

function extremum<T>(field: FieldPath, sign: 1 | -1): ReduceFunction<T> {
  const access = new FieldAccessor(field);
  return {
    reduce: (value1, value2) => {
      const candidate = access.get(value2);
      return compare(access.get(value1), candidate, field) * sign > 0 ? value1 : (access.set(value1, candidate) as T);
    },
  };
}

function extremeRecord<T>(field: FieldPath, sign: 1 | -1, first: boolean): ReduceFunction<T> {
  const access = new FieldAccessor(field);
  return {
    reduce: (value1, value2) => {
      const order = compare(access.get(value1), access.get(value2), field) * sign;
      if (order === 0) return first ? value1 : value2;
      return order > 0 ? value1 : value2;
    },
  };
}

/** Reads a field of a value; undefined when there is none. */
export function fieldReader(field: FieldPath): (value: unknown) => unknown {
  const access = new FieldAccessor(field);
  return (value) => access.get(value);
}

/** Negative, 0 or positive, as left is smaller, equal or larger. @throws Diagnostic AGGREGATION_FIELD for what has no order. */
export function compareFields(left: unknown, right: unknown, field: FieldPath): number {
  return compare(left, right, field);
}

/** Reads a field and makes copies of the value in which it is another; the value in state must not change under its readers. */
class FieldAccessor {
  private readonly path: readonly string[];

  constructor(field: FieldPath) {
    this.path = field === "*" ? [] : String(field).split(".");
  }

  get(value: unknown): unknown {
    let current = value;
    for (const step of this.path) {
      if (!isItself(current, step)) current = (current as Record<string, unknown>)?.[stepIn(current, step)];
    }
    return current;
  }

  set(value: unknown, replacement: unknown): unknown {
    return replaceAt(value, this.path, 0, replacement);
  }
}

function replaceAt(value: unknown, path: readonly string[], depth: number, replacement: unknown): unknown {
  if (depth === path.length || isItself(value, path[depth])) return replacement;
  const step = stepIn(value, path[depth]);
  const copy: Record<string, unknown> = Array.isArray(value)
    ? (value.slice() as unknown as Record<string, unknown>)
    : Object.assign(Object.create(Object.getPrototypeOf(value as object) as object) as Record<string, unknown>, value);
  copy[step] = replaceAt(copy[step], path, depth + 1, replacement);
  return copy;
}

/** Position 0 of a number, a text or a date is the value (as in Flink). */
function isItself(value: unknown, step: string): boolean {
  return step === "0" && (typeof value !== "object" || value instanceof Date);
}

/** "f2" means position 2 in a tuple written as an array, and 2 means field f2 of a `Tuple3`. */
function stepIn(value: unknown, step: string): string {
  if (Array.isArray(value)) return /^f\d+$/.test(step) ? step.slice(1) : step;
  return /^\d+$/.test(step) && typeof value === "object" && value !== null && `f${step}` in value ? `f${step}` : step;
}

function add(left: unknown, right: unknown, field: FieldPath): unknown {
  if (typeof left === "number" && typeof right === "number") return left + right;
  if (typeof left === "bigint" && typeof right === "bigint") return left + right;
  throw fieldMistake(field, "number", left, right);
}

function compare(left: unknown, right: unknown, field: FieldPath): number {
  if (typeof left === typeof right && ["number", "bigint", "string", "boolean"].includes(typeof left)) {
    return (left as number) < (right as number) ? -1 : (left as number) > (right as number) ? 1 : 0;
  }
  if (left instanceof Date && right instanceof Date) return Math.sign(left.getTime() - right.getTime());
  throw fieldMistake(field, "comparable value", left, right);
}

function fieldMistake(field: FieldPath, wanted: string, left: unknown, right: unknown): Diagnostic {
  const kind = (value: unknown) => (value === null ? "null" : typeof value);
  return new Diagnostic({
    code: "AGGREGATION_FIELD",
    message: `Field "${field}" is not a ${wanted} in both records.`,
    phase: "runtime",
    found: `${kind(left)} and ${kind(right)}`,
    expected: wanted,
    hint: "Check the field name or tuple position given to sum, min, max, minBy or maxBy.",
  });
}
