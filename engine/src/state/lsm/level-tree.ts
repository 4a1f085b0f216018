/**
 * The tables of one state, in levels.
 *
 * Level 0 holds write buffers as they were written out: any of them may know of any address, the newest counts. From level 1 on the tables of a level
 * follow one another, so each address is in one of them at most. When level 0 has too many tables, or another level too many bytes, tables are
 * merged into the level below (leveled compaction): what is outdated, deleted or expired is left out, and the deletions themselves when nothing older
 * is left below. All of it happens at once, in the step that made it necessary, and depends on nothing but what was written.
 */
import type { KeyGroupRange } from "../../base/key-groups.ts";
import type { BlockCache } from "./block-cache.ts";
import type { CompactionFilter } from "./compaction-filter.ts";
import { compareBytes } from "./key-codec.ts";
import type { LsmCounters } from "./lsm-counters.ts";
import { LEVEL_SIZE_MULTIPLIER, type LsmOptions } from "./lsm-options.ts";
import { MergingScan, type RecordCursor, TablesCursor } from "./merging-scan.ts";
import { DELETE, MERGE, PUT } from "./record-kind.ts";
import { SortedTableBuilder, TableView } from "./sorted-table.ts";

export class LevelTree {
  /** Level 0 oldest first, the others in the order of their addresses. */
  private levels: TableView[][] = [[]];
  /** Per level, where the last compaction out of it ended: the next one goes on there. */
  private readonly lastCompacted: (Uint8Array | undefined)[] = [];
  private readonly options: LsmOptions;
  private readonly cache: BlockCache;
  private readonly counters: LsmCounters;

  constructor(options: LsmOptions, cache: BlockCache, counters: LsmCounters) {
    this.options = options;
    this.cache = cache;
    this.counters = counters;
  }

  get isEmpty(): boolean {
    return this.levels.every((level) => level.length === 0);
  }

  /** The tables by level, as they are now. */
  get view(): readonly (readonly TableView[])[] {
    return this.levels.map((level) => [...level]);
  }

  numFilesAt(level: number): number {
    return this.levels[level]?.length ?? 0;
  }

  get sizeBytes(): number {
    let bytes = 0;
    for (const level of this.levels) bytes += sizeOf(level);
    return bytes;
  }

  get numLevels(): number {
    return this.levels.length;
  }

  /** Takes over tables of a checkpoint, as far as they lie in the subtask's key groups. */
  adopt(levels: readonly (readonly TableView[])[], keyGroups: KeyGroupRange): void {
    for (const [level, views] of levels.entries()) {
      const present = this.levelAt(level);
      for (const view of views) {
        const own = new TableView(view.table, view.from, view.to).within(keyGroups);
        if (own !== null) present.push(own);
      }
      if (level > 0) present.sort(inOrder);
    }
  }

  addToLevel0(view: TableView): void {
    this.levels[0].push(view);
  }

  clear(): void {
    for (const level of this.levels) for (const view of level) this.cache.forget(view);
    this.levels = [[]];
  }

  /** Newest first. */
  cursors(prefix: Uint8Array | null = null): RecordCursor[] {
    const cursors: RecordCursor[] = [];
    const level0 = this.levels[0];
    for (let index = level0.length - 1; index >= 0; index--) cursors.push(new TablesCursor([level0[index]], prefix));
    for (let level = 1; level < this.levels.length; level++) cursors.push(new TablesCursor(this.levels[level], prefix));
    return cursors;
  }

  /** Calls with each table that may know of an address, newest first, until one call says that it is enough. */
  search(key: Uint8Array, keyLength: number, found: (view: TableView, index: number) => boolean): void {
    const level0 = this.levels[0];
    for (let index = level0.length - 1; index >= 0; index--) if (this.searchIn(level0[index], key, keyLength, found)) return;
    for (let level = 1; level < this.levels.length; level++) {
      const view = tableOf(this.levels[level], key, keyLength);
      if (view !== undefined && this.searchIn(view, key, keyLength, found)) return;
    }
  }

  private searchIn(view: TableView, key: Uint8Array, keyLength: number, found: (view: TableView, index: number) => boolean): boolean {
    if (!view.spans(key, keyLength)) return false;
    const { table } = view;
    if (table.bloom !== null && !table.mayContain(key, keyLength)) return false;
    const index = table.lowerBound(key, 0, keyLength);
    this.cache.touch(view, table.keyStart(index));
    if (compareBytes(table.data, table.keyStart(index), table.keyEnd(index), key, 0, keyLength) !== 0) return false;
    return found(view, index);
  }

