/** `state.backend.rocksdb.…`: all options of Flink 2.3 but for the metrics. (Flink: docs/deployment/config#rocksdb-state-backend) */
import { Duration } from "../../base/duration.ts";
import { ConfigOptions } from "./config-option.ts";

/** Options of `state.backend.rocksdb.…`. (Flink: docs/deployment/config#rocksdb-state-backend) */
export const RocksDBOptions = {
  /** Where tables lie on the task manager. Changes nothing here. */
  LOCAL_DIRECTORIES: ConfigOptions.key("state.backend.rocksdb.localdir").stringType().noDefaultValue(),
  /** `ROCKSDB` or `HEAP`: where timers are kept. Here always on the heap, with the same results. */
  TIMER_SERVICE_FACTORY: ConfigOptions.key("state.backend.rocksdb.timer-service.factory").stringType().defaultValue("ROCKSDB"),
  /** Timers kept in memory per key group. Changes nothing here. */
  ROCKSDB_TIMER_SERVICE_FACTORY_CACHE_SIZE: ConfigOptions.key("state.backend.rocksdb.timer-service.cache-size").intType().defaultValue(128),
  /** Threads that upload and download files. Changes nothing here. */
  CHECKPOINT_TRANSFER_THREAD_NUM: ConfigOptions.key("state.backend.rocksdb.checkpoint.transfer.thread.num").intType().defaultValue(4),
  /** `DEFAULT`, `SPINNING_DISK_OPTIMIZED` … Changes nothing here. */
  PREDEFINED_OPTIONS: ConfigOptions.key("state.backend.rocksdb.predefined-options").stringType().defaultValue("DEFAULT"),
  /** A class that makes options. Changes nothing here. */
  OPTIONS_FACTORY: ConfigOptions.key("state.backend.rocksdb.options-factory").stringType().noDefaultValue(),
  /** Whether buffers and cache live in managed memory. Not modelled. */
  USE_MANAGED_MEMORY: ConfigOptions.key("state.backend.rocksdb.memory.managed").booleanType().defaultValue(true),
  /** Memory per slot instead of managed memory. Changes nothing here. */
  FIX_PER_SLOT_MEMORY_SIZE: ConfigOptions.key("state.backend.rocksdb.memory.fixed-per-slot").memoryType().noDefaultValue(),
  /** Memory per task manager instead of managed memory. Changes nothing here. */
  FIX_PER_TM_MEMORY_SIZE: ConfigOptions.key("state.backend.rocksdb.memory.fixed-per-tm").memoryType().noDefaultValue(),
  /** Share of that memory for write buffers. Changes nothing here. */
  WRITE_BUFFER_RATIO: ConfigOptions.key("state.backend.rocksdb.memory.write-buffer-ratio").doubleType().defaultValue(0.5),
  /** Share of that memory for indexes and filters. Changes nothing here. */
  HIGH_PRIORITY_POOL_RATIO: ConfigOptions.key("state.backend.rocksdb.memory.high-prio-pool-ratio").doubleType().defaultValue(0.1),
  /** Whether indexes and filters are cut into blocks. Changes nothing here. */
  USE_PARTITIONED_INDEX_FILTERS: ConfigOptions.key("state.backend.rocksdb.memory.partitioned-index-filters")
    .booleanType()
    .defaultValue(false),
} as const;

