import { describe, expect, it } from "vitest";
import {
  Boundedness,
  CompletableFuture,
  Configuration,
  datastreamProgram,
  DataGeneratorSource,
  Duration,
  HybridSource,
  InputStatus,
  KafkaSource,
  NumberSequenceSource,
  OffsetsInitializer,
  RateLimiterStrategy,
  type ReaderOutput,
  type Source,
  type SourceReader,
  type SourceReaderContext,
  type SourceSplit,
  type SplitEnumerator,
  type SplitEnumeratorContext,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "../../src/index.ts";
import { type Fault, type RunOutcome, runWorld } from "../../src/sim.ts";
import { runJob, type TestWorld, worldOf } from "./run-job.ts";

const numbers = (values: readonly string[]): number[] => values.map((line) => Number(line.replace(/^.*> /, "")));
const NO_WATERMARKS = WatermarkStrategy.noWatermarks<never>();
const print =
  (source: Source<unknown, never, never>, watermarks: WatermarkStrategy<never> = NO_WATERMARKS) =>
  (env: StreamExecutionEnvironment) =>
    void env.fromSource(source as unknown as Source<unknown>, watermarks as WatermarkStrategy<unknown>, "source").print();

describe("SRC-1 sources of numbers", () => {
  it("a rate holds the whole source to so many records a second", () => {
    const outcome = runJob(print(new DataGeneratorSource({ map: (n: number) => n }, 100, RateLimiterStrategy.perSecond(50)) as never), {
      cluster: { taskManagers: 2, slotsPerTaskManager: 2, parallelism: 2 },
    });
    expect(numbers(outcome.printed).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, n) => n));
    expect(outcome.endMs).toBeGreaterThan(1900);
    expect(outcome.endMs).toBeLessThan(2100);
  });

  it("a rate per checkpoint lets so many through between two of them", () => {
    const source = new DataGeneratorSource((n: number) => n, 30, RateLimiterStrategy.perCheckpoint(10));
    const outcome = runJob((env) => {
      env.enableCheckpointing(1000);
      print(source as never)(env);
    }, {});
    expect(numbers(outcome.printed)).toEqual(Array.from({ length: 30 }, (_, n) => n));
    expect(outcome.completedCheckpoints).toBeGreaterThanOrEqual(2);
  });

  it("is bounded and says so", () => {
    expect(new NumberSequenceSource(1, 3).getBoundedness()).toBe(Boundedness.BOUNDED);
    expect(KafkaSource.builder().setTopics("t").build().getBoundedness()).toBe(Boundedness.CONTINUOUS_UNBOUNDED);
  });
});

describe("SRC-2 partitions that appear later", () => {
  const world: TestWorld = { end: { kind: "cancel", atMs: 20_000 } };
  const run = (properties: Readonly<Record<string, string>>, faults: readonly Fault[] = []): RunOutcome => {
    const program = datastreamProgram(() => {
      const env = StreamExecutionEnvironment.getExecutionEnvironment();
      env.enableCheckpointing(1000);
      const source = KafkaSource.builder<number>()
        .setTopics("in")
        .setStartingOffsets(OffsetsInitializer.latest())
        .setProperties(properties)
        .build();
      env.fromSource(source, WatermarkStrategy.noWatermarks<number>(), "in").print();
      env.execute("discovery");
    });
    const arrivals = [
      { atMs: 100, partition: 0, key: null, value: 1 },
      { atMs: 2100, partition: 1, key: null, value: 2 },
      { atMs: 9000, partition: 1, key: null, value: 3 },
    ];
    const base = worldOf({ ...world, faults });
    return runWorld(program, { ...base, topics: [{ name: "in", partitions: 1, growth: [{ atMs: 2000, partitions: 2 }], arrivals }] });
  };

  it("are found at the next interval and read from their beginning", () => {
    const outcome = run({ "partition.discovery.interval.ms": "5000" });
    expect(numbers(outcome.printed)).toEqual([1, 2, 3]);
  });

  it("are not found without discovery", () => {
    expect(numbers(run({ "partition.discovery.interval.ms": "-1" }).printed)).toEqual([1]);
    // Every five minutes unless told otherwise.
    expect(numbers(run({}).printed)).toEqual([1]);
  });

  it("are found by a restart at once", () => {
    const crash: Fault = { kind: "crashJobManager", when: { kind: "atMs", atMs: 4000 } };
    expect(numbers(run({}, [crash]).printed)).toEqual([1, 2, 3]);
  });

  it("refuses an interval that is none", () => {
    const builder = KafkaSource.builder().setTopics("in").setProperty("partition.discovery.interval.ms", "often");
    expect(() => builder.build()).toThrow("Invalid value");
  });
});

