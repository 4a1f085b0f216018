import { isOpaque, MAX_NESTING, notSerializable } from "./unserializable.ts";

/**
 * A deep copy, as a serializer would make it between two subtasks or into a snapshot. Objects keep their prototype, so instances of
 * the learner's classes stay instances; own enumerable fields are copied.
 *
 * @throws Diagnostic TYPE_NOT_SERIALIZABLE naming the path of a function, symbol, promise, weak collection or cycle.
 */
export function copyValue<T>(value: T): T {
  if (typeof value !== "object" || value === null) {
    if (typeof value === "function" || typeof value === "symbol") throw notSerializable(value);
    return value;
  }
  try {
    return copyObject(value, 0) as T;
  } catch (error) {
    throw error === CANNOT_COPY ? notSerializable(value) : error;
  }
}

/** A copy of something that a value holds; the whole `value` is for the diagnostic. */
export function copyNested(value: object, part: unknown): unknown {
  try {
    return copyAny(part, 1);
  } catch (error) {
    throw error === CANNOT_COPY ? notSerializable(value) : error;
  }
}

/** Thrown inside the recursion only; the caller at the top replaces it by a diagnostic. */
const CANNOT_COPY = Symbol("cannot copy");

function copyAny(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) {
    if (typeof value === "function" || typeof value === "symbol") throw CANNOT_COPY;
    return value;
  }
  return copyObject(value, depth);
}

function copyObject(value: object, depth: number): object {
  if (depth > MAX_NESTING) throw CANNOT_COPY;
  if (Array.isArray(value)) {
    const length = value.length;
    const list = new Array<unknown>(length);
    for (let index = 0; index < length; index++) list[index] = copyAny(value[index], depth + 1);
    return list;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    if (value instanceof Date) return new Date(value.getTime());
    if (value instanceof Uint8Array) return value.slice();
    if (value instanceof Map) {
      const map = new Map<unknown, unknown>();
      for (const [key, element] of value) map.set(copyAny(key, depth + 1), copyAny(element, depth + 1));
      return map;
    }
    if (value instanceof Set) {
      const set = new Set<unknown>();
      for (const element of value) set.add(copyAny(element, depth + 1));
      return set;
    }
    if (isOpaque(value)) throw CANNOT_COPY;
    return copyFields(value, Object.create(prototype as object) as Record<string, unknown>, depth);
  }
  return copyFields(value, prototype === null ? (Object.create(null) as Record<string, unknown>) : {}, depth);
}

function copyFields(source: object, target: Record<string, unknown>, depth: number): object {
  const fields = source as Record<string, unknown>;
  for (const field in fields) {
    if (!Object.hasOwn(fields, field)) continue;
    const copy = copyAny(fields[field], depth + 1);
    if (field === "__proto__") Object.defineProperty(target, field, { value: copy, enumerable: true, writable: true, configurable: true });
    else target[field] = copy;
  }
  return target;
}
