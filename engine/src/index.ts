/**
 * Millrace's DataStream API: the module that a learner imports as "flink". Names and meaning are Apache Flink's (2.3); times are
 * `Duration`s or milliseconds, timestamps and watermarks are epoch milliseconds.
 *
 * ```ts
 * import { Duration, json, KafkaSink, KafkaSource, StreamExecutionEnvironment, TumblingEventTimeWindows, WatermarkStrategy } from "flink";
 *
 * interface Click { readonly user: string; readonly at: number }
 *
 * const env = StreamExecutionEnvironment.getExecutionEnvironment();
 * const clicks = KafkaSource.builder<Click>().setTopics("clicks").build();
 * const watermarks = WatermarkStrategy.forBoundedOutOfOrderness<Click>(Duration.ofSeconds(5)).withTimestampAssigner((click) => click.at);
 *
 * env
 *   .fromSource(clicks, watermarks, "clicks")
 *   .map((click) => ({ user: click.user, count: 1 }))
 *   .keyBy((click) => click.user)
 *   .window(TumblingEventTimeWindows.of(Duration.ofMinutes(1)))
 *   .sum("count")
 *   .sinkTo(KafkaSink.builder<{ user: string; count: number }>().setRecordSerializer(json("counts")).build());
 *
 * env.execute("clicks per user and minute");
 * ```
 */

// Time, errors, constants
export type { DiagnosticData, TextSpan } from "./base/diagnostic.ts";
export { Diagnostic } from "./base/diagnostic.ts";
export { Duration } from "./base/duration.ts";
export { MAX_TIMESTAMP, MIN_TIMESTAMP } from "./base/long.ts";

// Sources and sinks
export { CollectionSource, NumberSequenceSource } from "./connectors/collection-source.ts";
export { DiscardingSink } from "./connectors/discarding-sink.ts";
export { DataGeneratorSource, RateLimiterStrategy } from "./connectors/generator-source.ts";
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
  type DeserializationSchema,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  type SerializationSchema,
  SimpleStringSchema,
} from "./connectors/log/serialization-schemas.ts";
export { PrintSink } from "./connectors/print-sink.ts";
export type {
  Committer,
  CommitRequest,
  InputStatus,
  ReaderOutput,
  Sink,
  SinkWriteContext,
  SinkWriter,
  Source,
  SourceReader,
  SourceReaderContext,
  SourceSplit,
  SplitEnumerator,
  SplitEnumeratorContext,
  WriterInitContext,
} from "./flow/connector.ts";

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
export type { TimestampAssigner, WatermarkGenerator, WatermarkOutput } from "./operators/watermarks/watermark-generator.ts";
export { WatermarkStrategy } from "./operators/watermarks/watermark-strategy.ts";

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
  MergingWindowAssigner,
  WindowAssigner,
  type WindowAssignerContext,
  WindowStagger,
} from "./operators/windowing/assigners/window-assigner.ts";
export type { DeltaFunction } from "./operators/windowing/delta-function.ts";
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

// The environment and the streams
export { CheckpointConfig, ExternalizedCheckpointRetention } from "./datastream/checkpoint-config.ts";
export { CheckpointingOptions, type ConfigOption, Configuration, RestartStrategyOptions } from "./datastream/configuration.ts";
export { datastreamProgram } from "./datastream/evaluate-job.ts";
export { ExecutionConfig } from "./datastream/execution-config.ts";
export { setPositionProvider } from "./datastream/graph-builder.ts";
export { CheckpointingMode } from "./datastream/job-settings.ts";
export { RestartStrategies } from "./datastream/restart-strategies.ts";
export { EmbeddedRocksDBStateBackend, HashMapStateBackend, type StateBackend } from "./datastream/state-backends.ts";
export { type JobClient, type JobExecutionResult, StreamExecutionEnvironment } from "./datastream/stream-execution-environment.ts";
export {
  AllWindowedStream,
  BroadcastConnectedStream,
  BroadcastStream,
  ConnectedStreams,
  DataStream,
  DataStreamSink,
  KeyedStream,
  SingleOutputStreamOperator,
  WindowedStream,
} from "./datastream/streams.ts";
export { Time } from "./datastream/time.ts";
export type { TimeLike } from "./datastream/time-like.ts";
export { Tuple2, Tuple3, Tuple4 } from "./datastream/tuple.ts";
export { TypeHint, TypeInformation, Types } from "./datastream/type-information.ts";
