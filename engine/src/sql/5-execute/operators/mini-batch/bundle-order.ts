/** In which order a batch lets its keys go: Flink keeps them in a Java hash map, and where batches are cut by size, those behind show its order. */
import type { Row } from "../../../../types/row.ts";
import type { JavaMapOrder } from "../../java-map-order.ts";

/** Larger batches keep the order of arrival: the work would show in the rate, and the order in nothing. */
const MOST_ORDERED = 256;

/**
 * @param order null = keys leave as they came.
 * @param rowOf some row of what has been gathered of a key.
 * @param collisions keys of one bucket: `put` leaves the older one in front, `computeIfAbsent` the younger one.
 */
export function inMapOrder<B>(
  bundle: ReadonlyMap<unknown, B>,
  order: JavaMapOrder | null,
  rowOf: (gathered: B) => Row,
  collisions: "older first" | "younger first" = "older first",
): Iterable<B> {
  if (order === null || bundle.size < 2 || bundle.size > MOST_ORDERED) return bundle.values();
  const byRow = new Map<Row, B>();
  const rows: Row[] = [];
  for (const gathered of bundle.values()) {
    const row = rowOf(gathered);
    byRow.set(row, gathered);
    rows.push(row);
  }
  if (collisions === "younger first") rows.reverse();
  order.sort(rows, rows.length);
  return rows.map((row) => byRow.get(row)!);
}
