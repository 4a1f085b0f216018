/** The DataStream API, connectors and all that a program needs without tables: what is in every isolate (bundle/bundle-parts.ts). Part of "flink". */
// Time, errors, constants
export type { DiagnosticData, TextSpan } from "./base/diagnostic.ts";
export { Diagnostic } from "./base/diagnostic.ts";
export { Duration } from "./base/duration.ts";
export { MAX_TIMESTAMP, MIN_TIMESTAMP } from "./base/long.ts";

// Sources and sinks
export { RecordsBySplits, RecordsBySplitsBuilder, type RecordsWithSplitIds } from "./connectors/base/records-by-splits.ts";
export {
  type RecordEmitter,
  SingleThreadMultiplexSourceReaderBase,
  type SplitReader,
  SplitsAddition,
} from "./connectors/base/source-reader-base.ts";
export { CollectionSource, NumberSequenceSource } from "./connectors/collection-source.ts";
export type { ChangeEvent, ChangeSource, SourceRecord } from "./connectors/database/cdc/change-event.ts";
export {
  type DebeziumDeserializationSchema,
  JsonDebeziumDeserializationSchema,
} from "./connectors/database/cdc/debezium-deserialization.ts";
export { type PostgresIncrementalSource, PostgresSourceBuilder } from "./connectors/database/cdc/postgres-source-builder.ts";
export { StartupOptions } from "./connectors/database/cdc/startup-options.ts";
export { JdbcConnectionOptions, JdbcConnectionOptionsBuilder } from "./connectors/database/jdbc/jdbc-connection-options.ts";
export { JdbcExactlyOnceOptions, JdbcExactlyOnceOptionsBuilder } from "./connectors/database/jdbc/jdbc-exactly-once-options.ts";
export { JdbcExecutionOptions, JdbcExecutionOptionsBuilder } from "./connectors/database/jdbc/jdbc-execution-options.ts";
export { type JdbcQueryStatement, JdbcSink, type JdbcSinkBuilder } from "./connectors/database/jdbc/jdbc-sink.ts";
export { PGXADataSource, type XADataSource } from "./connectors/database/jdbc/pg-xa-data-source.ts";
export type { JdbcStatementBuilder, PreparedStatement } from "./connectors/database/jdbc/prepared-statement.ts";
export { DiscardingSink } from "./connectors/discarding-sink.ts";
export {
  Elasticsearch7SinkBuilder,
  type ElasticsearchEmitter,
  ElasticsearchSink,
  FlushBackoffType,
  HttpHost,
  type RequestIndexer,
} from "./connectors/elasticsearch/elasticsearch-sink.ts";
export { type ActionRequest, DeleteRequest, IndexRequest, Requests, UpdateRequest } from "./connectors/elasticsearch/requests.ts";
export { Path } from "./connectors/files/path.ts";
export {
  BasePathBucketAssigner,
  type BucketAssigner,
  type BucketAssignerContext,
  DateTimeBucketAssigner,
} from "./connectors/files/sink/bucket-assigners.ts";
export {
  AvroParquetWriters,
  type BulkWriter,
  type BulkWriterFactory,
  type Encoder,
  type OutputStream,
  SimpleStringEncoder,
} from "./connectors/files/sink/encoders.ts";
export { FileCompactStrategy, type FileCompactStrategyBuilder } from "./connectors/files/sink/compaction/file-compact-strategy.ts";
export {
  type CompactorInput,
  ConcatFileCompactor,
  type FileCompactor,
  IdenticalFileCompactor,
} from "./connectors/files/sink/compaction/file-compactors.ts";
export { FileSink, type FileSinkBuilder } from "./connectors/files/sink/file-sink.ts";
export { MemorySize } from "./connectors/files/sink/memory-size.ts";
export { OutputFileConfig, type OutputFileConfigBuilder } from "./connectors/files/sink/output-file-config.ts";
export {
  CheckpointRollingPolicy,
  DefaultRollingPolicy,
  type DefaultRollingPolicyBuilder,
  OnCheckpointRollingPolicy,
  type PartFileInfo,
  type RollingPolicy,
} from "./connectors/files/sink/rolling-policies.ts";
export { FileSource, type FileSourceBuilder } from "./connectors/files/source/file-source.ts";
export type { FileSourceSplit } from "./connectors/files/source/file-source-split.ts";
export {
  AvroParquetReaders,
  FSDataInputStream,
  type StreamFormat,
  type StreamFormatReader,
  TextLineInputFormat,
} from "./connectors/files/source/stream-format.ts";
export { DataGeneratorSource, type GeneratorFunction, RateLimiterStrategy } from "./connectors/generator-source.ts";
export { IcebergSink, type IcebergSinkBuilder } from "./connectors/iceberg/iceberg-sink.ts";
export { IcebergSource, type IcebergSourceBuilder, StreamingStartingStrategy } from "./connectors/iceberg/iceberg-source.ts";
export { TableLoader } from "./connectors/iceberg/table-loader.ts";
export { HybridSource, type HybridSourceBuilder } from "./connectors/hybrid-source.ts";
export type { HybridSourceSplit } from "./connectors/hybrid-source-split.ts";
export { KinesisStreamsSink, type KinesisStreamsSinkBuilder, type PartitionKeyGenerator } from "./connectors/kinesis/kinesis-sink.ts";
export { KinesisStreamsSource, type KinesisStreamsSourceBuilder } from "./connectors/kinesis/kinesis-source.ts";
export type { KinesisShardSplit } from "./connectors/kinesis/kinesis-shard-split.ts";
export type { KafkaPartitionSplit } from "./connectors/log/kafka-partition-split.ts";
export {
  json,
  KafkaRecordSerializationSchema,
  type KafkaRecordSerializationSchemaBuilder,
  type ProducerRecord,
} from "./connectors/log/kafka-record-serialization.ts";
export { DeliveryGuarantee, KafkaSink, type KafkaSinkBuilder } from "./connectors/log/kafka-sink.ts";
export {
  KafkaRecordDeserializationSchema,
  KafkaSource,
  type KafkaSourceBuilder,
  type RecordCollector,
} from "./connectors/log/kafka-source.ts";
export type { ConsumerRecord } from "./connectors/log/kafka-source-reader.ts";
export { OffsetResetStrategy, OffsetsInitializer } from "./connectors/log/offsets-initializer.ts";
export {
  type LogTransactionHandle,
  type LogTransactionRecord,
  TransactionalLogClient,
} from "./connectors/log/transactional-log-client.ts";
export { TopicPartition } from "./connectors/log/topic-partition.ts";
export {
  type DeserializationSchema,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  type SerializationSchema,
  SimpleStringSchema,
} from "./connectors/log/serialization-schemas.ts";
export { PrintSink } from "./connectors/print-sink.ts";
export { SnowflakeSink, type SnowflakeSinkBuilder } from "./connectors/snowflake/snowflake-sink.ts";
export type { SinkAsFunction } from "./connectors/sink-as-function.ts";
export { CompletableFuture } from "./flow/completable-future.ts";
export {
  Boundedness,
  InputStatus,
  type ReaderInfo,
  type ReaderOutput,
  type SimpleVersionedSerializer,
  type Source,
  type SourceEvent,
  type SourceOutput,
  type SourceReader,
  type SourceReaderContext,
  type SourceReaderMetricGroup,
  type SourceSplit,
  type SplitEnumerator,
  type SplitEnumeratorContext,
  type SplitEnumeratorMetricGroup,
  SplitsAssignment,
} from "./flow/source.ts";

