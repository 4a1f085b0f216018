/**
 * What the log-structured backend says of itself, under the names that Flink gives RocksDB's properties and statistics. Off by default, as there:
 * `state.backend.rocksdb.metrics.<name>: true` turns one on. (Flink: docs/deployment/config#rocksdb-native-metrics)
 */
import type { ColumnFamily } from "../../state/lsm/column-family.ts";
import type { LsmKeyedStateBackend } from "../../state/lsm/lsm-keyed-state-backend.ts";
import type { OperatorMetricGroup } from "./metric-group.ts";

/** Of each state, as `column_family.<state>.rocksdb.<name>`. */
const PROPERTIES: Readonly<Record<string, (family: ColumnFamily) => number>> = {
  "cur-size-active-mem-table": ({ memtable }) => memtable.sizeBytes,
  "num-entries-active-mem-table": ({ memtable }) => memtable.count,
  "num-deletes-active-mem-table": ({ memtable }) => memtable.deleted,
  "estimate-num-keys": (family) => family.memtable.count + recordsInTables(family),
  "num-files-at-level0": ({ levels }) => levels.numFilesAt(0),
  "live-sst-files-size": ({ levels }) => levels.sizeBytes,
  "total-sst-files-size": ({ levels }) => levels.sizeBytes,
};

/** Of the whole backend, as `rocksdb.<name>`. */
const STATISTICS: Readonly<Record<string, (backend: LsmKeyedStateBackend) => number>> = {
  "block-cache-hit": ({ store }) => store.cache.hits,
  "block-cache-miss": ({ store }) => store.cache.misses,
  "block-cache-usage": ({ store }) => store.cache.usageBytes,
  "bytes-read": ({ store }) => store.counters.bytesRead,
  "bytes-written": ({ store }) => store.counters.bytesWritten,
  "compaction-read-bytes": ({ store }) => store.counters.compactionReadBytes,
  "compaction-write-bytes": ({ store }) => store.counters.compactionWriteBytes,
};

/** The names that `state.backend.rocksdb.metrics.…` knows here. */
export const ROCKSDB_METRICS: readonly string[] = [...Object.keys(PROPERTIES), ...Object.keys(STATISTICS)];

export function registerRocksDBMetrics(backend: LsmKeyedStateBackend, wanted: readonly string[], group: OperatorMetricGroup): void {
  for (const name of wanted) {
    const statistic = STATISTICS[name];
    if (statistic !== undefined) group.gauge(`rocksdb.${name}`, () => statistic(backend));
  }
  backend.onColumnFamily = (family) => {
    const own = group.addGroup("column_family", family.stateName);
    for (const name of wanted) {
      const property = PROPERTIES[name];
      if (property !== undefined) own.gauge(`rocksdb.${name}`, () => property(family));
    }
  };
}

function recordsInTables({ levels }: ColumnFamily): number {
  let records = 0;
  for (const level of levels.view) for (const { from, to } of level) records += to - from;
  return records;
}
