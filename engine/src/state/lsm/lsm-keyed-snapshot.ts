/**
 * Keyed state as tables: what a checkpoint keeps of a log-structured backend. Tables are shared by reference, with the backend that wrote them and with other
 * checkpoints; the common form, by key group, is derived when somebody asks for it.
 */
import type { KeyGroupRange } from "../../base/key-groups.ts";
import { ShapedReader } from "../../types/shaped-codec.ts";
import type { ValueShapes } from "../../types/value-shapes.ts";
import type { StateKind } from "../descriptors.ts";
import type { StateNamespace } from "../namespace.ts";
import type { KeyedSnapshot, KeyedStateSnapshot, KeyGroupSnapshot, TimerServiceSnapshot } from "../snapshot.ts";
import type { TtlValue } from "../ttl-clock.ts";
import { AddressReader, compareBytes, groupAt } from "./key-codec.ts";
import { MergingScan, type Piece, type RecordCursor, TablesCursor } from "./merging-scan.ts";
import type { SortedTable, TableView } from "./sorted-table.ts";

/** One state of one subtask. */
export interface FamilyTables {
  readonly stateName: string;
  readonly kind: StateKind;
  readonly ttl: boolean;
  /** Level 0 oldest first, the others in the order of their addresses. */
  readonly levels: readonly (readonly TableView[])[];
}

/** All states of one subtask, with the shapes that their bytes refer to: the first `shapeCount`, as the table may have grown since. */
export interface BackendTables {
  readonly shapes: ValueShapes;
  readonly shapeCount: number;
  readonly families: readonly FamilyTables[];
}

type Timers = ReadonlyMap<number, readonly TimerServiceSnapshot[]>;

export class LsmKeyedSnapshot implements KeyedSnapshot {
  readonly maxParallelism: number;
  /** Of each subtask that this comes from. */
  readonly parts: readonly BackendTables[];
  readonly timers: Timers;
  private derived: ReadonlyMap<number, KeyGroupSnapshot> | null = null;

  constructor(maxParallelism: number, parts: readonly BackendTables[], timers: Timers) {
    this.maxParallelism = maxParallelism;
    this.parts = parts;
    this.timers = timers;
  }

  get groups(): ReadonlyMap<number, KeyGroupSnapshot> {
    this.derived ??= groupsOf(this.parts, this.timers);
    return this.derived;
  }

  /** Bytes of the tables, as far as they belong to this subtask. */
  get tableBytes(): number {
    let bytes = 0;
    for (const view of this.views()) bytes += view.sizeBytes;
    return bytes;
  }

  /** The files that a restore needs. */
  tables(): Set<SortedTable> {
    const tables = new Set<SortedTable>();
    for (const view of this.views()) tables.add(view.table);
    return tables;
  }

  *views(): Generator<TableView> {
    for (const { families } of this.parts) for (const { levels } of families) for (const level of levels) yield* level;
  }
}

/** What of several subtasks' state lies in a range of key groups; null when nothing does. */
export function shareOfTables(snapshots: readonly LsmKeyedSnapshot[], keyGroups: KeyGroupRange): LsmKeyedSnapshot | null {
  const parts = snapshots.flatMap(({ parts }) =>
    parts.flatMap((part): BackendTables[] => {
      const families = part.families.flatMap((family): FamilyTables[] => {
        const levels = family.levels.map((level) => level.flatMap((view) => view.within(keyGroups) ?? []));
        return levels.every((level) => level.length === 0) ? [] : [{ ...family, levels }];
      });
      return families.length === 0 ? [] : [{ ...part, families }];
    }),
  );
  const timers = new Map<number, readonly TimerServiceSnapshot[]>();
  for (const snapshot of snapshots) {
    for (const [keyGroup, own] of snapshot.timers) if (keyGroup >= keyGroups.start && keyGroup <= keyGroups.end) timers.set(keyGroup, own);
  }
  if (parts.length === 0 && timers.size === 0) return null;
  return new LsmKeyedSnapshot(snapshots[0].maxParallelism, parts, timers);
}

