import { describe, expect, it } from "vitest";
import { Configuration, datastreamProgram, Duration, KafkaSource, StreamExecutionEnvironment, WatermarkStrategy } from "../../src/index.ts";
import { type RecordingEvent, type RunOutcome, runWorld } from "../../src/sim.ts";
import { committed, type Row, type TestWorld, worldOf } from "./run-job.ts";

interface Tick {
  readonly at: number;
}

const SECOND = Duration.ofSeconds(1);
const DRIFT_MS = 10_000;

function aligned(group = "g"): WatermarkStrategy<Tick> {
  return WatermarkStrategy.forMonotonousTimestamps<Tick>()
    .withTimestampAssigner((tick) => tick.at)
    .withWatermarkAlignment(group, Duration.ofMillis(DRIFT_MS), SECOND);
}

function settings(bufferSize: number, more: Readonly<Record<string, string>> = {}): Configuration {
  return Configuration.fromMap({ "pipeline.watermark-alignment.buffer-size": String(bufferSize), ...more });
}

function record(describeJob: (env: StreamExecutionEnvironment) => void, world: TestWorld): RunOutcome {
  const program = datastreamProgram(() => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    describeJob(env);
    env.execute("aligned");
  });
  return runWorld(program, worldOf(world), { record: true });
}

const read = (topic: string) => KafkaSource.builder<Tick>().setTopics(topic).build();

/** A backlog that lies there from the start: one record per second of event time. */
const backlog = (seconds: number, partition = 0): Row[] => Array.from({ length: seconds }, (_, n): Row => [1, { at: n * 1000 }, partition]);
/** A live stream ten times as fast as the clock: one second of event time every 100 ms. */
const live = (seconds: number, partition = 0): Row[] =>
  Array.from({ length: seconds }, (_, n): Row => [1 + n * 100, { at: n * 1000 }, partition]);

/** How far reading in `ahead` ever was in front of `behind`, in event time. */
function lead(outcome: RunOutcome, ahead: (event: Read) => boolean, behind: (event: Read) => boolean): number {
  let slowMs = 0;
  let fastMs = 0;
  let most = 0;
  for (const event of outcome.recording?.events ?? []) {
    if (event.kind !== "read" || event.eventMs === null) continue;
    if (behind(event)) slowMs = Math.max(slowMs, event.eventMs);
    if (ahead(event)) fastMs = Math.max(fastMs, event.eventMs);
    most = Math.max(most, fastMs - slowMs);
  }
  return most;
}

type Read = Extract<RecordingEvent, { kind: "read" }>;
const topic = (name: string) => (event: Read) => event.topic === name;
const partition = (index: number) => (event: Read) => event.partition === index;

