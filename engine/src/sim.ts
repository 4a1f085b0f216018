/** Door `@millrace/engine/sim`: run a program in a seeded world and look at what came of it. */
export { InvariantViolation } from "./base/invariant.ts";
export type { CheckpointStep } from "./flow/checkpoint-step.ts";
export { Prng } from "./base/prng.ts";
export type { DocumentOutcome, ElasticsearchDescription, IndexOutcome } from "./connectors/elasticsearch/elasticsearch.ts";
export type {
  SnowflakeDescription,
  SnowflakeRowOutcome,
  SnowflakeTableDescription,
  SnowflakeTableOutcome,
} from "./connectors/snowflake/snowflake.ts";
export type { SocketDescription, SocketOutcome } from "./connectors/socket/socket-server.ts";
export type { FileOutcome, FileStoreDescription, GivenFile } from "./connectors/files/file-store.ts";
export type {
  IcebergDescription,
  IcebergSnapshotOutcome,
  IcebergTableDescription,
  IcebergTableOutcome,
} from "./connectors/iceberg/iceberg-catalog.ts";
export type {
  KinesisDescription,
  KinesisShardOutcome,
  KinesisStreamDescription,
  KinesisStreamOutcome,
} from "./connectors/kinesis/kinesis.ts";
export type { BrokerAction } from "./connectors/log/broker-faults.ts";
export type { DatabaseOutcome } from "./connectors/database/database.ts";
export type {
  ApplicationTransaction,
  DatabaseDescription,
  DatabaseSettings,
  ReplicaIdentity,
  RowChange,
  TableDescription,
} from "./connectors/database/database-description.ts";
export type { DebeziumOutcome } from "./connectors/database/debezium/debezium-connector.ts";
export type { DebeziumDescription } from "./connectors/database/debezium/debezium-description.ts";
export type { LatencyRange, ServiceDescription, ServiceOutage, ServiceRow } from "./connectors/service/service-description.ts";
export type { BucketOutcome, GivenObject, ObjectOutcome, ObjectStoreDescription } from "./connectors/object-store/object-store.ts";
export type { MultipartUploadOutcome } from "./connectors/object-store/multipart-upload.ts";
export type { SystemAction, SystemDescription } from "./connectors/systems/outside-system.ts";
export type { CheckpointDiskDescription } from "./sim/checkpoint-disk.ts";
export { explainJob, type JobGraphSummary, jobGraphOf } from "./sim/job-graph-summary.ts";
export type { HistogramValue, MetricValue, MeterValue } from "./flow/metrics/metric-value.ts";
export type { StepPoint } from "./runtime/run-observer.ts";
export type { OperatorMetrics, SubtaskMetrics, SubtaskSample } from "./runtime/metrics/subtask-metrics.ts";
export type {
  JobFailure,
  MetricSample,
  OutputRecord,
  Recording,
  RunMetrics,
  RunOutcome,
  RunStatus,
  SystemOutcome,
  TopicOutcome,
} from "./sim/outcome.ts";
export type { RecordingEvent } from "./sim/recording/events.ts";
export { keepEvents } from "./sim/recording/keep-events.ts";
export type { QueueChange, QueueDetail, RecordedChannel, RecordedQueues } from "./sim/recording/queues.ts";
export type { RecordedWatermarks } from "./sim/recording/recorded-watermarks.ts";
export type { ExceptionHistory, ExceptionHistoryEntry, RootExceptionHistoryEntry } from "./runtime/cluster/exception-history.ts";
export type {
  CheckpointStatistics,
  CheckpointStatisticsEntry,
  StatisticsSummary,
  SubtaskCheckpointStatistics,
} from "./runtime/checkpoint/checkpoint-statistics.ts";
export type { CompletedCheckpoint, OperatorCheckpoint } from "./runtime/checkpoint/completed-checkpoint.ts";
export type { ClaimMode, RestoreSettings, Savepoint, SavepointFormat } from "./runtime/checkpoint/savepoint.ts";
export {
  type KeyedEntry,
  type KeyedStateContents,
  type OperatorContents,
  type OperatorStateContents,
  readSnapshot,
  type SnapshotContents,
  type TimerContents,
} from "./sim/read-snapshot.ts";
export { type RunOptions, runWorld } from "./sim/run.ts";
export { readSavepoint, writeSavepoint } from "./sim/savepoint-file.ts";
export { OpenWorld, type OpenWorldJob } from "./sim/open-world.ts";
export { type JobPhase, type PhaseOutcome, runUpgrade, type StartedFrom, type UpgradeOutcome } from "./sim/upgrade.ts";
export {
  type Arrival,
  DEFAULT_LIMITS,
  type Fault,
  type FaultTrigger,
  type World,
  type WorldBroker,
  type WorldCluster,
  type WorldEnd,
  type WorldLimits,
  type WorldTopic,
} from "./sim/world.ts";
export type { CheckedRun, Checker, OutputRow, Violation } from "./sim/checkers/checker.ts";
export { systemRows } from "./sim/checkers/system-rows.ts";
export type { TableName } from "./sim/checkers/table-copies.ts";
export { checkersFor, checkRun, type Promises } from "./sim/checkers/check-run.ts";
export { type ReducedWorld, type ReduceOptions, reduceWorld, reduceWorldLater } from "./sim/reduce/reduce-world.ts";
export { SWARM_DISORDER_MS } from "./sim/swarm/draw-arrivals.ts";
export { drawWorld, quietWorld, SWARM_START_MS } from "./sim/swarm/draw-world.ts";
export type { DrawnSystem, OwnFault, SwarmEvent, SwarmInput, SwarmWorkload } from "./sim/swarm/workload.ts";
export type { MissingCondition } from "./sim/crash-points/conditions.ts";
export {
  type CrashPoint,
  type CrashPointOptions,
  type CrashPointReport,
  crashPoints,
  CrashPointsImpossible,
  type CrashResult,
} from "./sim/crash-points/crash-points.ts";
export { isExactlyOnce, type Reading } from "./sim/crash-points/readings.ts";
