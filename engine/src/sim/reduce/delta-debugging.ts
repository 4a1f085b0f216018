/**
 * The classic algorithm (Zeller's ddmin): takes away halves of a list, then quarters, and so on to single items, keeping what is still
 * needed. The result fails, and does not when any one item is taken away (unless the answers have stopped being yes).
 */
import type { Proposals } from "./proposals.ts";

export function* minimalList<T>(items: readonly T[]): Proposals<readonly T[]> {
  if (items.length === 0 || (yield [])) return [];
  let current = items;
  let parts = 2;
  while (current.length > 1) {
    const size = Math.ceil(current.length / parts);
    let smaller: readonly T[] | null = null;
    for (let from = 0; from < current.length && smaller === null; from += size) {
      const rest = [...current.slice(0, from), ...current.slice(from + size)];
      if (rest.length > 0 && (yield rest)) smaller = rest;
    }
    if (smaller !== null) {
      current = smaller;
      parts = Math.max(2, parts - 1);
    } else if (size === 1) {
      break;
    } else {
      parts = Math.min(current.length, parts * 2);
    }
  }
  return current;
}