describe("SRC-3 a hybrid source", () => {
  const rows = { now: Array.from({ length: 20 }, (_, n) => [3000 + n * 100, 100 + n] as const) };
  const hybrid = () => {
    const past = new DataGeneratorSource((n: number) => n, 40, RateLimiterStrategy.perSecond(20));
    const middle = new NumberSequenceSource(50, 59);
    return HybridSource.builder(past).addSource(middle).addSource(KafkaSource.builder<number>().setTopics("now").build()).build();
  };
  const ALL = [...Array.from({ length: 40 }, (_, n) => n), ...Array.from({ length: 10 }, (_, n) => 50 + n), ...rows.now.map(([, n]) => n)];

  it("reads one source after the other, whatever the parallelism", () => {
    for (const parallelism of [1, 2, 3]) {
      const cluster = { taskManagers: 2, slotsPerTaskManager: 2, parallelism };
      const outcome = runJob(print(hybrid() as never), { input: rows, cluster });
      const read = numbers(outcome.printed);
      expect([...read].sort((a, b) => a - b)).toEqual(ALL);
      // Nothing of a later source before everything of the earlier ones.
      const stage = (n: number) => (n < 50 ? 0 : n < 100 ? 1 : 2);
      expect(read.map(stage)).toEqual(read.map(stage).sort());
    }
  });

  it("goes on where it was after a crash, before, in and after the switch", () => {
    for (const atMs of [700, 1_990, 2_100, 2_600, 3_450]) {
      const crash: Fault = { kind: "crashTaskManager", taskManager: 0, when: { kind: "atMs", atMs } };
      const outcome = runJob(
        (env) => {
          env.enableCheckpointing(300);
          print(hybrid() as never)(env);
        },
        { input: rows, faults: [crash], cluster: { taskManagers: 2, slotsPerTaskManager: 2, parallelism: 2 } },
      );
      expect(outcome.restarts, `at ${atMs}`).toBe(1);
      expect(
        [...new Set(numbers(outcome.printed))].sort((a, b) => a - b),
        `at ${atMs}`,
      ).toEqual(ALL);
    }
  });

  it("refuses a source behind one that never ends", () => {
    const endless = KafkaSource.builder<number>().setTopics("now").build();
    expect(() => HybridSource.builder(endless).addSource(new NumberSequenceSource(1, 2))).toThrow("All sources except the final source");
    expect(hybrid().getBoundedness()).toBe("CONTINUOUS_UNBOUNDED");
  });
});

/** A source of one split per reader whose parts do what a test wants. */
class Scripted implements Source<number, SourceSplit, number> {
  private readonly poll: (reader: ScriptedReader, output: ReaderOutput<number>, nowMs: number) => InputStatus;
  private readonly enumerate: (context: SplitEnumeratorContext<SourceSplit>, subtask: number) => void;

  constructor(
    poll: (reader: ScriptedReader, output: ReaderOutput<number>, nowMs: number) => InputStatus,
    enumerate: (context: SplitEnumeratorContext<SourceSplit>, subtask: number) => void = (context, subtask) =>
      context.assignSplit({ splitId: `split-${subtask}` }, subtask),
  ) {
    this.poll = poll;
    this.enumerate = enumerate;
  }

  getBoundedness(): Boundedness {
    return Boundedness.CONTINUOUS_UNBOUNDED;
  }

  createEnumerator(context: SplitEnumeratorContext<SourceSplit>): SplitEnumerator<SourceSplit, number> {
    const { enumerate } = this;
    return {
      start() {},
      addReader: (subtask) => enumerate(context, subtask),
      handleSplitRequest() {},
      addSplitsBack() {},
      snapshotState: () => 0,
      close() {},
    };
  }

  restoreEnumerator(context: SplitEnumeratorContext<SourceSplit>): SplitEnumerator<SourceSplit, number> {
    return this.createEnumerator(context);
  }

  createReader(context: SourceReaderContext): SourceReader<number, SourceSplit> {
    return new ScriptedReader(context, this.poll);
  }
}

class ScriptedReader implements SourceReader<number, SourceSplit> {
  readonly context: SourceReaderContext;
  splits: SourceSplit[] = [];
  polls = 0;
  next = 0;
  private readonly poll: (reader: ScriptedReader, output: ReaderOutput<number>, nowMs: number) => InputStatus;

  constructor(context: SourceReaderContext, poll: (reader: ScriptedReader, output: ReaderOutput<number>, nowMs: number) => InputStatus) {
    this.context = context;
    this.poll = poll;
  }

