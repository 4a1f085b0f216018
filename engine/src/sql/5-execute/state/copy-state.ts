/** Deep copy of state values: arrays, Maps and plain objects; everything else is immutable. */
export function copyState<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyState) as T;
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, copyState(item)])) as T;
  if (typeof value === "object" && value !== null && !(value instanceof Uint8Array)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyState(item)])) as T;
  }
  return value;
}

/** About what Flink's serializers would write: 8 bytes a number, text as UTF-8 with its length, containers with a count. */
export function stateBytes(value: unknown): number {
  switch (typeof value) {
    case "number":
      return 8;
    case "bigint":
      return 8;
    case "boolean":
      return 1;
    case "string":
      return 4 + value.length;
    default:
      break;
  }
  if (value === null || value === undefined) return 1;
  let bytes = 4;
  if (Array.isArray(value)) for (const item of value) bytes += stateBytes(item);
  else if (value instanceof Map) for (const [key, item] of value) bytes += stateBytes(key) + stateBytes(item);
  else if (value instanceof Uint8Array) bytes += value.length;
  else for (const item of Object.values(value)) bytes += stateBytes(item);
  return bytes;
}
