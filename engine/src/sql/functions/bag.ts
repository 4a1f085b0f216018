/** Values with how often they are there, by digest: lets aggregates take rows back. A plain value, as all state. */
import { valueDigest } from "../../types/row.ts";

export type Bag = Map<string, [value: unknown, count: number]>;

export function bagAdd(bag: Bag, value: unknown, by: number): Bag {
  const digest = valueDigest(value);
  const entry = bag.get(digest);
  if (entry === undefined) bag.set(digest, [value, by]);
  else if (entry[1] + by === 0) bag.delete(digest);
  else entry[1] += by;
  return bag;
}

export function bagMerge(into: Bag, from: Bag): Bag {
  for (const [value, n] of from.values()) bagAdd(into, value, n);
  return into;
}
