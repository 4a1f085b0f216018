/** How a log-structured store is laid out; names and defaults are those of Flink's options `state.backend.rocksdb.…`. */
export interface LsmOptions {
  /** `writebuffer.size`: a write buffer that has grown to this is written out as a table. 64 MiB. */
  readonly writeBufferBytes: number;
  /** `compaction.level.target-file-size-base`: tables of levels are cut at this size. 64 MiB. */
  readonly targetFileBytes: number;
  /** `compaction.level.max-size-level-base`: how much level 1 may hold; each further level ten times as much. 256 MiB. */
  readonly levelBaseBytes: number;
  /** So many tables in level 0 (as they were written out) start a compaction. 4, as in RocksDB. */
  readonly level0Tables: number;
  /** `block.blocksize`: what is read at a time. 4 KiB. */
  readonly blockBytes: number;
  /** `block.cache-size`: how many bytes of blocks stay in memory. 8 MiB. */
  readonly blockCacheBytes: number;
  /** `bloom-filter.bits-per-key`, 10; 0 = no filters, which is what `use-bloom-filter` says by default. */
  readonly bloomBitsPerKey: number;
  /** `execution.checkpointing.incremental`: checkpoints upload tables that no completed one has; otherwise all there is. */
  readonly incremental: boolean;
  /** What of `state.backend.rocksdb.metrics.…` is turned on. Nothing. */
  readonly metrics: readonly string[];
}

const KIB = 1024;
const MIB = 1024 * KIB;

export const LEVEL_SIZE_MULTIPLIER = 10;

export const DEFAULT_LSM_OPTIONS: LsmOptions = {
  writeBufferBytes: 64 * MIB,
  targetFileBytes: 64 * MIB,
  levelBaseBytes: 256 * MIB,
  level0Tables: 4,
  blockBytes: 4 * KIB,
  blockCacheBytes: 8 * MIB,
  bloomBitsPerKey: 0,
  incremental: false,
  metrics: [],
};
