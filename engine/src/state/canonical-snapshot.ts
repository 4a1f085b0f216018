/**
 * The canonical form of a snapshot reads and writes every entry once, whatever the backend. So it is the place where what has expired can be left
 * out, if the state asks for it (`cleanupFullSnapshot`); a heap's snapshots always pass here, a log-structured store's only for canonical
 * savepoints.
 */
import type { KeyedStateSnapshot, KeyGroupSnapshot, OperatorSnapshot } from "./snapshot.ts";
import { isExpired } from "./ttl.ts";
import type { TtlValue } from "./ttl-clock.ts";

/** @param nowMs time of the savepoint, epoch ms. */
export function canonicalSnapshot(snapshot: OperatorSnapshot, nowMs: number): OperatorSnapshot {
  const { keyed, keyedSchema } = snapshot;
  const ttlMs = new Map(
    (keyedSchema?.states ?? []).flatMap(({ stateName, dropsExpiredAfterMs: ms }) => (ms === undefined ? [] : [[stateName, ms] as const])),
  );
  if (keyed === null || ttlMs.size === 0) return snapshot;
  const groups = new Map<number, KeyGroupSnapshot>();
  for (const [keyGroup, { states, timers }] of keyed.groups) {
    groups.set(keyGroup, { states: states.map((state) => withoutExpired(state, nowMs, ttlMs.get(state.stateName))), timers });
  }
  const { operatorState, bytes, uploadedBytes } = snapshot;
  return { operatorState, bytes, uploadedBytes, keyedSchema, keyed: { maxParallelism: keyed.maxParallelism, groups } };
}

function withoutExpired(state: KeyedStateSnapshot, nowMs: number, ttlMs: number | undefined): KeyedStateSnapshot {
  if (ttlMs === undefined || state.ttl !== true) return state;
  const alive = (value: unknown) => !isExpired((value as TtlValue<unknown>).lastAccessMs, ttlMs, nowMs);
  const entries = state.entries.flatMap((entry) => {
    const value = aliveIn(state.kind, entry.value, alive);
    return value === undefined ? [] : [{ ...entry, value }];
  });
  return { ...state, entries };
}

/** undefined when nothing is left. */
function aliveIn(kind: string, value: unknown, alive: (value: unknown) => boolean): unknown {
  if (kind === "list") {
    const elements = (value as unknown[]).filter(alive);
    return elements.length === 0 ? undefined : elements;
  }
  if (kind === "map") {
    const entries = [...(value as Map<unknown, unknown>)].filter(([, element]) => alive(element));
    return entries.length === 0 ? undefined : new Map(entries);
  }
  return alive(value) ? value : undefined;
}
