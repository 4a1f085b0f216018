import {
  type CheckpointedFunction,
  type Collector,
  type ConsumerRecord,
  type FunctionInitializationContext,
  type FunctionSnapshotContext,
  JsonSerializationSchema,
  type KafkaRecordDeserializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  type ListState,
  ListStateDescriptor,
  type ProcessContext,
  ProcessFunction,
  type RecordCollector,
  StreamExecutionEnvironment,
  Types,
  WatermarkStrategy,
} from "flink";

/** A message and where it was in its partition. */
interface Place {
  readonly partition: number;
  readonly offset: number;
}

/** What the restored lists of a subtask hold, and what it keeps now: `p<partition>@<next offset>`. */
interface Report {
  readonly subtask: number;
  readonly split: string;
  readonly union: string;
  readonly keeps: string;
}

class WithPlace implements KafkaRecordDeserializationSchema<Place> {
  deserialize(record: ConsumerRecord, out: RecordCollector<Place>) {
    out.collect({ partition: record.partition, offset: record.offset });
  }
}

/** Remembers the next offset of each partition it has seen, in two operator states that differ only in how they are handed out again. */
class Positions extends ProcessFunction<Place, Report> implements CheckpointedFunction {
  private readonly next = new Map<number, number>();
  private split!: ListState<string>;
  private union!: ListState<string>;
  private restored = { split: "-", union: "-" };

  initializeState(context: FunctionInitializationContext) {
    const store = context.getOperatorStateStore();
    this.split = store.getListState(new ListStateDescriptor<string>("split", Types.STRING));
    this.union = store.getUnionListState(new ListStateDescriptor<string>("union", Types.STRING));
    if (!context.isRestored()) return;
    this.restored = { split: [...(this.split.get() ?? [])].join(" "), union: [...(this.union.get() ?? [])].join(" ") };
  }

  snapshotState(_context: FunctionSnapshotContext) {
    this.split.update(this.entries());
    this.union.update(this.entries());
  }

  override processElement({ partition, offset }: Place, _context: ProcessContext, out: Collector<Report>) {
    this.next.set(partition, offset + 1);
    out.collect({
      subtask: this.getRuntimeContext().getTaskInfo().getIndexOfThisSubtask(),
      ...this.restored,
      keeps: this.entries().join(" "),
    });
  }

  private entries(): string[] {
    return [...this.next].sort(([a], [b]) => a - b).map(([partition, next]) => `p${partition}@${next}`);
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(20_000);

env
  .fromSource(
    KafkaSource.builder<Place>().setBootstrapServers("kafka:9092").setTopics("messages").setDeserializer(new WithPlace()).build(),
    WatermarkStrategy.noWatermarks<Place>(),
    "messages",
  )
  .uid("messages")
  .process(new Positions())
  .uid("positions")
  .sinkTo(
    KafkaSink.builder<Report>()
      .setBootstrapServers("kafka:9092")
      .setRecordSerializer(
        KafkaRecordSerializationSchema.builder<Report>()
          .setTopic("reports")
          .setValueSerializationSchema(new JsonSerializationSchema<Report>())
          .build(),
      )
      .build(),
  )
  .uid("reports");

env.execute("operator-state-offsets");
