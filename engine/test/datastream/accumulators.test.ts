import { describe, expect, it } from "vitest";
import {
  type Accumulator,
  AbstractRichFunction,
  AverageAccumulator,
  Histogram,
  IntCounter,
  IntMaximum,
  KafkaSource,
  ListAccumulator,
  LongCounter,
  type MapFunction,
  type StreamExecutionEnvironment,
  WatermarkStrategy,
} from "../../src/index.ts";
import { type Row, runJob, type TestWorld } from "./run-job.ts";

interface Click {
  readonly user: string;
  readonly n: number;
}

const CLICKS: Row[] = Array.from({ length: 60 }, (_, n): Row => [n * 100, { user: `u${n % 4}`, n }]);
const clicks = (env: StreamExecutionEnvironment) =>
  env.fromSource(KafkaSource.builder<Click>().setTopics("clicks").build(), WatermarkStrategy.noWatermarks<Click>(), "clicks");

/** Longest name seen; a learner's own accumulator. */
class Longest implements Accumulator<string, string> {
  private longest = "";
  add(value: string): void {
    if (value.length > this.longest.length) this.longest = value;
  }
  getLocalValue(): string {
    return this.longest;
  }
  resetLocal(): void {
    this.longest = "";
  }
  merge(other: Accumulator<string, string>): void {
    this.add(other.getLocalValue());
  }
  clone(): Longest {
    const copy = new Longest();
    copy.merge(this);
    return copy;
  }
}

class Counting extends AbstractRichFunction implements MapFunction<Click, Click> {
  private readonly clicks = new IntCounter();
  private readonly average = new AverageAccumulator();
  private readonly perUser = new Histogram();
  private readonly highest = new IntMaximum();
  private readonly longest = new Longest();
  private readonly firsts = new ListAccumulator<string>();

  override open(): void {
    const context = this.getRuntimeContext();
    context.addAccumulator("clicks", this.clicks);
    context.addAccumulator("average", this.average);
    context.addAccumulator("perUser", this.perUser);
    context.addAccumulator("highest", this.highest);
    context.addAccumulator("longest", this.longest);
    context.addAccumulator("firsts", this.firsts);
  }

  map(click: Click): Click {
    this.clicks.add(1);
    this.average.add(click.n);
    this.perUser.add(Number(click.user.slice(1)));
    this.highest.add(click.n);
    this.longest.add(click.user);
    if (click.n < 4) this.firsts.add(click.user);
    return click;
  }
}

const job = (env: StreamExecutionEnvironment) =>
  void clicks(env)
    .keyBy((click) => click.user)
    .map(new Counting())
    .print();

describe("ACC-1 accumulators", () => {
  it("are merged over the subtasks and stand in the outcome", () => {
    const world: TestWorld = { input: { clicks: CLICKS }, cluster: { taskManagers: 2, slotsPerTaskManager: 2, parallelism: 3 } };
    const { accumulators } = runJob(job, world);
    expect(accumulators).toMatchObject({
      clicks: 60,
      average: 29.5,
      highest: 59,
      perUser: { 0: 15, 1: 15, 2: 15, 3: 15 },
      longest: expect.stringMatching(/^u\d$/),
    });
    expect([...(accumulators["firsts"] as string[])].sort()).toEqual(["u0", "u1", "u2", "u3"]);
  });

  it("ACC-2 are no state: a failure loses them, and replayed records count again", () => {
    const crash = { kind: "crashTaskManager", taskManager: 0, when: { kind: "atMs", atMs: 3_050 } } as const;
    const run = (interval: number) =>
      runJob(
        (env) => {
          env.enableCheckpointing(interval);
          job(env);
        },
        { input: { clicks: CLICKS }, faults: [crash] },
      );
    // Without a checkpoint everything is read again; with one, what came before it is counted by nobody.
    expect(run(1_000_000).accumulators["clicks"]).toBe(60);
    const checkpointed = run(1000).accumulators["clicks"] as number;
    expect(checkpointed).toBeGreaterThan(25);
    expect(checkpointed).toBeLessThan(60);
  });

  it("ACC-3 the operators of one task share them: a name can be added once, and found by the others", () => {
    class Finding extends AbstractRichFunction implements MapFunction<Click, Click> {
      map(click: Click): Click {
        this.getRuntimeContext().getLongCounter("found").add(1);
        const found = this.getRuntimeContext().getAccumulator<number, number>("clicks");
        if (found !== null)
          this.getRuntimeContext()
            .getDoubleCounter("seen")
            .add(found.getLocalValue() > 0 ? 1 : 0);
        return click;
      }
    }
    const { accumulators } = runJob((env) => clicks(env).map(new Counting()).map(new Finding()).print(), { input: { clicks: CLICKS } });
    expect(accumulators).toMatchObject({ found: 60, seen: 60 });
    const twice = runJob((env) => clicks(env).map(new Counting()).map(new Counting()).print(), { input: { clicks: CLICKS } });
    expect(twice.failure).toMatchObject({
      code: "ACCUMULATOR_EXISTS",
      message: expect.stringContaining("'clicks' already exists and cannot be added"),
    });
  });

  it("one name for two kinds is an error, at once in a task and in the result between tasks", () => {
    class OtherKind extends AbstractRichFunction implements MapFunction<Click, Click> {
      map(click: Click): Click {
        this.getRuntimeContext().getIntCounter("n").add(1);
        return click;
      }
    }
    class Kind extends AbstractRichFunction implements MapFunction<Click, Click> {
      map(click: Click): Click {
        this.getRuntimeContext().getLongCounter("n").add(1);
        return click;
      }
    }
    const world: TestWorld = { input: { clicks: CLICKS.slice(0, 3) } };
    const inOne = runJob((env) => clicks(env).map(new Kind()).map(new OtherKind()).print(), world);
    expect(inOne.failure?.code).toBe("ACCUMULATOR_TYPE");
    const inTwo = runJob((env) => clicks(env).map(new Kind()).rebalance().map(new OtherKind()).print(), world);
    expect(inTwo.accumulators["n"]).toContain("two different types: LongCounter and IntCounter");
  });

  it("execute() has no results yet", () => {
    const outcome = runJob((env) => {
      clicks(env).print();
      env.execute("first").getAccumulatorResult("clicks");
    }, {});
    expect(outcome).toMatchObject({ status: "rejected", failure: { code: "JOB_NOT_FINISHED" } });
    expect(new LongCounter(3).clone().getLocalValue()).toBe(3);
  });
});