  start(): void {}
  pollNext(output: ReaderOutput<number>): InputStatus {
    this.polls++;
    return this.poll(this, output, this.context.currentMs());
  }
  snapshotState(): readonly SourceSplit[] {
    return this.splits;
  }
  isAvailable(): CompletableFuture<void> {
    return CompletableFuture.completedFuture<void>(undefined);
  }
  addSplits(splits: readonly SourceSplit[]): void {
    this.splits.push(...splits);
  }
  notifyNoMoreSplits(): void {}
  close(): void {}
}

describe("SRC-4 the contract of readers and enumerators", () => {
  it("a reader that always says it is available is asked once a millisecond", () => {
    const source = new Scripted((reader, output, nowMs) => {
      if (nowMs < 100) return InputStatus.NOTHING_AVAILABLE;
      if (reader.next++ > 0) return InputStatus.END_OF_INPUT;
      output.collect(reader.polls);
      return InputStatus.MORE_AVAILABLE;
    });
    const outcome = runJob(print(source as never), { end: { kind: "cancel", atMs: 10_000 } });
    const [polls] = numbers(outcome.printed);
    expect(polls).toBeGreaterThan(90);
    expect(polls).toBeLessThan(115);
  });

  it("an answer that is none is named", () => {
    const outcome = runJob(print(new Scripted(() => undefined as never) as never), {});
    expect(outcome.failure).toMatchObject({ code: "SOURCE_READER_ANSWER", message: expect.stringContaining("pollNext") });
    class Promising extends ScriptedReader {
      override isAvailable(): CompletableFuture<void> {
        return Promise.resolve() as never;
      }
    }
    class PromisingSource extends Scripted {
      override createReader(context: SourceReaderContext): SourceReader<number, SourceSplit> {
        return new Promising(context, () => InputStatus.NOTHING_AVAILABLE);
      }
    }
    const promised = runJob(print(new PromisingSource(() => InputStatus.NOTHING_AVAILABLE) as never), {});
    expect(promised.failure).toMatchObject({ code: "SOURCE_READER_ANSWER", message: expect.stringContaining("isAvailable") });
  });

  it("splits go to registered readers only", () => {
    const source = new Scripted(
      () => InputStatus.NOTHING_AVAILABLE,
      (context) => context.assignSplit({ splitId: "s" }, 7),
    );
    expect(runJob(print(source as never), {}).failure?.message).toContain("to subtask 7 because the subtask is not registered");
  });

  it("what the callable of callAsync throws goes to its handler, what the handler throws fails the job", () => {
    const source = (handler: (error: unknown) => void) =>
      new Scripted(
        () => InputStatus.NOTHING_AVAILABLE,
        (context) =>
          context.callAsync(
            () => {
              throw new Error("no directory");
            },
            (_result, error) => handler(error),
          ),
      );
    const seen: unknown[] = [];
    const world: TestWorld = { end: { kind: "cancel", atMs: 1000 } };
    expect(runJob(print(source((error) => seen.push(String(error))) as never), world).status).toBe("finished");
    expect(seen).toEqual(["Error: no directory"]);
    const failing = source((error) => {
      throw error;
    });
    expect(runJob(print(failing as never), world).failure?.message).toContain("no directory");
  });

  it("the enumerator and the readers hear of checkpoints", () => {
    const heard: string[] = [];
    class Listening extends Scripted {
      override createEnumerator(context: SplitEnumeratorContext<SourceSplit>): SplitEnumerator<SourceSplit, number> {
        return Object.assign(super.createEnumerator(context), {
          notifyCheckpointComplete: (id: number) => void heard.push(`enumerator ${id}`),
          notifyCheckpointAborted: (id: number) => void heard.push(`enumerator aborted ${id}`),
        });
      }
      override createReader(context: SourceReaderContext): SourceReader<number, SourceSplit> {
        return Object.assign(super.createReader(context), { notifyCheckpointComplete: (id: number) => void heard.push(`reader ${id}`) });
      }
    }
    const source = new Listening(() => InputStatus.NOTHING_AVAILABLE);
    const describeJob = (env: StreamExecutionEnvironment) => {
      env.enableCheckpointing(100);
      print(source as never)(env);
    };
    const crash: Fault = { kind: "crashJobManager", when: { kind: "checkpoint", checkpoint: 2, step: "acked" } };
    runJob(describeJob, { end: { kind: "cancel", atMs: 250 }, faults: [crash] });
    expect(heard.slice(0, 2).sort()).toEqual(["enumerator 1", "reader 1"]);
    // Whoever was told of the second died with the job manager before it was complete.
    expect(heard).toHaveLength(2);
  });

  it("a reader may make its watermarks itself, and idleness with them", () => {
    const source = new Scripted((reader, output, nowMs) => {
      if (reader.splits.length === 0) return InputStatus.NOTHING_AVAILABLE;
      if (nowMs < 50) return InputStatus.NOTHING_AVAILABLE;
      switch (reader.next++) {
        case 0:
          output.collect(1, 1000);
          output.emitWatermark(900);
          return InputStatus.MORE_AVAILABLE;
        case 1:
          output.emitWatermark({ timestamp: 950 });
          output.emitWatermark(800);
          return InputStatus.MORE_AVAILABLE;
        default:
          return InputStatus.NOTHING_AVAILABLE;
      }
    });
    const program = datastreamProgram(() => {
      const env = StreamExecutionEnvironment.getExecutionEnvironment();
      env.fromSource(source as unknown as Source<number>, WatermarkStrategy.noWatermarks<number>(), "source").print();
      env.execute("own watermarks");
    });
    const outcome = runWorld(program, worldOf({ end: { kind: "cancel", atMs: 500 } }), { record: true });
    const watermarks = (outcome.recording?.events ?? []).flatMap((event) => (event.kind === "watermark" ? [event.watermarkMs] : []));
    expect(watermarks).toEqual([900, 950]);
  });
});

