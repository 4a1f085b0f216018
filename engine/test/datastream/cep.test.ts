import { describe, expect, it } from "vitest";
import { Prng } from "../../src/base/prng.ts";
import {
  CEP,
  datastreamProgram,
  type DiagnosticData,
  Duration,
  json,
  KafkaSink,
  KafkaSource,
  OutputTag,
  Pattern,
  RichIterativeCondition,
  RichPatternSelectFunction,
  setPositionProvider,
  StreamExecutionEnvironment,
  ValueStateDescriptor,
  WatermarkStrategy,
  WithinType,
} from "../../src/index.ts";
import { type Fault, jobGraphOf, runWorld } from "../../src/sim.ts";
import * as loginAlerts from "./learner-programs/patterns/login-alerts.ts";
import * as unpaidOrders from "./learner-programs/patterns/unpaid-orders.ts";
import { committed, type Row, runJob, sorted, worldOf } from "./run-job.ts";

interface Click {
  readonly user: string;
  readonly page: string;
  readonly at: number;
}

function clicks(env: StreamExecutionEnvironment) {
  const watermarks = WatermarkStrategy.forBoundedOutOfOrderness<Click>(Duration.ofSeconds(1)).withTimestampAssigner((click) => click.at);
  return env.fromSource(KafkaSource.builder<Click>().setTopics("clicks").build(), watermarks, "clicks");
}

const toOut = () => KafkaSink.builder<string>().setRecordSerializer(json("out")).build();

function programOf(describeJob: (env: StreamExecutionEnvironment) => unknown) {
  return datastreamProgram(() => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    describeJob(env);
    env.execute("patterns");
  });
}

/** One letter, one click of user u on that page, a second after the one before. */
function pages(text: string, user = "u"): Row[] {
  return [...text].map((page, index): Row => [1000 * (index + 1), { user, page, at: 1000 * (index + 1) }]);
}

const named = (match: Map<string, Click[]>) =>
  [...match].map(([name, events]) => `${name}:${events.map((click) => click.page + click.at / 1000).join("")}`).join(" ");

describe("learners' patterns", () => {
  const logins = (outcomes: string, ip = "1.1.1.1", fromMs = 1000): Row[] =>
    [...outcomes].map((outcome, index): Row => {
      const at = fromMs + index * 5000;
      return [at, { user: "eve", ip, ok: outcome === "+", at }];
    });
  const runLogins = (rows: readonly Row[], seed = 1, faults: readonly Fault[] = [], parallelism = 2) =>
    runWorld(
      datastreamProgram(loginAlerts.main),
      worldOf({
        seed,
        faults,
        input: { logins: rows },
        output: ["out", "given-up", "late"],
        partitions: rows.some(([, , partition]) => partition === 1) ? 2 : 1,
        cluster: { taskManagers: 2, slotsPerTaskManager: 2, parallelism },
      }),
    );

  it("CEP-1, CEP-4, CEP-7, CEP-9: failures in a row, from one address, then success, in time", () => {
    const outcome = runLogins([...logins("--+"), ...logins("----+", "1.1.1.1", 20_000), ...logins("---", "2.2.2.2", 100_000)]);
    expect(committed(outcome)).toEqual([{ user: "eve", failures: 4, from: 20_000, to: 40_000 }]);
    expect(committed(outcome, "given-up")).toEqual([
      "eve: 3 failures from 100000 to 160000",
      "eve: 2 failures from 105000 to 165000",
      "eve: 1 failures from 110000 to 170000",
    ]);
  });

  it("CEP-11: an event that is not after the watermark is late", () => {
    const late: Row = [60_000, { user: "eve", ip: "1.1.1.1", ok: false, at: 10_000 }];
    expect(
      committed(runLogins([...logins("------"), [50_000, { user: "eve", ip: "", ok: true, at: 50_000 }], late], 1, [], 1), "late"),
    ).toEqual(["eve"]);
  });

  it("CEP-12: runs, waiting events and timers survive crashes", () => {
    let restarts = 0;
    let alerts = 0;
    for (const seed of [1, 2, 3, 4]) {
      const random = new Prng(seed).fork("logins");
      const rows: Row[] = [];
      let nowMs = 1000;
      for (let n = 0; n < 200; n++) {
        nowMs += random.nextInt(90);
        const user = random.nextInt(4);
        const login = {
          user: `u${user}`,
          ip: `i${random.nextInt(5) === 0 ? 1 : 0}`,
          ok: random.nextInt(4) === 0,
          at: nowMs - random.nextInt(1900),
        };
        rows.push([nowMs, login, user % 2]);
      }
      const faults = Array.from({ length: 3 }, (): Fault => {
        return { kind: "crashTaskManager", taskManager: random.nextInt(2), when: { kind: "atMs", atMs: 900 + random.nextInt(9000) } };
      });
      const quiet = runLogins(rows, seed);
      const crashed = runLogins(rows, seed, faults);
      for (const topic of ["out", "given-up"]) expect(sorted(committed(crashed, topic))).toEqual(sorted(committed(quiet, topic)));
      expect(sorted(committed(runLogins(rows, seed, [], 3)))).toEqual(sorted(committed(quiet)));
      restarts += crashed.restarts;
      alerts += committed(quiet).length;
    }
    expect(restarts).toBeGreaterThan(4);
    expect(alerts).toBeGreaterThan(10);
  });

  it("CEP-2, CEP-6, CEP-8: subtypes, groups, an absence at the end, and what was given up", () => {
    const order = (kind: string, id: string, at: number): Row => [at, { kind, order: id, at }];
    const rows = [
      order("changed", "a", 1000),
      order("changed", "a", 2000),
      order("placed", "a", 3000),
      order("changed", "b", 3000),
      order("placed", "b", 4000),
      order("paid", "a", 9000),
    ];
    const outcome = runWorld(
      datastreamProgram(unpaidOrders.main),
      worldOf({
        input: { orders: rows },
        output: ["out", "baskets"],
        cluster: { taskManagers: 1, slotsPerTaskManager: 3, parallelism: 3 },
      }),
    );
    expect(committed(outcome)).toEqual(["b is unpaid"]);
    expect(sorted(committed(outcome, "baskets"))).toEqual(sorted(["a: 2 changes", "a: 1 changes", "b abandoned at 13000"]));
  });
});

