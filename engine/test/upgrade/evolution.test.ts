/** SAV-5, SAV-6: state of version 1 in version 2 of a job, on both backends. */
import { describe, expect, it } from "vitest";
import {
  type Collector,
  datastreamProgram,
  EmbeddedRocksDBStateBackend,
  HashMapStateBackend,
  json,
  KafkaSink,
  KafkaSource,
  type KeyedProcessContext,
  KeyedProcessFunction,
  type OpenContext,
  StreamExecutionEnvironment,
  type TypeInformation,
  Types,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "../../src/index.ts";
import type { JobProgram } from "../../src/graph/stream-graph.ts";
import { runUpgrade, type World } from "../../src/sim.ts";
import { clicking } from "./counting-job.ts";

interface Version {
  readonly type?: TypeInformation<never> | TypeInformation<unknown> | undefined;
  /** What is in state after a record. */
  readonly next: (old: never) => unknown;
  /** What is told of the state before it. */
  readonly shown?: (old: unknown) => unknown;
}

type Backend = "hashmap" | "rocksdb";

class Remember extends KeyedProcessFunction<string, { user: string }, { before: unknown }> {
  private readonly version: Version;
  private state: ValueState<unknown> | undefined;

  constructor(version: Version) {
    super();
    this.version = version;
  }

  override open(_context: OpenContext): void {
    this.state = this.getRuntimeContext().getState(new ValueStateDescriptor<unknown>("account", this.version.type));
  }

  processElement(_value: { user: string }, _context: KeyedProcessContext<string>, out: Collector<{ before: unknown }>): void {
    const { next, shown = (old: unknown) => old } = this.version;
    const old = this.state?.value();
    out.collect({ before: shown(old) });
    this.state?.update(next(old as never));
  }
}

function jobOf(version: Version, backend: Backend): JobProgram {
  return datastreamProgram(() => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.enableCheckpointing(200);
    env.setStateBackend(backend === "hashmap" ? new HashMapStateBackend() : new EmbeddedRocksDBStateBackend());
    const source = KafkaSource.builder<{ user: string }>().setTopics("in").build();
    env
      .fromSource(source, WatermarkStrategy.noWatermarks(), "in")
      .keyBy(({ user }) => user, Types.STRING)
      .process(new Remember(version))
      .uid("remember")
      .sinkTo(KafkaSink.builder<{ before: unknown }>().setRecordSerializer(json("out")).build());
    env.execute("remember");
  });
}

/** One user clicks twice, before and after the upgrade: what the second click found, or why version 2 was refused. */
function secondClick(first: Version, second: Version, backend: Backend, more: Partial<World> = {}): unknown {
  const arrival = (atMs: number) => ({ atMs, partition: 0, key: null, value: { user: "u" } });
  const topics = [
    { name: "in", partitions: 1, arrivals: [arrival(100), arrival(5000)] },
    { name: "out", partitions: 1, arrivals: [] },
  ];
  const { phases, outcome } = runUpgrade(
    [{ program: jobOf(first, backend), end: { kind: "stop", atMs: 1000 } }, { program: jobOf(second, backend) }],
    clicking({ topics, ...more }),
  );
  const { failure } = phases[1];
  if (failure !== null) return failure.code;
  return (outcome.topics[0].records[1].value as { before: unknown }).before;
}

class AccountV1 {
  owner = "ann";
  visits = 1;
}
class AccountV2 {
  owner = "";
  tags: string[] = [];
  level = "basic";
}
Object.defineProperty(AccountV1, "name", { value: "Account" });
Object.defineProperty(AccountV2, "name", { value: "Account" });

describe.each(["hashmap", "rocksdb"] as const)("on %s", (backend) => {
  it("SAV-5 a POJO with fields added and removed is an instance of the new class", () => {
    const shown = (old: unknown) => (old === null ? null : { ...(old as object), instance: old instanceof AccountV2 });
    const before = secondClick(
      { type: Types.POJO(AccountV1), next: () => new AccountV1() },
      { type: Types.POJO(AccountV2), next: () => new AccountV2(), shown },
      backend,
    );
    expect(before).toEqual({ owner: "ann", tags: [], level: "basic", instance: true });
  });

  it("SAV-5 after a crash too, objects of a POJO type are instances of the running program's class", () => {
    const shown = (old: unknown) => old instanceof AccountV1;
    const version = { type: Types.POJO(AccountV1), next: () => new AccountV1(), shown };
    const faults = [{ kind: "crashJobManager", when: { kind: "atMs", atMs: 3000 } }] as const;
    expect(secondClick(version, version, backend, { faults })).toBe(true);
  });

  it("SAV-6 a changed type is refused, with what it was and what it is", () => {
    expect(secondClick({ type: Types.INT, next: () => 1 }, { type: Types.STRING, next: () => "1" }, backend)).toBe("STATE_TYPE_CHANGED");
  });

  it("SAV-6 an enum may gain constants, not lose one", () => {
    const [small, large] = [
      { RED: 0, BLUE: 1 },
      { GREEN: 0, RED: 1, BLUE: 2 },
    ] as const;
    const was = { type: Types.ENUM(small, "Color"), next: () => small.BLUE };
    expect(secondClick(was, { type: Types.ENUM(large, "Color"), next: () => large.RED }, backend)).toBe(large.BLUE);
    const gone = { type: Types.ENUM({ RED: 0 }, "Color"), next: () => 0 };
    expect(secondClick(was, gone, backend)).toBe("STATE_ENUM_CONSTANT_REMOVED");
  });

  it("SAV-5 where no type is declared, values come as they were", () => {
    expect(secondClick({ next: () => ({ n: 1 }) }, { next: () => ({ n: 1, m: 2 }) }, backend)).toEqual({ n: 1 });
  });
});