describe("SRC-5 splits that have to pause, in a reader that cannot", () => {
  // The first split runs away from the second, which stays at 0.
  const source = new Scripted(
    (reader, output, nowMs) => {
      if (reader.splits.length < 2) return InputStatus.NOTHING_AVAILABLE;
      if (nowMs < reader.next * 10) return InputStatus.NOTHING_AVAILABLE;
      const n = reader.next++;
      output.createOutputForSplit("fast").collect(n, n * 1000);
      output.createOutputForSplit("slow").collect(n, n);
      return InputStatus.MORE_AVAILABLE;
    },
    (context, subtask) => context.assignSplits(new Map([[subtask, [{ splitId: "fast" }, { splitId: "slow" }]]])),
  );
  const run = (settings: Readonly<Record<string, string>>) =>
    runJob(
      (env) => {
        env.configure(Configuration.fromMap({ "pipeline.watermark-alignment.buffer-size": "0", ...settings }));
        const strategy = WatermarkStrategy.forMonotonousTimestamps<number>().withWatermarkAlignment("g", Duration.ofSeconds(5));
        env.fromSource(source as unknown as Source<number>, strategy, "source").print();
      },
      { end: { kind: "cancel", atMs: 6000 } },
    );

  it("fails, unless unaligned splits are allowed", () => {
    expect(run({}).failure).toMatchObject({ code: "SOURCE_CANNOT_PAUSE_SPLITS" });
    expect(run({ "pipeline.watermark-alignment.allow-unaligned-source-splits": "true" }).status).toBe("finished");
  });
});

describe("SRC-6 the interval of watermarks", () => {
  const strategy = WatermarkStrategy.forMonotonousTimestamps<{ at: number }>().withTimestampAssigner((value) => value.at);
  const watermarks = (intervalMs: number, middle: boolean) => {
    const program = datastreamProgram(() => {
      const env = StreamExecutionEnvironment.getExecutionEnvironment();
      env.getConfig().setAutoWatermarkInterval(intervalMs);
      const source = env.fromSource(
        KafkaSource.builder<{ at: number }>().setTopics("in").build(),
        middle ? WatermarkStrategy.noWatermarks() : strategy,
        "in",
      );
      (middle ? source.rebalance().assignTimestampsAndWatermarks(strategy) : source).rebalance().print();
      env.execute("interval");
    });
    const input = { in: Array.from({ length: 10 }, (_, n) => [n * 100 + 1, { at: n }] as const) };
    const outcome = runWorld(program, worldOf({ input, end: { kind: "cancel", atMs: 1100 } }), { record: true });
    const last = middle ? 2 : 1;
    return (outcome.recording?.events ?? []).flatMap((event) =>
      event.kind === "watermark" && event.v === last ? [event.watermarkMs] : [],
    );
  };

  it.each([false, true])("is a grid of processing time; 0 turns periodic watermarks off (in the middle of the job: %s)", (middle) => {
    expect(watermarks(500, middle)).toEqual([3, 8]);
    expect(watermarks(0, middle)).toEqual([]);
    expect(watermarks(100, middle).length).toBeGreaterThanOrEqual(9);
  });
});