/** The common form of the states of one subtask, by key group. */
export function statesOf({ shapes, families }: BackendTables): Map<number, KeyedStateSnapshot[]> {
  const groups = new Map<number, KeyedStateSnapshot[]>();
  for (const family of families) {
    for (const [keyGroup, entries] of entriesOf(family, shapes)) {
      const state = { stateName: family.stateName, kind: family.kind, ttl: family.ttl, entries };
      const present = groups.get(keyGroup);
      if (present === undefined) groups.set(keyGroup, [state]);
      else present.push(state);
    }
  }
  return groups;
}

function groupsOf(parts: readonly BackendTables[], timers: Timers): Map<number, KeyGroupSnapshot> {
  const states = new Map<number, KeyedStateSnapshot[]>();
  for (const part of parts) for (const [keyGroup, own] of statesOf(part)) states.set(keyGroup, own);
  const all = [...new Set([...states.keys(), ...timers.keys()])].sort((a, b) => a - b);
  return new Map(all.map((keyGroup) => [keyGroup, { states: states.get(keyGroup) ?? [], timers: timers.get(keyGroup) ?? [] }]));
}

interface StateEntry {
  readonly key: unknown;
  readonly namespace: StateNamespace;
  readonly value: unknown;
}

function entriesOf({ kind, ttl, levels }: FamilyTables, shapes: ValueShapes): Map<number, StateEntry[]> {
  const [level0 = [], ...deeper] = levels;
  const cursors: RecordCursor[] = level0.toReversed().map((view) => new TablesCursor([view]));
  for (const level of deeper) cursors.push(new TablesCursor(level));
  const scan = new MergingScan(cursors);
  const addresses = new AddressReader(shapes);
  const values = new ValueReader(shapes, ttl);
  const groups = new Map<number, StateEntry[]>();
  let map: Map<unknown, unknown> | null = null;
  let mapAddress = new Uint8Array(0);
  while (scan.nextValue()) {
    const { keyBytes, keyStart, keyEnd } = scan;
    if (map !== null && startsWith(keyBytes, keyStart, keyEnd, mapAddress)) {
      addresses.at(keyBytes, keyStart).key();
      addresses.namespace();
      map.set(addresses.key(), values.single(scan.pieces));
      continue;
    }
    const key = addresses.at(keyBytes, keyStart).key();
    const namespace = addresses.namespace();
    let value: unknown;
    if (kind === "map") {
      mapAddress = keyBytes.slice(keyStart, addresses.position);
      map = new Map<unknown, unknown>([[addresses.key(), values.single(scan.pieces)]]);
      value = map;
    } else {
      value = kind === "list" ? values.list(scan.pieces) : values.single(scan.pieces);
    }
    const keyGroup = groupAt(keyBytes, keyStart);
    const entries = groups.get(keyGroup);
    if (entries === undefined) groups.set(keyGroup, [{ key, namespace, value }]);
    else entries.push({ key, namespace, value });
  }
  return groups;
}

function startsWith(bytes: Uint8Array, start: number, end: number, prefix: Uint8Array): boolean {
  return end - start > prefix.length && compareBytes(bytes, start, start + prefix.length, prefix, 0, prefix.length) === 0;
}

/** Values in the form of snapshots: with time to live each is a `TtlValue`. */
class ValueReader {
  private readonly reader: ShapedReader;
  private readonly ttl: boolean;

  constructor(shapes: ValueShapes, ttl: boolean) {
    this.reader = new ShapedReader(shapes);
    this.ttl = ttl;
  }

  single(pieces: readonly Piece[]): unknown {
    this.reader.at(pieces[0].bytes, pieces[0].start);
    return this.next();
  }

  list(pieces: readonly Piece[]): unknown[] {
    const elements: unknown[] = [];
    for (const { bytes, start, end } of pieces) {
      this.reader.at(bytes, start);
      while (this.reader.position < end) elements.push(this.next());
    }
    return elements;
  }

  private next(): unknown {
    if (!this.ttl) return this.reader.value();
    const lastAccessMs = this.reader.double();
    const wrapped: TtlValue<unknown> = { value: this.reader.value(), lastAccessMs };
    return wrapped;
  }
}