export type {
  Committer,
  CommitRequest,
  CommitterInitContext,
  CommittingSinkWriter,
  Sink,
  SinkProcessingTimeService,
  SinkWriteContext,
  SinkWriter,
  StatefulSinkWriter,
  SupportsCommitter,
  SupportsWriterState,
  WriterInitContext,
} from "./flow/sink.ts";
export { SuppressRestartsException } from "./flow/suppress-restarts-exception.ts";
export { type CommittableMessage, CommittableSummary, CommittableWithLineage } from "./operators/sink/committable-message.ts";
export {
  StandardSinkTopologies,
  type SupportsPostCommitTopology,
  type SupportsPreCommitTopology,
  type SupportsPreWriteTopology,
} from "./datastream/sink-topologies.ts";

// Accumulators and metrics
export type { Accumulator, SimpleAccumulator } from "./flow/accumulators/accumulator.ts";
export { AverageAccumulator, Histogram, ListAccumulator } from "./flow/accumulators/collecting-accumulators.ts";
export {
  DoubleCounter,
  DoubleMaximum,
  DoubleMinimum,
  IntCounter,
  IntMaximum,
  IntMinimum,
  LongCounter,
  LongMaximum,
  LongMinimum,
} from "./flow/accumulators/number-accumulators.ts";
export { DescriptiveStatisticsHistogram } from "./flow/metrics/descriptive-statistics-histogram.ts";
export { MeterView } from "./flow/metrics/meter-view.ts";
export { SimpleCounter } from "./flow/metrics/metric.ts";

