/** A job as a learner writes it, in versions: counts per user from topic "in" to topic "out", exactly once. */
import {
  Configuration,
  datastreamProgram,
  EmbeddedRocksDBStateBackend,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  type KeyedProcessContext,
  KeyedProcessFunction,
  type Collector,
  type OpenContext,
  StreamExecutionEnvironment,
  type TypeInformation,
  Types,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "../../src/index.ts";
import { DEFAULT_LIMITS, type World } from "../../src/sim.ts";
import type { JobProgram } from "../../src/graph/stream-graph.ts";

export interface Version {
  readonly parallelism?: number;
  readonly maxParallelism?: number;
  readonly uid?: string;
  readonly stateName?: string;
  readonly type?: TypeInformation<number>;
  readonly backend?: "hashmap" | "rocksdb";
  /** Configuration keys. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface Counted {
  readonly user: string;
  readonly count: number;
}

class Count extends KeyedProcessFunction<string, { user: string }, Counted> {
  private readonly version: Version;
  private count: ValueState<number> | undefined;

  constructor(version: Version) {
    super();
    this.version = version;
  }

  override open(_context: OpenContext): void {
    const { stateName = "count", type = Types.LONG } = this.version;
    this.count = this.getRuntimeContext().getState(new ValueStateDescriptor<number>(stateName, type));
  }

  processElement(value: { user: string }, _context: KeyedProcessContext<string>, out: Collector<Counted>): void {
    const count = (this.count?.value() ?? 0) + 1;
    this.count?.update(count);
    out.collect({ user: value.user, count });
  }
}

export function countingJob(version: Version = {}): JobProgram {
  return datastreamProgram(() => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.enableCheckpointing(500);
    if (version.settings !== undefined) env.configure(Configuration.fromMap(version.settings));
    if (version.backend === "rocksdb") env.setStateBackend(new EmbeddedRocksDBStateBackend());
    if (version.parallelism !== undefined) env.setParallelism(version.parallelism);
    if (version.maxParallelism !== undefined) env.setMaxParallelism(version.maxParallelism);
    const source = KafkaSource.builder<{ user: string }>()
      .setTopics("in")
      .setValueOnlyDeserializer((value) => value as { user: string })
      .build();
    const sink = KafkaSink.builder<Counted>()
      .setRecordSerializer(
        KafkaRecordSerializationSchema.builder<Counted>()
          .setTopic("out")
          .setValueSerializationSchema((value: Counted) => value)
          .build(),
      )
      .setDeliveryGuarantee("EXACTLY_ONCE")
      .setTransactionalIdPrefix("counts")
      .build();
    env
      .fromSource(source, WatermarkStrategy.noWatermarks(), "clicks")
      .uid("clicks")
      .keyBy(({ user }) => user, Types.STRING)
      .process(new Count(version))
      .uid(version.uid ?? "count")
      .sinkTo(sink)
      .uid("out");
    env.execute("counts");
  });
}

/** Twelve users click once each, every 100 ms one, over and over for 6 s; the world ends by a drain. */
export function clicking(more: Partial<World> = {}): World {
  const arrivals = Array.from({ length: 60 }, (_, n) => ({ atMs: n * 100, partition: n % 3, key: null, value: { user: `u${n % 12}` } }));
  return {
    seed: 1,
    startMs: 0,
    topics: [
      { name: "in", partitions: 3, arrivals },
      { name: "out", partitions: 1, arrivals: [] },
    ],
    cluster: { taskManagers: 2, slotsPerTaskManager: 2, parallelism: 1 },
    faults: [],
    end: { kind: "drain" },
    limits: DEFAULT_LIMITS,
    costsUs: {},
    ...more,
  };
}
