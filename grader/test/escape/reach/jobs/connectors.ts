// Sources and sinks of the program's own, and around those of the engine; asynchronous functions and patterns.
import {
  AsyncDataStream,
  AsyncRetryStrategies,
  CEP,
  type Collector,
  CollectionSource,
  DataGeneratorSource,
  type DataStream,
  Duration,
  DeliveryGuarantee,
  json,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  HybridSource,
  KafkaRecordDeserializationSchema,
  NumberSequenceSource,
  OffsetsInitializer,
  Pattern,
  PatternProcessFunction,
  PrintSink,
  RateLimiterStrategy,
  RetryPredicates,
  RichAsyncFunction,
  RichSinkFunction,
  SimpleCondition,
  IterativeCondition,
  type Sink,
  type Source,
  SimpleVersionedSerializer,
  StandardSinkTopologies,
  StreamExecutionEnvironment,
  TimeUnit,
  TwoPhaseCommitSinkFunction,
  WatermarkStrategy,
  AfterMatchSkipStrategy,
} from "flink";
import * as flink from "flink";
import { around, look, spied, spiedThrough, tell } from "./given";

interface Click {
  readonly user: string;
  readonly at: number;
  readonly n: number;
}
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(2000);
const kafka = KafkaSource.builder<Click>()
  .setTopics("clicks")
  .setStartingOffsets(OffsetsInitializer.earliest())
  .setDeserializer(
    KafkaRecordDeserializationSchema.valueOnly
      ? (spied(
          { deserialize: (record: any, out: any) => out.collect(record.value), getProducedType: () => undefined },
          "KafkaRecordDeserializationSchema",
        ) as never)
      : (undefined as never),
  )
  .build();
const watermarks = WatermarkStrategy.forMonotonousTimestamps<Click>().withTimestampAssigner((click) => click.at);
const clicks = env.fromSource(around(kafka as Source<Click>, "KafkaSource"), watermarks, "clicks");
env
  .fromSource(around(new NumberSequenceSource(1, 5) as never, "NumberSequenceSource"), WatermarkStrategy.noWatermarks(), "numbers")
  .print();
env
  .fromSource(
    around(
      new DataGeneratorSource(spied((n: number) => n, "generator") as never, 5, RateLimiterStrategy.perSecond(10)) as never,
      "DataGeneratorSource",
    ),
    WatermarkStrategy.noWatermarks(),
    "generated",
  )
  .print();
env
  .fromSource(
    HybridSource.builder(new NumberSequenceSource(1, 2) as never)
      .addSource(new NumberSequenceSource(1, 2) as never)
      .build() as never,
    WatermarkStrategy.noWatermarks(),
    "hybrid",
  )
  .print();

/** A sink of the program's own around the engine's Kafka sink. */
function sinkAround(sink: Sink<Click>, as: string): Sink<Click> {
  look(sink, as);
  const real = sink as Required<Sink<Click>>;
  return spiedThrough(
    {
      createWriter: (context: flink.WriterInitContext) => real.createWriter(context),
      ...(sink.restoreWriter === undefined
        ? {}
        : { restoreWriter: (context: flink.WriterInitContext, state: readonly unknown[]) => real.restoreWriter(context, state) }),
      ...(sink.createCommitter === undefined
        ? {}
        : { createCommitter: (context: flink.CommitterInitContext) => real.createCommitter(context) }),
    },
    as,
  ) as Sink<Click>;
}
const serializer = spied(
  { serialize: (click: Click, context: unknown, timestamp: unknown) => ({ topic: "out", key: click.user, value: click, partition: 0 }) },
  "KafkaRecordSerializationSchema",
);
clicks.sinkTo(
  sinkAround(
    KafkaSink.builder<Click>()
      .setRecordSerializer(serializer as never)
      .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
      .setTransactionalIdPrefix("own")
      .build() as Sink<Click>,
    "KafkaSink",
  ),
);
clicks.sinkTo(
  sinkAround(
    KafkaSink.builder<Click>()
      .setRecordSerializer(
        KafkaRecordSerializationSchema.builder<Click>()
          .setTopicSelector?.(spied((click: Click) => "out", "topicSelector") as never)
          .setValueSerializationSchema(spied({ serialize: (click: Click) => click }, "SerializationSchema") as never)
          .build(),
      )
      .build() as Sink<Click>,
    "KafkaSink",
  ),
);

