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

export * from "./datastream.ts";
export * from "./table.ts";
// Both have one of this name; a learner's is the serialization.
export { json } from "./datastream.ts";
