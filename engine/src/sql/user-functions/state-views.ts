/** ListView and MapView over the lists and maps of a state backend: values are converted one by one. */
import type { LogicalType } from "../../types/logical-type.ts";
import { valueDigest } from "../../types/row.ts";
import type { ListHandle, MapHandle } from "../functions/process-function.ts";
import type { ListView, MapView } from "./data-views.ts";
import { toExternal, toInternal } from "./external-value.ts";

export function listView(state: ListHandle, element: LogicalType, what: string): ListView {
  const external = externalOf(element);
  const internal = toInternal(element, `an element of ${what}`);
  return {
    get: () => state.get().map(external),
    add: (value) => state.add(internal(value)),
    addAll: (values) => {
      for (const value of values) state.add(internal(value));
    },
    setList: (values) => state.update([...values].map(internal)),
    remove: (value) => {
      const wanted = valueDigest(internal(value));
      const kept = [...state.get()];
      const at = kept.findIndex((each) => valueDigest(each) === wanted);
      if (at < 0) return false;
      kept.splice(at, 1);
      state.update(kept);
      return true;
    },
    clear: () => state.clear(),
  };
}

export function mapView(state: MapHandle, key: LogicalType, value: LogicalType, what: string): MapView {
  const [externalKey, externalValue] = [externalOf(key), externalOf(value)];
  const [internalKey, internalValue] = [toInternal(key, `a key of ${what}`), toInternal(value, `a value of ${what}`)];
  const entries = function* (): Iterable<readonly [unknown, unknown]> {
    for (const [k, v] of state.entries()) yield [externalKey(k), externalValue(v)] as const;
  };
  return {
    get: (k) => externalValue(state.get(internalKey(k)) ?? null),
    put: (k, v) => state.put(internalKey(k), internalValue(v)),
    putAll: (many) => {
      for (const [k, v] of many) state.put(internalKey(k), internalValue(v));
    },
    remove: (k) => state.remove(internalKey(k)),
    contains: (k) => state.contains(internalKey(k)),
    entries,
    keys: () => [...entries()].map(([k]) => k),
    values: () => [...entries()].map(([, v]) => v),
    isEmpty: () => [...state.entries()].length === 0,
    clear: () => state.clear(),
  };
}

function externalOf(type: LogicalType): (value: unknown) => unknown {
  const convert = toExternal(type);
  return (value) => (value === null || convert === null ? value : convert(value));
}
