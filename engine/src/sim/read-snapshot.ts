/**
 * What is in a savepoint, operator by operator: for debuggers, tests and people. Flink: State Processor API (docs/libs/state_processor_api),
 * which does the same in a job of its own.
 */
import type { Savepoint, SavepointFormat } from "../runtime/checkpoint/savepoint.ts";
import { TimeWindow } from "../operators/windowing/window.ts";
import { type StateNamespace, VOID_NAMESPACE } from "../state/namespace.ts";
import type { OperatorSnapshot, StateSchema } from "../state/snapshot.ts";
import { typeText, UNTYPED } from "../types/type-serializer.ts";
import { serializedSize } from "../types/value-codec.ts";

/** A savepoint, laid open. Values are the savepoint's own: to be looked at, not changed. */
export interface SnapshotContents {
  /** Name of the job that wrote it. */
  readonly jobName: string;
  /** Number of the checkpoint it is. */
  readonly checkpointId: number;
  readonly format: SavepointFormat;
  /** The backend of the job that wrote it. */
  readonly stateBackend: "hashmap" | "rocksdb";
  /** Serialized size of everything, bytes. */
  readonly bytes: number;
  /** In the order of the flow of data. */
  readonly operators: readonly OperatorContents[];
}

/** One operator's state, of all its subtasks together. */
export interface OperatorContents {
  /** 32 hexadecimal digits, which state is found by. */
  readonly operatorId: string;
  /** null = the program gave it none. */
  readonly uid: string | null;
  readonly name: string;
  readonly parallelism: number;
  /** Number of key groups. */
  readonly maxParallelism: number;
  /** Serialized size, bytes. */
  readonly bytes: number;
  /** Type of the key; null for an operator without keyed state and timers. */
  readonly keyType: string | null;
  /** By name, also those without an entry. */
  readonly keyedStates: readonly KeyedStateContents[];
  readonly timers: readonly TimerContents[];
  readonly operatorStates: readonly OperatorStateContents[];
  /** What the enumerator keeps; absent for operators that are no sources. */
  readonly enumerator?: unknown;
}

/** All entries of one keyed state. */
export interface KeyedStateContents {
  readonly stateName: string;
  /** value, list, map, reducing or aggregating. */
  readonly kind: string;
  /** Type of what it holds for a key. */
  readonly type: string;
  /** Serialized size of keys and values, bytes. */
  readonly bytes: number;
  /** By key group, subtask by subtask. */
  readonly entries: readonly KeyedEntry[];
}

/** What one key has in one state. */
export interface KeyedEntry {
  readonly key: unknown;
  readonly keyGroup: number;
  /** null = the state belongs to the key alone. */
  readonly window: { readonly startMs: number; readonly endMs: number } | string | null;
  /** A list for list state, a `Map` for map state. With time to live each value is `{ value, lastAccessMs }`. */
  readonly value: unknown;
}

/** One timer. */
export interface TimerContents {
  /** Name of the timer service. */
  readonly serviceName: string;
  readonly domain: "event" | "processing";
  readonly key: unknown;
  readonly window: KeyedEntry["window"];
  /** When it is due, epoch ms. */
  readonly timestampMs: number;
}

/** One operator state, subtask by subtask. */
export interface OperatorStateContents {
  readonly stateName: string;
  readonly mode: "list" | "union" | "broadcast";
  /** Elements of each subtask; for broadcast state [key, value] entries. */
  readonly bySubtask: readonly (readonly unknown[])[];
}

/** Lays a savepoint open. */
export function readSnapshot({ checkpoint, format, stateBackend, jobName }: Savepoint): SnapshotContents {
  const operators = [...checkpoint.operators].map(
    ([operatorId, { name, uid, parallelism, maxParallelism, subtasks }]): OperatorContents => {
      const schema = subtasks.find(({ keyedSchema }) => keyedSchema !== undefined && keyedSchema !== null)?.keyedSchema;
      return {
        operatorId,
        uid: uid ?? null,
        name,
        parallelism,
        maxParallelism,
        bytes: subtasks.reduce((sum, { bytes }) => sum + bytes, 0),
        keyType: schema === undefined || schema === null ? null : typeText(schema.key),
        keyedStates: schemasOf(subtasks, schema?.states ?? []).map(({ stateName, kind, serializer }) => {
          const entries = entriesOf(subtasks, stateName);
          const bytes = entries.reduce((sum, { key, value }) => sum + serializedSize(key) + serializedSize(value), 0);
          return { stateName, kind, type: typeText(serializer), bytes, entries };
        }),
        timers: subtasks.flatMap(timersOf),
        operatorStates: operatorStatesOf(subtasks),
        ...(checkpoint.enumerators.has(operatorId) ? { enumerator: checkpoint.enumerators.get(operatorId) } : {}),
      };
    },
  );
  return { jobName, checkpointId: checkpoint.id, format, stateBackend, bytes: checkpoint.bytes, operators };
}

/** Operators of SQL describe no types; what they hold is shown all the same. */
function schemasOf(subtasks: readonly OperatorSnapshot[], declared: readonly StateSchema[]): StateSchema[] {
  const schemas = new Map(declared.map((state) => [state.stateName, state]));
  for (const { keyed } of subtasks) {
    for (const { states } of keyed?.groups.values() ?? []) {
      for (const { stateName, kind } of states) {
        if (!schemas.has(stateName)) schemas.set(stateName, { stateName, kind, serializer: UNTYPED.snapshot });
      }
    }
  }
  return [...schemas.values()];
}

function entriesOf(subtasks: readonly OperatorSnapshot[], stateName: string): KeyedEntry[] {
  return subtasks.flatMap(({ keyed }) =>
    [...(keyed?.groups ?? [])].flatMap(([keyGroup, { states }]) =>
      states
        .filter((state) => state.stateName === stateName)
        .flatMap(({ entries }) => entries.map(({ key, namespace, value }) => ({ key, keyGroup, window: windowOf(namespace), value }))),
    ),
  );
}

function timersOf({ keyed }: OperatorSnapshot): TimerContents[] {
  return [...(keyed?.groups.values() ?? [])].flatMap(({ timers }) =>
    timers.flatMap(({ serviceName, event, processing }) => [
      ...event.map((timer) => timerOf(serviceName, "event", timer)),
      ...processing.map((timer) => timerOf(serviceName, "processing", timer)),
    ]),
  );
}

interface StoredTimer {
  readonly key: unknown;
  readonly namespace: unknown;
  readonly timestampMs: number;
}

function timerOf(serviceName: string, domain: "event" | "processing", { key, namespace, timestampMs }: StoredTimer): TimerContents {
  return { serviceName, domain, key, window: windowOf(namespace), timestampMs };
}

function windowOf(namespace: unknown): KeyedEntry["window"] {
  if (namespace instanceof TimeWindow) return { startMs: namespace.start, endMs: namespace.end };
  // SQL's windows are known by their end, 0 = none.
  if (typeof namespace === "number") return namespace === 0 ? null : `window until ${namespace}`;
  const { namespaceKey } = namespace as StateNamespace;
  return namespaceKey === VOID_NAMESPACE.namespaceKey ? null : String(namespaceKey);
}

function operatorStatesOf(subtasks: readonly OperatorSnapshot[]): OperatorStateContents[] {
  const modes = new Map(subtasks.flatMap(({ operatorState }) => operatorState.map(({ stateName, mode }) => [stateName, mode] as const)));
  return [...modes].map(([stateName, mode]) => ({
    stateName,
    mode,
    bySubtask: subtasks.map(({ operatorState }) => operatorState.find((state) => state.stateName === stateName)?.elements ?? []),
  }));
}
