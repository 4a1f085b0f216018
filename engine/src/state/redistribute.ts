import { keyGroupRange, subtaskForKeyGroup } from "../base/key-groups.ts";
import { invariant } from "../base/invariant.ts";
import { LsmKeyedSnapshot, shareOfTables } from "./lsm/lsm-keyed-snapshot.ts";
import { snapshotBytes, timerBytes } from "./snapshot-size.ts";
import type { KeyedSchema, KeyedSnapshot, KeyGroupSnapshot, OperatorSnapshot, OperatorStateSnapshot } from "./snapshot.ts";

const NO_GROUPS: ReadonlyMap<number, KeyGroupSnapshot> = new Map();

/**
 * The shares of the new subtasks when an operator is restored, possibly with another parallelism. Key groups move whole; list state
 * is split evenly, union state goes to everybody, broadcast state too (Flink: `StateAssignmentOperation`,
 * `RoundRobinOperatorStateRepartitioner`).
 *
 * @param snapshots of all old subtasks, by index.
 */
export function redistributeSnapshots(
  snapshots: readonly OperatorSnapshot[],
  newParallelism: number,
  maxParallelism: number,
): OperatorSnapshot[] {
  invariant(newParallelism >= 1 && newParallelism <= maxParallelism, `parallelism ${newParallelism} outside 1 … ${maxParallelism}`);
  for (const { keyed } of snapshots) {
    invariant(keyed === null || keyed.maxParallelism === maxParallelism, "keyed state cannot change its maximum parallelism");
  }
  const keyedShares =
    distributeTables(snapshots, newParallelism, maxParallelism) ?? distributeGroups(snapshots, newParallelism, maxParallelism);
  const operatorStates = distributeOperatorState(snapshots, newParallelism);
  const keyedSchema = mergedSchema(snapshots);
  return keyedShares.map((keyed, subtask) => {
    const operatorState = operatorStates[subtask];
    return { keyed, operatorState, bytes: keyedBytes(keyed) + snapshotBytes(NO_GROUPS, operatorState), keyedSchema };
  });
}

/** Every subtask has declared the same states, but those that take their time and have not seen a record yet. */
function mergedSchema(snapshots: readonly OperatorSnapshot[]): KeyedSchema | null {
  const schemas = snapshots.flatMap(({ keyedSchema }) => (keyedSchema === undefined || keyedSchema === null ? [] : [keyedSchema]));
  if (schemas.length === 0) return null;
  const states = new Map(schemas.flatMap(({ states: declared }) => declared.map((state) => [state.stateName, state] as const)));
  return { key: schemas[0].key, states: [...states.values()] };
}

function keyedBytes(keyed: KeyedSnapshot | null): number {
  if (keyed instanceof LsmKeyedSnapshot) return keyed.tableBytes + timerBytes(keyed.timers);
  return keyed === null ? 0 : snapshotBytes(keyed.groups, []);
}

/** Tables move by reference, and each new subtask keeps to the part with its key groups; null unless all there is are tables. */
function distributeTables(snapshots: readonly OperatorSnapshot[], newParallelism: number, maxParallelism: number) {
  const tables: LsmKeyedSnapshot[] = [];
  for (const { keyed } of snapshots) {
    if (keyed === null) continue;
    if (!(keyed instanceof LsmKeyedSnapshot)) return null;
    tables.push(keyed);
  }
  if (tables.length === 0) return null;
  return Array.from({ length: newParallelism }, (_, subtask) =>
    shareOfTables(tables, keyGroupRange(maxParallelism, newParallelism, subtask)),
  );
}

function distributeGroups(
  snapshots: readonly OperatorSnapshot[],
  newParallelism: number,
  maxParallelism: number,
): (KeyedSnapshot | null)[] {
  return distributeKeyGroups(snapshots, newParallelism, maxParallelism).map((groups) =>
    groups.size === 0 ? null : { maxParallelism, groups },
  );
}

function distributeKeyGroups(snapshots: readonly OperatorSnapshot[], newParallelism: number, maxParallelism: number) {
  const all = new Map<number, KeyGroupSnapshot>();
  for (const { keyed } of snapshots) {
    if (keyed === null) continue;
    for (const [group, content] of keyed.groups) {
      invariant(!all.has(group), `key group ${group} is owned by two subtasks`);
      all.set(group, content);
    }
  }
  const shares = Array.from({ length: newParallelism }, () => new Map<number, KeyGroupSnapshot>());
  for (const group of [...all.keys()].sort((left, right) => left - right)) {
    shares[subtaskForKeyGroup(maxParallelism, newParallelism, group)].set(group, all.get(group) as KeyGroupSnapshot);
  }
  return shares;
}

function distributeOperatorState(snapshots: readonly OperatorSnapshot[], newParallelism: number): OperatorStateSnapshot[][] {
  const shares: OperatorStateSnapshot[][] = Array.from({ length: newParallelism }, () => []);
  const states = new Map<string, Omit<OperatorStateSnapshot, "elements">>();
  for (const { operatorState } of snapshots) for (const { elements: _, ...state } of operatorState) states.set(state.stateName, state);
  for (const [stateName, state] of states) {
    const { mode } = state;
    const lists = snapshots.map(({ operatorState }) => operatorState.find((own) => own.stateName === stateName)?.elements ?? []);
    if (mode === "list") {
      // With the same parallelism nothing moves, as in Flink.
      const split = snapshots.length === newParallelism ? lists : splitEvenly(lists.flat(), newParallelism);
      split.forEach((elements, subtask) => {
        shares[subtask].push({ ...state, elements });
      });
    } else if (mode === "union") {
      const elements = lists.flat();
      for (const share of shares) share.push({ ...state, elements });
    } else {
      // All copies are equal in a correct job; each new subtask takes one of them, round robin.
      shares.forEach((share, subtask) => {
        share.push({ ...state, elements: lists[subtask % lists.length] });
      });
    }
  }
  return shares;
}

/** The first `length % parts` parts get one element more. */
function splitEvenly(elements: readonly unknown[], parts: number): unknown[][] {
  const base = Math.floor(elements.length / parts);
  const extra = elements.length % parts;
  const split: unknown[][] = [];
  let start = 0;
  for (let part = 0; part < parts; part++) {
    const end = start + base + (part < extra ? 1 : 0);
    split.push(elements.slice(start, end));
    start = end;
  }
  return split;
}