/** Options of `state.backend.rocksdb.…` that lay the store out. (Flink: docs/deployment/config#rocksdb-configurable-options) */
export const RocksDBConfigurableOptions = {
  /** Threads for flushes and compactions. Changes nothing here. */
  MAX_BACKGROUND_THREADS: ConfigOptions.key("state.backend.rocksdb.thread.num").intType().defaultValue(2),
  /** Files open at a time; -1 = all. Changes nothing here. */
  MAX_OPEN_FILES: ConfigOptions.key("state.backend.rocksdb.files.open").intType().defaultValue(-1),
  /** Size of a log file. Changes nothing here. */
  LOG_MAX_FILE_SIZE: ConfigOptions.key("state.backend.rocksdb.log.max-file-size").memoryType().defaultValue("25 mb"),
  /** Log files kept. Changes nothing here. */
  LOG_FILE_NUM: ConfigOptions.key("state.backend.rocksdb.log.file-num").intType().defaultValue(4),
  /** Folder of the log. Changes nothing here. */
  LOG_DIR: ConfigOptions.key("state.backend.rocksdb.log.dir").stringType().noDefaultValue(),
  /** How much is logged. Changes nothing here. */
  LOG_LEVEL: ConfigOptions.key("state.backend.rocksdb.log.level").stringType().defaultValue("INFO_LEVEL"),
  /** `LEVEL` is what is built; others change nothing here. */
  COMPACTION_STYLE: ConfigOptions.key("state.backend.rocksdb.compaction.style").stringType().defaultValue("LEVEL"),
  /** Whether levels are sized from the last one. Changes nothing here. */
  USE_DYNAMIC_LEVEL_SIZE: ConfigOptions.key("state.backend.rocksdb.compaction.level.use-dynamic-size").booleanType().defaultValue(false),
  /** How tables are compressed. Tables are not compressed here. */
  COMPRESSION_PER_LEVEL: ConfigOptions.key("state.backend.rocksdb.compression.per.level").stringType().defaultValue("SNAPPY_COMPRESSION"),
  /** Size of a table of level 1. */
  TARGET_FILE_SIZE_BASE: ConfigOptions.key("state.backend.rocksdb.compaction.level.target-file-size-base")
    .memoryType()
    .defaultValue("64 mb"),
  /** Size of level 1; each further level is ten times as large. */
  MAX_SIZE_LEVEL_BASE: ConfigOptions.key("state.backend.rocksdb.compaction.level.max-size-level-base").memoryType().defaultValue("256 mb"),
  /** Bytes of a write buffer before it becomes a table. */
  WRITE_BUFFER_SIZE: ConfigOptions.key("state.backend.rocksdb.writebuffer.size").memoryType().defaultValue("64 mb"),
  /** Write buffers at a time. Changes nothing here. */
  MAX_WRITE_BUFFER_NUMBER: ConfigOptions.key("state.backend.rocksdb.writebuffer.count").intType().defaultValue(2),
  /** Write buffers merged into a table. Changes nothing here. */
  MIN_WRITE_BUFFER_NUMBER_TO_MERGE: ConfigOptions.key("state.backend.rocksdb.writebuffer.number-to-merge").intType().defaultValue(1),
  /** Bytes of a block of a table, the unit that is read. */
  BLOCK_SIZE: ConfigOptions.key("state.backend.rocksdb.block.blocksize").memoryType().defaultValue("4 kb"),
  /** Bytes of a block of a partitioned index. Changes nothing here. */
  METADATA_BLOCK_SIZE: ConfigOptions.key("state.backend.rocksdb.block.metadata-blocksize").memoryType().defaultValue("4 kb"),
  /** Bytes of blocks kept in memory. */
  BLOCK_CACHE_SIZE: ConfigOptions.key("state.backend.rocksdb.block.cache-size").memoryType().defaultValue("8 mb"),
  /** Bytes of a batch when state is restored. Changes nothing here. */
  WRITE_BATCH_SIZE: ConfigOptions.key("state.backend.rocksdb.write-batch-size").memoryType().defaultValue("2 mb"),
  /** Whether tables say by a filter which keys they do not have. */
  USE_BLOOM_FILTER: ConfigOptions.key("state.backend.rocksdb.use-bloom-filter").booleanType().defaultValue(false),
  /** Bits of the filter per key. */
  BLOOM_FILTER_BITS_PER_KEY: ConfigOptions.key("state.backend.rocksdb.bloom-filter.bits-per-key").doubleType().defaultValue(10),
  /** Whether each block has a filter. Changes nothing here. */
  BLOOM_FILTER_BLOCK_BASED_MODE: ConfigOptions.key("state.backend.rocksdb.bloom-filter.block-based-mode").booleanType().defaultValue(false),
  /** From which overlap on a restored database is taken over when a job is rescaled. Changes nothing here. */
  RESTORE_OVERLAP_FRACTION_THRESHOLD: ConfigOptions.key("state.backend.rocksdb.restore-overlap-fraction-threshold")
    .doubleType()
    .defaultValue(0),
  /** Whether rescaling takes over whole tables. Changes nothing here. */
  USE_INGEST_DB_RESTORE_MODE: ConfigOptions.key("state.backend.rocksdb.use-ingest-db-restore-mode").booleanType().defaultValue(false),
  /** Whether tables are compacted behind a rescaling. Changes nothing here. */
  INCREMENTAL_RESTORE_ASYNC_COMPACT_AFTER_RESCALE: ConfigOptions.key(
    "state.backend.rocksdb.incremental-restore-async-compact-after-rescale",
  )
    .booleanType()
    .defaultValue(false),
  /** Whether rescaling deletes whole tables. Changes nothing here. */
  USE_DELETE_FILES_IN_RANGE_DURING_RESCALING: ConfigOptions.key("state.backend.rocksdb.rescaling.use-delete-files-in-range")
    .booleanType()
    .defaultValue(false),
  /** How many entries a compaction reads before it asks for the time, for time to live. */
  COMPACT_FILTER_QUERY_TIME_AFTER_NUM_ENTRIES: ConfigOptions.key("state.backend.rocksdb.compaction.filter.query-time-after-num-entries")
    .longType()
    .defaultValue(1000),
  /** How old a table may become before it is compacted. */
  COMPACT_FILTER_PERIODIC_COMPACTION_TIME: ConfigOptions.key("state.backend.rocksdb.compaction.filter.periodic-compaction-time")
    .durationType()
    .defaultValue(Duration.ofHours(720)),
} as const;