describe("WM-9 watermark alignment of two sources", () => {
  const twoSources = (configuration: Configuration) => (env: StreamExecutionEnvironment) => {
    env.configure(configuration);
    env
      .fromSource(read("fast"), aligned(), "fast")
      .union(env.fromSource(read("slow"), aligned(), "slow"))
      .print();
  };
  const world: TestWorld = { input: { fast: backlog(600), slow: live(600) }, costsUs: { "*": 100 } };

  it("without it the backlog is read at once", () => {
    const outcome = record((env) => {
      const plain = WatermarkStrategy.forMonotonousTimestamps<Tick>().withTimestampAssigner((tick: Tick) => tick.at);
      env
        .fromSource(read("fast"), plain, "fast")
        .union(env.fromSource(read("slow"), plain, "slow"))
        .print();
    }, world);
    expect(lead(outcome, topic("fast"), topic("slow"))).toBeGreaterThan(590_000);
  });

  it("holds the fast one back once the maximum is known, with the default buffer an interval later", () => {
    const rows = { fast: backlog(60_000), slow: live(600) };
    const outcome = record(twoSources(settings(0)), {
      ...world,
      input: rows,
      end: { kind: "cancel", atMs: 60_000 },
      costsUs: { "*": 1000 },
    });
    const free = lead(outcome, topic("fast"), topic("slow"));
    expect(free).toBeLessThan(2_500_000);
    const smoothed = record(twoSources(settings(3)), {
      ...world,
      input: rows,
      end: { kind: "cancel", atMs: 60_000 },
      costsUs: { "*": 1000 },
    });
    // A record each millisecond, a second of event time per record: the maximum is known after two intervals, the buffer full after three.
    expect(lead(smoothed, topic("fast"), topic("slow"))).toBeGreaterThan(free + 900_000);
  });

  it("reads everything in the end, and tells the drift", () => {
    const outcome = record(twoSources(settings(1)), { ...world, input: { fast: backlog(300), slow: live(300) } });
    expect(outcome.status).toBe("finished");
    expect(outcome.printed).toHaveLength(600);
    const drifts = outcome.metrics.subtasks.flatMap(({ operators }) => operators.map(({ metrics }) => metrics["watermarkAlignmentDrift"]));
    expect(drifts.filter((drift) => drift !== undefined)).toHaveLength(2);
  });

  it("an idle source does not hold the others", () => {
    const idle = () => aligned().withIdleness(Duration.ofSeconds(2));
    const outcome = record(
      (env) => {
        env.configure(settings(0));
        env
          .fromSource(read("fast"), idle(), "fast")
          .union(env.fromSource(read("slow"), idle(), "slow"))
          .print();
      },
      { input: { fast: backlog(300), slow: live(20) } },
    );
    expect(outcome.printed).toHaveLength(320);
  });

  it("a source that waits for one that will never go on is left behind by the drain", () => {
    const outcome = record(twoSources(settings(0)), { ...world, input: { fast: backlog(60_000), slow: live(20) }, costsUs: { "*": 1000 } });
    expect(outcome.status).toBe("finished");
    expect(outcome.printed.length).toBeLessThan(10_000);
    expect(outcome.endMs).toBeLessThan(30_000);
  });

  it("refuses an interval that is none and a negative drift", () => {
    const strategy = WatermarkStrategy.forMonotonousTimestamps<Tick>();
    expect(() => strategy.withWatermarkAlignment("g", SECOND, Duration.ofMillis(0))).toThrow("updateInterval must be greater than zero");
    expect(() => strategy.withWatermarkAlignment("g", Duration.ofMillis(-1))).toThrow("must be greater than or equal to zero");
  });

  it("groups know nothing of each other", () => {
    const outcome = record((env) => {
      env.configure(settings(0));
      env
        .fromSource(read("fast"), aligned("a"), "fast")
        .union(env.fromSource(read("slow"), aligned("b"), "slow"))
        .print();
    }, world);
    expect(lead(outcome, topic("fast"), topic("slow"))).toBeGreaterThan(590_000);
  });

  it("survives a crash: committed output is what it is without one", () => {
    const job = (env: StreamExecutionEnvironment) => {
      twoSources(settings(1))(env);
      env.enableCheckpointing(500);
    };
    const input = { fast: backlog(200), slow: live(200) };
    const crash = { kind: "crashTaskManager", taskManager: 0, when: { kind: "atMs", atMs: 9_000 } } as const;
    const outcome = record(job, { input, faults: [crash] });
    expect(outcome).toMatchObject({ status: "finished", restarts: 1 });
    expect(new Set(outcome.printed).size).toBe(200);
  });
});

describe("WM-10 watermark alignment of the splits of one source", () => {
  const oneSource = (configuration: Configuration) => (env: StreamExecutionEnvironment) => {
    env.configure(configuration);
    env.fromSource(read("in"), aligned(), "in").print();
  };
  // Partition 0 holds a backlog, partition 1 is live.
  const world: TestWorld = {
    input: { in: [...backlog(20_000), ...live(600, 1)].sort((a, b) => a[0] - b[0]) },
    partitions: 2,
    costsUs: { "*": 1000 },
    end: { kind: "cancel", atMs: 55_000 },
  };

  it("pauses the split that is ahead and goes on with the other", () => {
    const outcome = record(oneSource(settings(0)), world);
    expect(lead(outcome, partition(0), partition(1))).toBeLessThan(2_500_000);
    const live = (outcome.recording?.events ?? []).filter((event) => event.kind === "read" && event.partition === 1);
    expect(live.length).toBeGreaterThan(500);
  });

  it("a paused split is not idle: time in which it is not read does not count", () => {
    const outcome = record((env) => {
      env.configure(settings(0));
      env.fromSource(read("in"), aligned().withIdleness(Duration.ofSeconds(3)), "in").print();
    }, world);
    expect((outcome.recording?.events ?? []).some((event) => event.kind === "idle" && event.split === "in-0" && event.idle)).toBe(false);
  });

  it("a job that drains reads what alignment held back", () => {
    const input = { in: [...backlog(100), ...live(100, 1)].sort((a, b) => a[0] - b[0]) };
    const outcome = record(oneSource(settings(0)), { input, partitions: 2 });
    expect(outcome.printed).toHaveLength(200);
    expect(committed(outcome)).toEqual([]);
  });
});