describe("the stream of matches", () => {
  it("CEP-10: a stream without key is looked at as a whole, in one subtask", () => {
    const pattern = Pattern.begin<Click>("a")
      .where((click) => click.page === "a")
      .next("b");
    const describeJob = (env: StreamExecutionEnvironment) => CEP.pattern(clicks(env), pattern).select(named).sinkTo(toOut());
    const rows: Row[] = [...pages("a", "u"), [2000, { user: "v", page: "x", at: 2000 }]];
    expect(committed(runJob(describeJob, { input: { clicks: rows } }))).toEqual(["a:a1 b:x2"]);
    const operators = jobGraphOf(programOf(describeJob), { parallelism: 4 }).vertices.flatMap((vertex) =>
      vertex.operators.map(({ name }) => `${name} ${vertex.parallelism}`),
    );
    expect(operators).toContain("GlobalCepOperator 1");
  });

  it("CEP-10: in processing time events are looked at as they come", () => {
    const pattern = Pattern.begin<Click>("a")
      .where((click) => click.page === "a")
      .followedBy("b")
      .where((click) => click.page === "b")
      .within(Duration.ofSeconds(2));
    const timedOut = new OutputTag<string>("timedOut");
    const outcome = runJob(
      (env) => {
        const matches = CEP.pattern(
          clicks(env).keyBy((click) => click.user),
          pattern,
        )
          .inProcessingTime()
          .select(timedOut, (match, timeoutTimestamp) => `${named(match)} over at ${timeoutTimestamp}`, { select: named });
        matches.union(matches.getSideOutput(timedOut)).sinkTo(toOut());
      },
      { input: { clicks: [...pages("abaxxb"), [9000, { user: "u", page: "x", at: 1 }]] } },
    );
    expect(committed(outcome)).toEqual(["a:a1 b:b2", "a:a3 over at 5000"]);
  });

  it("CEP-10: a comparator orders events of one timestamp", () => {
    const pattern = Pattern.begin<Click>("a")
      .where((click) => click.page === "a")
      .next("b");
    const rows: Row[] = [..."ba"].map((page): Row => [1000, { user: "u", page, at: 1000 }]);
    const run = (comparator?: (left: Click, right: Click) => number) =>
      committed(runJob((env) => CEP.pattern(clicks(env), pattern, comparator).select(named).sinkTo(toOut()), { input: { clicks: rows } }));
    expect(run()).toEqual([]);
    expect(run((left, right) => left.page.charCodeAt(0) - right.page.charCodeAt(0))).toEqual(["a:a1 b:b1"]);
  });

  it("rich conditions and functions are opened with a runtime context that has no state", () => {
    class FirstSubtask extends RichIterativeCondition<Click> {
      private index = -1;
      override open() {
        this.index = this.getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
      }
      filter(): boolean {
        return this.index === 0;
      }
    }
    class Counting extends RichPatternSelectFunction<Click, string> {
      readonly withState: boolean;
      constructor(withState: boolean) {
        super();
        this.withState = withState;
      }
      override open() {
        this.getRuntimeContext().getMetricGroup().counter("matches").inc();
        if (this.withState) this.getRuntimeContext().getState(new ValueStateDescriptor<number>("count"));
      }
      select(match: Map<string, Click[]>) {
        return named(match);
      }
    }
    const run = (withState: boolean) =>
      runJob(
        (env) =>
          CEP.pattern(clicks(env), Pattern.begin<Click>("a").where(new FirstSubtask())).select(new Counting(withState)).sinkTo(toOut()),
        {
          input: { clicks: pages("a") },
        },
      );
    expect(committed(run(false))).toEqual(["a:a1"]);
    expect(run(true)).toMatchObject({ status: "failed", failure: { code: "CEP_STATE_UNSUPPORTED" } });
  });
});