// Functions and what they are given
export * from "./flow/functions.ts";
export { OutputTag } from "./flow/output.ts";

// State
export {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  type StateDescriptor,
  ValueStateDescriptor,
} from "./state/descriptors.ts";
export type {
  AggregatingState,
  AppendingState,
  BroadcastState,
  ListState,
  MapState,
  ReadOnlyBroadcastState,
  ReducingState,
  State,
  ValueState,
} from "./state/state.ts";
export { StateTtlConfig, type StateTtlConfigBuilder } from "./state/ttl.ts";

// Watermarks
export type { RelativeClock } from "./flow/pausable-clock.ts";
export { Watermark } from "./flow/watermark.ts";
export type { TimestampAssigner, WatermarkGenerator, WatermarkOutput } from "./operators/watermarks/watermark-generator.ts";
export {
  type CustomWatermarkStrategy,
  type TimestampAssignerSupplier,
  type WatermarkAlignment,
  type WatermarkGeneratorContext,
  WatermarkStrategy,
} from "./operators/watermarks/watermark-strategy.ts";

// Windows
export {
  type DynamicEventTimeSessionWindows,
  EventTimeSessionWindows,
} from "./operators/windowing/assigners/event-time-session-windows.ts";
export { GlobalWindows } from "./operators/windowing/assigners/global-windows.ts";
export { ProcessingTimeSessionWindows } from "./operators/windowing/assigners/processing-time-session-windows.ts";
export type { SessionWindowTimeGapExtractor } from "./operators/windowing/assigners/session-gap.ts";
export { SlidingEventTimeWindows } from "./operators/windowing/assigners/sliding-event-time-windows.ts";
export { SlidingProcessingTimeWindows } from "./operators/windowing/assigners/sliding-processing-time-windows.ts";
export { TumblingEventTimeWindows } from "./operators/windowing/assigners/tumbling-event-time-windows.ts";
export { TumblingProcessingTimeWindows } from "./operators/windowing/assigners/tumbling-processing-time-windows.ts";
export {
  type MergeCallback,
  MergingWindowAssigner,
  WindowAssigner,
  type WindowAssignerContext,
  WindowStagger,
} from "./operators/windowing/assigners/window-assigner.ts";
export type { DeltaFunction } from "./operators/windowing/delta-function.ts";
export { TaggedUnion } from "./operators/windowing/tagged-union.ts";
export { CountEvictor } from "./operators/windowing/evictors/count-evictor.ts";
export { DeltaEvictor } from "./operators/windowing/evictors/delta-evictor.ts";
export type { Evictor, EvictorContext, TimestampedValue } from "./operators/windowing/evictors/evictor.ts";
export { TimeEvictor } from "./operators/windowing/evictors/time-evictor.ts";
export { ContinuousEventTimeTrigger } from "./operators/windowing/triggers/continuous-event-time-trigger.ts";
export { ContinuousProcessingTimeTrigger } from "./operators/windowing/triggers/continuous-processing-time-trigger.ts";
export { CountTrigger } from "./operators/windowing/triggers/count-trigger.ts";
export { DeltaTrigger } from "./operators/windowing/triggers/delta-trigger.ts";
export { EventTimeTrigger } from "./operators/windowing/triggers/event-time-trigger.ts";
export { NeverTrigger } from "./operators/windowing/triggers/never-trigger.ts";
export { ProcessingTimeTrigger } from "./operators/windowing/triggers/processing-time-trigger.ts";
export { ProcessingTimeoutTrigger } from "./operators/windowing/triggers/processing-timeout-trigger.ts";
export { PurgingTrigger } from "./operators/windowing/triggers/purging-trigger.ts";
export { type OnMergeContext, Trigger, type TriggerContext, TriggerResult } from "./operators/windowing/triggers/trigger.ts";
export { GlobalWindow, TimeWindow, Window } from "./operators/windowing/window.ts";

// Partitions of bounded streams
export type { MapPartitionFunction, MapPartitionFunctionLike } from "./operators/partition/full-partition-operator.ts";
export { Order } from "./operators/partition/sort-order.ts";
export type { PartitionWindowedStream } from "./datastream/partition-windowed-stream.ts";

