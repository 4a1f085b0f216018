/**
 * How the value of each kind of state looks in a table, in a snapshot, and how much it weighs.
 *
 * | kind | in the table | in a snapshot |
 * |---|---|---|
 * | value, reducing, aggregating | T | T |
 * | list | T[] | T[] |
 * | map | UserMap | Map of key → value |
 *
 * With time to live every T is a `TtlValue`, in the snapshot too.
 */
import { copyValue, serializedSize } from "../../types/value-codec.ts";
import type { StateKind } from "../descriptors.ts";
import type { TtlValue } from "../ttl-clock.ts";
import { UserMap } from "./user-map.ts";

const TIMESTAMP_BYTES = 8;

/** The form of snapshots, still with what is stored in it. */
export function inSnapshotForm(kind: StateKind, stored: unknown): unknown {
  if (kind !== "map") return stored;
  const map = new Map<unknown, unknown>();
  (stored as UserMap<unknown, unknown>).forEach(({ key, value }) => map.set(key, value));
  return map;
}

/** A copy for the table itself, so that the stored value can go its own way. */
export function copyStored(kind: StateKind, ttl: boolean, stored: unknown): unknown {
  if (kind === "map") {
    const map = new UserMap<unknown, unknown>();
    (stored as UserMap<unknown, unknown>).forEach(({ key, value }) => map.set(copyValue(key), copyElement(ttl, value)));
    return map;
  }
  if (kind === "list") return (stored as unknown[]).map((element) => copyElement(ttl, element));
  return copyElement(ttl, stored);
}

function copyElement(ttl: boolean, element: unknown): unknown {
  if (!ttl) return copyValue(element);
  const { value, lastAccessMs } = element as TtlValue<unknown>;
  return { value: copyValue(value), lastAccessMs };
}

/** A copy for the table. */
export function fromSnapshotForm(kind: StateKind, value: unknown): unknown {
  if (kind !== "map") return copyValue(value);
  const stored = new UserMap<unknown, unknown>();
  for (const [key, element] of value as Map<unknown, unknown>) stored.set(copyValue(key), copyValue(element));
  return stored;
}

/** Applies `change` to each T inside a stored value (to wrap or unwrap time to live). */
export function mapStored(kind: StateKind, stored: unknown, change: (value: unknown) => unknown): unknown {
  if (kind === "list") return (stored as unknown[]).map(change);
  if (kind !== "map") return change(stored);
  (stored as UserMap<unknown, unknown>).forEach((entry) => {
    entry.value = change(entry.value);
  });
  return stored;
}

/** Serialized size of a stored value; a `TtlValue` adds 8 bytes for its time. */
export function storedSize(kind: StateKind, ttl: boolean, stored: unknown): number {
  if (kind === "list") {
    let bytes = 0;
    for (const element of stored as unknown[]) bytes += elementSize(ttl, element);
    return bytes + 2;
  }
  if (kind === "map") {
    let bytes = 0;
    (stored as UserMap<unknown, unknown>).forEach(({ key, value }) => {
      bytes += serializedSize(key) + elementSize(ttl, value);
    });
    return bytes + 2;
  }
  return elementSize(ttl, stored);
}

function elementSize(ttl: boolean, element: unknown): number {
  return ttl ? TIMESTAMP_BYTES + serializedSize((element as TtlValue<unknown>).value) : serializedSize(element);
}