describe("CEP-13: a pattern that Flink refuses is refused in its words", () => {
  const a = () => Pattern.begin<Click>("a");
  const cases: readonly (readonly [string, () => unknown, string, string])[] = [
    ["until without a loop", () => a().until(() => true), "CEP_UNTIL_WITHOUT_LOOP", "only applicable to looping states"],
    [
      "until twice",
      () =>
        a()
          .oneOrMore()
          .until(() => true)
          .until(() => true),
      "CEP_UNTIL_TWICE",
      "Only one until condition",
    ],
    [
      "two quantifiers",
      () => a().oneOrMore().times(2),
      "CEP_QUANTIFIER_TWICE",
      "Already applied quantifier to this Pattern. Current quantifier is: Quantifier{properties=[LOOPING]",
    ],
    [
      "a number for what must not come",
      () => a().notNext("n").oneOrMore(),
      "CEP_OPTION_ON_NOT_PATTERN",
      "Option not applicable to NOT pattern",
    ],
    ["greedy absence", () => a().notFollowedBy("n").greedy(), "CEP_OPTION_ON_NOT_PATTERN", "Option not applicable to NOT pattern"],
    ["optional absence", () => a().notFollowedBy("n").optional(), "CEP_OPTIONAL_NOT_PATTERN", "NOT pattern cannot be optional"],
    ["optional twice", () => a().optional().optional(), "CEP_OPTIONAL_TWICE", "Optional already applied!"],
    [
      "optional behind greedy",
      () => a().oneOrMore().greedy().next("b").optional(),
      "CEP_OPTIONAL_AFTER_GREEDY",
      "cannot be preceded by greedy",
    ],
    ["absence behind optional", () => a().optional().notNext("n"), "CEP_OPTIONAL_BEFORE_NOT", "optional path to NOT condition"],
    ["absence behind optional", () => a().optional().notFollowedBy("n"), "CEP_OPTIONAL_BEFORE_NOT", "optional path to NOT condition"],
    ["greedy single", () => a().greedy(), "CEP_GREEDY_SINGLE", "Option not applicable to singleton quantifier"],
    ["greedy combinations", () => a().oneOrMore().allowCombinations().greedy(), "CEP_GREEDY_COMBINATIONS", "FollowedByAny"],
    ["greedy group", () => Pattern.begin(a()).oneOrMore().greedy(), "CEP_GREEDY_GROUP", "Option not applicable to group pattern"],
    [
      "condition on a group",
      () => Pattern.begin(a()).where(() => true),
      "CEP_CONDITION_ON_GROUP",
      "GroupPattern does not support where clause.",
    ],
    ["or on a group", () => Pattern.begin(a()).or(() => true), "CEP_CONDITION_ON_GROUP", "GroupPattern does not support or clause."],
    [
      "subtype of a group",
      () => Pattern.begin<object, object>(Pattern.begin<object>("a")).subtype(Date),
      "CEP_CONDITION_ON_GROUP",
      "subtype clause",
    ],
    [
      "consecutive single",
      () => a().consecutive(),
      "CEP_CONSECUTIVE_SINGLE",
      "Consecutive not applicable to Quantifier{properties=[SINGLE]",
    ],
    ["consecutive twice", () => a().times(2).consecutive().consecutive(), "CEP_CONSECUTIVE_TWICE", "Consecutive already applied!"],
    ["combinations single", () => a().allowCombinations(), "CEP_COMBINATIONS_SINGLE", "Combinations not applicable"],
    [
      "combinations twice",
      () => a().times(2).allowCombinations().allowCombinations(),
      "CEP_COMBINATIONS_TWICE",
      "Combinations already applied!",
    ],
    [
      "both",
      () => a().times(2).allowCombinations().consecutive(),
      "CEP_COMBINATIONS_AND_CONSECUTIVE",
      "either combinations or consecutive",
    ],
    [
      "both",
      () => a().times(2).consecutive().allowCombinations(),
      "CEP_COMBINATIONS_AND_CONSECUTIVE",
      "either combinations or consecutive",
    ],
    ["0 times", () => a().times(0), "CEP_TIMES_INVALID", "positive number greater than 0"],
    ["from above to", () => a().times(3, 2), "CEP_TIMES_INVALID", "greater than or equal to from: 3"],
    ["half a time", () => a().timesOrMore(1.5), "CEP_TIMES_INVALID", "positive"],
    ["negative time", () => a().within(-1), "JOB_BAD_TIME", "The time of within"],
    ["no name", () => a().next(""), "CEP_NAME_MISSING", "needs a name"],
    ["no condition", () => a().where(undefined as never), "JOB_NOT_A_FUNCTION", "where(…) was given undefined"],
  ];
  const whole: readonly (readonly [string, () => Pattern<Click>, string, string])[] = [
    ["a name twice", () => a().next("b").next("a"), "CEP_DUPLICATE_NAME", "Duplicate pattern name: a. Names must be unique."],
    ["a name twice, in a group", () => a().next(Pattern.begin<Click>("b").next("a")), "CEP_DUPLICATE_NAME", "Duplicate pattern name: a."],
    ["absence at the end", () => a().notFollowedBy("n"), "CEP_NOT_FOLLOWED_BY_AT_END", "not supported without windowTime as a last part"],
    [
      "windows in the wrong order",
      () => a().next("b").within(Duration.ofSeconds(9), WithinType.PREVIOUS_AND_CURRENT).within(Duration.ofSeconds(1)),
      "CEP_WITHIN_TOO_LONG",
      "cannot be larger than the window length between the first and last event",
    ],
    ["an endless group", () => Pattern.begin(a().optional().next("b").optional()).oneOrMore(), "CEP_ENDLESS_GROUP", "at least one event"],
  ];
  const diagnosticOf = (act: () => unknown): DiagnosticData => {
    try {
      act();
    } catch (error) {
      return (error as { data: DiagnosticData }).data;
    }
    throw new Error("nothing was thrown");
  };

  for (const [title, act, code, text] of cases) {
    it(title, () => {
      const diagnostic = diagnosticOf(act);
      expect(diagnostic.code).toBe(code);
      expect(diagnostic.message).toContain(text);
    });
  }

  for (const [title, pattern, code, text] of whole) {
    it(`${title}, with its line`, () => {
      setPositionProvider(() => ({ line: 7, column: 3 }));
      try {
        const diagnostic = diagnosticOf(() =>
          programOf((env) => CEP.pattern(clicks(env), pattern()).select(named).sinkTo(toOut())).instantiate(),
        );
        expect(diagnostic).toMatchObject({ code, span: { line: 7, column: 3 } });
        expect(diagnostic.message).toContain(text);
      } finally {
        setPositionProvider(() => undefined);
      }
    });
  }
});
