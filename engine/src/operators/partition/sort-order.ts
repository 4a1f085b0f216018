import type { Collector } from "../../flow/functions.ts";
import { compareFields } from "../stream-grouped-aggregations.ts";

/** Direction of `sortPartition` (Flink: `Order`). (Flink: docs/dev/datastream/operators/full_window_partition) */
export const Order = { ASCENDING: "ASCENDING", DESCENDING: "DESCENDING" } as const;
export type Order = (typeof Order)[keyof typeof Order];

/** A mapping of a partition that emits its records sorted; equal ones stay in the order in which they came. */
export function sortedBy<T>(keyOf: (value: T) => unknown, order: Order): (values: Iterable<T>, out: Collector<T>) => void {
  const sign = order === "DESCENDING" ? -1 : 1;
  return (values, out) => {
    const keyed = [...values].map((value) => ({ value, key: keyOf(value) }));
    keyed.sort((a, b) => sign * compareFields(a.key, b.key, "sortPartition"));
    for (const { value } of keyed) out.collect(value);
  };
}