class Topologies implements Sink<Click, string, number> {
  createWriter(context: flink.WriterInitContext) {
    return this.restoreWriter(context, []);
  }
  restoreWriter(context: flink.WriterInitContext, _state: readonly number[]) {
    context.getProcessingTimeService().registerTimer(
      context.currentMs() + 10,
      spied(() => undefined, "sinkTimer"),
    );
    return {
      write: () => undefined,
      flush: () => undefined,
      prepareCommit: () => ["x"],
      snapshotState: () => [1],
      close: () => undefined,
      writeWatermark: () => undefined,
    };
  }
  createCommitter(_context: flink.CommitterInitContext) {
    return {
      commit: (requests: readonly flink.CommitRequest<string>[]) => {
        look(requests, "requests");
      },
      close: () => undefined,
    };
  }
  addPreWriteTopology(input: DataStream<Click>) {
    return input.map((click) => click);
  }
  addPreCommitTopology(results: DataStream<flink.CommittableMessage<string>>) {
    return results.map(spied((message: flink.CommittableMessage<string>) => message, "committable"));
  }
  addPostCommitTopology(committables: DataStream<flink.CommittableMessage<string>>) {
    StandardSinkTopologies.addGlobalCommitter(
      committables,
      spied(() => spied({ commit: () => undefined, close: () => undefined }, "globalCommitter"), "globalCommitterFactory") as never,
    );
  }
}
clicks.sinkTo(spiedThrough(new Topologies(), "Sink") as never);

class Two extends TwoPhaseCommitSinkFunction<Click, { n: number }, string> {
  protected beginTransaction() {
    return { n: 0 };
  }
  protected override invoke(transaction: { n: number }, click: Click, context: unknown) {
    transaction.n++;
  }
  protected preCommit() {}
  protected commit() {}
  protected abort() {}
}
clicks.addSink(spied(new Two(), "TwoPhaseCommitSinkFunction"));
class Older extends RichSinkFunction<Click> {
  override invoke(click: Click, context: flink.SinkFunctionContext) {}
}
clicks.addSink(spied(new Older(), "RichSinkFunction"));
clicks.addSink(spied((_click: Click) => undefined, "sinkFunction"));

class Lookup extends RichAsyncFunction<Click, Click> {
  private service!: flink.ExternalService<number>;
  override open() {
    this.service = this.getRuntimeContext().getExternalService("prices");
    look(this.service, "service");
    try {
      look(this.service.requestAndWait("a"), "answer");
    } catch (error) {
      look(error, "service error");
    }
  }
  override asyncInvoke(click: Click, result: flink.ResultFuture<Click>) {
    this.service.request(click.user, spied((error: unknown, value: unknown) => result.complete([click]), "answer") as never);
  }
  override timeout(click: Click, result: flink.ResultFuture<Click>) {
    result.complete([click]);
  }
}
const retries = new AsyncRetryStrategies.FixedDelayRetryStrategyBuilder<Click>(3, 100)
  .ifResult(spied((results: Iterable<Click>) => false, "ifResult") as never)
  .ifException(RetryPredicates.HAS_EXCEPTION_PREDICATE)
  .build();
look(retries, "retries");
AsyncDataStream.orderedWait(clicks, spied(new Lookup(), "RichAsyncFunction"), Duration.ofSeconds(5), 3).print();
AsyncDataStream.unorderedWaitWithRetry(
  clicks,
  spied(new Lookup(), "RichAsyncFunction retried"),
  1000,
  TimeUnit.MILLISECONDS,
  100,
  retries,
).print();
AsyncDataStream.unorderedWait(
  clicks.keyBy((click) => click.user),
  spied(new Lookup(), "RichAsyncFunction keyed"),
  Duration.ofSeconds(5),
  3,
).print();

const condition = spied(
  new (class extends IterativeCondition<Click> {
    override filter(_click: Click, context: flink.IterativeConditionContext<Click>) {
      for (const before of context.getEventsForPattern("a")) look(before, "before");
      look(context.getEventsForPattern("a"), "events");
      return true;
    }
  })(),
  "IterativeCondition",
);
const pattern = Pattern.begin<Click>("a", AfterMatchSkipStrategy.skipPastLastEvent())
  .where(spied(SimpleCondition.of(spied((click: Click) => click.n < 3, "simpleCondition")), "SimpleCondition"))
  .followedBy("b")
  .where(condition)
  .within(Duration.ofSeconds(1));
class Match extends PatternProcessFunction<Click, Click> {
  override processMatch(match: ReadonlyMap<string, readonly Click[]>, context: flink.PatternProcessContext, out: Collector<Click>) {
    out.collect(match.get("a")![0]!);
  }
  processTimedOutMatch(match: unknown, context: flink.PatternProcessContext) {}
}
const patterns = CEP.pattern(
  clicks.keyBy((click) => click.user),
  pattern,
);
patterns.process(spied(new Match(), "PatternProcessFunction")).print();
patterns.select(spied((match: unknown) => 1, "patternSelect")).print();
patterns.flatSelect(spied((match: unknown, out: Collector<number>) => out.collect(1), "patternFlatSelect")).print();

class Failing extends flink.RichMapFunction<Click, Click> {
  override open() {
    try {
      this.getRuntimeContext().getState(null as never);
    } catch (error) {
      look(error, "error");
    }
    try {
      this.getRuntimeContext().getExternalService("nothing");
    } catch (error) {
      look(error, "error");
    }
  }
  override map(click: Click) {
    return click;
  }
}
clicks.map(spied(new Failing(), "Failing")).print();
tell();
env.execute("connectors");