  /** Merges until no level holds too much. */
  compact(filter: CompactionFilter | null): void {
    if (this.levels[0].length >= this.options.level0Tables) this.mergeDown(0, this.levels[0], filter);
    let allowed = this.options.levelBaseBytes;
    for (let level = 1; level < this.levels.length; level++, allowed *= LEVEL_SIZE_MULTIPLIER) {
      while (sizeOf(this.levels[level]) > allowed) this.mergeDown(level, [this.nextToCompact(level)], filter);
    }
  }

  /** A level, a new one if need be. */
  private levelAt(level: number): TableView[] {
    while (this.levels.length <= level) this.levels.push([]);
    return this.levels[level];
  }

  private nextToCompact(level: number): TableView {
    const last = this.lastCompacted[level];
    const tables = this.levels[level];
    const next = last === undefined ? undefined : tables.find((view) => compareFirst(view, last) > 0);
    const chosen = next ?? tables[0];
    const { table } = chosen;
    this.lastCompacted[level] = table.data.slice(table.keyStart(chosen.to - 1), table.keyEnd(chosen.to - 1));
    return chosen;
  }

  /** @param upper tables of the level, oldest first where they overlap. */
  private mergeDown(level: number, upper: readonly TableView[], filter: CompactionFilter | null): void {
    const below = this.levelAt(level + 1);
    // What comes out is one run over the whole range, so nothing between the tables may stay beside it.
    const lower = overlapping(below, upper);
    const bottom = this.levels.slice(level + 2).every((tables) => overlapping(tables, [...upper, ...lower]).length === 0);
    const scan = new MergingScan([...upper.toReversed().map((view) => new TablesCursor([view])), new TablesCursor(lower)]);
    const merged = this.writeTables(scan, bottom, filter);
    const gone = new Set([...upper, ...lower]);
    this.counters.compactions++;
    for (const view of gone) {
      this.counters.compactionReadBytes += view.sizeBytes;
      this.cache.forget(view);
    }
    this.levels[level] = this.levels[level].filter((view) => !gone.has(view));
    const kept = below.filter((view) => !gone.has(view));
    this.levels[level + 1] = [...kept, ...merged].sort(inOrder);
  }

  private writeTables(scan: MergingScan, bottom: boolean, filter: CompactionFilter | null): TableView[] {
    const written: TableView[] = [];
    let builder = new SortedTableBuilder();
    const finish = () => {
      if (builder.isEmpty) return;
      const view = new TableView(builder.finish(this.options.bloomBitsPerKey));
      this.counters.compactionWriteBytes += view.sizeBytes;
      written.push(view);
      builder = new SortedTableBuilder();
    };
    filter?.begin();
    while (scan.next()) {
      const expired = filter !== null && scan.kind !== DELETE && filter.drops(scan.pieces);
      let kind = expired ? DELETE : scan.kind;
      if (bottom) {
        if (kind === DELETE) continue;
        if (kind === MERGE) kind = PUT;
      }
      builder.addKey(scan.keyBytes, scan.keyStart, scan.keyEnd, kind);
      if (kind !== DELETE) for (const { bytes, start, end } of scan.pieces) builder.addValue(bytes, start, end);
      if (builder.sizeBytes >= this.options.targetFileBytes) finish();
    }
    finish();
    return written;
  }
}

function sizeOf(level: readonly TableView[]): number {
  let bytes = 0;
  for (const view of level) bytes += view.sizeBytes;
  return bytes;
}

/** Those tables that have to do with the range from the first address of the others to their last. */
function overlapping(tables: readonly TableView[], others: readonly TableView[]): TableView[] {
  return tables.filter((view) => !others.every((other) => isBefore(view, other)) && !others.every((other) => isBefore(other, view)));
}

/** Whether the last address of one comes before the first of the other. */
function isBefore(a: TableView, b: TableView): boolean {
  const last = a.to - 1;
  return (
    compareBytes(
      a.table.data,
      a.table.keyStart(last),
      a.table.keyEnd(last),
      b.table.data,
      b.table.keyStart(b.from),
      b.table.keyEnd(b.from),
    ) < 0
  );
}

function inOrder(a: TableView, b: TableView): number {
  return compareBytes(
    a.table.data,
    a.table.keyStart(a.from),
    a.table.keyEnd(a.from),
    b.table.data,
    b.table.keyStart(b.from),
    b.table.keyEnd(b.from),
  );
}

function compareFirst(view: TableView, key: Uint8Array): number {
  const { table, from } = view;
  return compareBytes(table.data, table.keyStart(from), table.keyEnd(from), key, 0, key.length);
}

/** The table of a level that would hold an address. */
function tableOf(level: readonly TableView[], key: Uint8Array, keyLength: number): TableView | undefined {
  let low = 0;
  let high = level.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { table, to } = level[middle];
    if (compareBytes(table.data, table.keyStart(to - 1), table.keyEnd(to - 1), key, 0, keyLength) < 0) low = middle + 1;
    else high = middle;
  }
  return level[low];
}