// Patterns (CEP)
export { CEP, type EventComparator, type EventComparatorLike } from "./datastream/cep/cep.ts";
export type { ClassOf, ConditionLike } from "./datastream/cep/condition-like.ts";
export { GroupPattern, Pattern, WithinType } from "./datastream/cep/pattern.ts";
export {
  type PatternFlatSelectFunction,
  type PatternFlatSelectFunctionLike,
  type PatternFlatTimeoutFunction,
  type PatternFlatTimeoutFunctionLike,
  type PatternSelectFunction,
  type PatternSelectFunctionLike,
  type PatternTimeoutFunction,
  type PatternTimeoutFunctionLike,
  RichPatternFlatSelectFunction,
  RichPatternSelectFunction,
} from "./datastream/cep/pattern-functions.ts";
export { PatternStream } from "./datastream/cep/pattern-stream.ts";
export { AfterMatchSkipStrategy, type SkipToElementStrategy } from "./operators/cep/after-match-skip-strategy.ts";
export {
  IterativeCondition,
  type IterativeConditionContext,
  RichIterativeCondition,
  SimpleCondition,
} from "./operators/cep/conditions.ts";
export {
  type PatternProcessContext,
  PatternProcessFunction,
  type TimedOutPartialMatchHandler,
} from "./operators/cep/pattern-process-function.ts";

// Async I/O
export { AsyncDataStream } from "./datastream/async/async-data-stream.ts";
export { AsyncRetryStrategies } from "./datastream/async/async-retry-strategies.ts";
export { RetryPredicates } from "./datastream/async/retry-predicates.ts";
export { TimeUnit } from "./datastream/time-unit.ts";

// The environment and the streams
export { CheckpointConfig, ExternalizedCheckpointRetention } from "./datastream/checkpoint-config.ts";
export { Configuration } from "./datastream/configuration.ts";
export { CheckpointingOptions } from "./graph/configuration/checkpointing-options.ts";
export {
  type ConfigOption,
  type ConfigOptionBuilder,
  ConfigOptions,
  type TypedConfigOptionBuilder,
} from "./graph/configuration/config-option.ts";
export { CoreOptions, ExecutionOptions, PipelineOptions, SinkOptions, WebOptions } from "./graph/configuration/pipeline-options.ts";
export { RestartStrategyOptions } from "./graph/configuration/restart-strategy-options.ts";
export { RocksDBConfigurableOptions, RocksDBOptions } from "./graph/configuration/rocksdb-options.ts";
export {
  FsStateChangelogOptions,
  StateBackendOptions,
  StateChangelogOptions,
  StateLatencyTrackOptions,
  StateSizeTrackOptions,
} from "./graph/configuration/state-options.ts";
export { StateRecoveryOptions } from "./graph/configuration/state-recovery-options.ts";
export { DataStreamUtils } from "./datastream/data-stream-utils.ts";
export { datastreamProgram } from "./datastream/evaluate-job.ts";
export { ExecutionConfig } from "./datastream/execution-config.ts";
export { setPositionProvider } from "./datastream/graph-builder.ts";
export { CheckpointingMode } from "./datastream/job-settings.ts";
export { type SlotResources, SlotSharingGroup, SlotSharingGroupBuilder } from "./datastream/slot-sharing-group.ts";
export { ParameterTool } from "./datastream/parameter-tool.ts";
export { RuntimeExecutionMode } from "./graph/configuration/runtime-execution-mode.ts";
export { RestartStrategies } from "./datastream/restart-strategies.ts";
export { EmbeddedRocksDBStateBackend, HashMapStateBackend, type StateBackend } from "./datastream/state-backends.ts";
export {
  type JobClient,
  type JobExecutionResult,
  StreamExecutionEnvironment,
  type StreamGraphDescription,
} from "./datastream/stream-execution-environment.ts";
export {
  AllWindowedStream,
  BroadcastConnectedStream,
  BroadcastStream,
  CoGroupedStreams,
  type CoGroupedWithWindow,
  ConnectedStreams,
  DataStream,
  DataStreamSink,
  type IntervalJoin,
  type IntervalJoined,
  JoinedStreams,
  type JoinedWithWindow,
  KeyedStream,
  SingleOutputStreamOperator,
  WindowedStream,
} from "./datastream/streams.ts";
export { Time } from "./datastream/time.ts";
export type { TimeLike } from "./graph/configuration/time-like.ts";
export { Tuple, type TupleOf } from "./datastream/tuple.ts";
export * from "./datastream/tuples.ts";
export { TypeHint, TypeInformation, Types } from "./datastream/type-information.ts";
