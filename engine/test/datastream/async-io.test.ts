import { describe, expect, it } from "vitest";
import {
  AsyncDataStream,
  type AsyncFunction,
  AsyncRetryStrategies,
  type DataStream,
  datastreamProgram,
  Duration,
  type ExternalService,
  json,
  KafkaSink,
  KafkaSource,
  KeyedProcessFunction,
  type ResultFuture,
  RetryPredicates,
  RestartStrategies,
  RichAsyncFunction,
  RichMapFunction,
  type Sink,
  StreamExecutionEnvironment,
  TimeoutException,
  TimeUnit,
  TumblingEventTimeWindows,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "../../src/index.ts";
import { jobGraphOf, type RunOutcome, runWorld, type ServiceDescription } from "../../src/sim.ts";
import { committed, type Row, runJob, sorted, type TestWorld, worldOf } from "./run-job.ts";

interface Click {
  readonly user: string;
  readonly n: number;
}

interface Profile {
  readonly country: string;
}

interface Enriched {
  readonly n: number;
  readonly country: string | null;
}

/** What a learner writes: a client in `open`, a request per record, completion in the callback. */
class ProfileLookup extends RichAsyncFunction<Click, Enriched> {
  private profiles!: ExternalService<Profile>;

  override open(): void {
    this.profiles = this.getRuntimeContext().getExternalService<Profile>("profiles");
  }

  override asyncInvoke(click: Click, resultFuture: ResultFuture<Enriched>): void {
    this.profiles.request(click.user, (error, profile) => {
      if (error !== null) resultFuture.completeExceptionally(error);
      else resultFuture.complete([{ n: click.n, country: profile?.country ?? null }]);
    });
  }
}

class LookupWithSubstitute extends ProfileLookup {
  override timeout(click: Click, resultFuture: ResultFuture<Enriched>): void {
    resultFuture.complete([{ n: click.n, country: "timed out" }]);
  }
}

const PROFILES: ServiceDescription = {
  name: "profiles",
  rows: [
    { key: "u0", value: { country: "AT" } },
    { key: "u1", value: { country: "CH" } },
    { key: "u2", value: { country: "DE" } },
  ],
  latencyMs: { min: 10, max: 200 },
};

const steady = (latencyMs: number, more: Partial<ServiceDescription> = {}): ServiceDescription => ({
  ...PROFILES,
  latencyMs: { min: latencyMs, max: latencyMs },
  ...more,
});

const rows = (count: number, everyMs = 0): Row[] =>
  Array.from({ length: count }, (_, n): Row => [n * everyMs, { user: `u${n % 3}`, n } satisfies Click]);

const expectedOf = (count: number): Enriched[] => Array.from({ length: count }, (_, n) => ({ n, country: ["AT", "CH", "DE"][n % 3] }));

function clicksOf(env: StreamExecutionEnvironment): DataStream<Click> {
  return env.fromSource(KafkaSource.builder<Click>().setTopics("clicks").build(), WatermarkStrategy.noWatermarks<Click>(), "clicks");
}

function sinkOf<T>() {
  return KafkaSink.builder<T>().setRecordSerializer(json("out")).build();
}

/** Whatever comes out of it goes into the sink. */
type Pipeline = (clicks: DataStream<Click>, env: StreamExecutionEnvironment) => { sinkTo(sink: Sink<never>): unknown };

function run(pipeline: Pipeline, world: TestWorld): RunOutcome {
  return runWorld(programOf(pipeline), worldOf({ services: [PROFILES], ...world }));
}

function programOf(pipeline: Pipeline) {
  return datastreamProgram(() => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    pipeline(clicksOf(env), env).sinkTo(sinkOf());
    env.execute("test");
  });
}

const byN = (values: readonly unknown[]): Enriched[] => [...(values as readonly Enriched[])].sort((a, b) => a.n - b.n);

describe("async I/O in a job", () => {
  it("ASY-1: ordered results leave in the order of the inputs, whatever the latencies", () => {
    const outcome = run((clicks) => AsyncDataStream.orderedWait(clicks, new ProfileLookup(), 1000, TimeUnit.MILLISECONDS, 100), {
      input: { clicks: rows(40) },
    });
    expect(committed(outcome)).toEqual(expectedOf(40));
    expect(outcome.counters["service.profiles.numRequests"]).toBe(40);
  });

  it("ASY-2: unordered results leave as they come", () => {
    const outcome = run((clicks) => AsyncDataStream.unorderedWait(clicks, new ProfileLookup(), Duration.ofSeconds(1)), {
      input: { clicks: rows(40) },
    });
    const values = committed(outcome);
    expect(values).not.toEqual(expectedOf(40));
    expect(byN(values)).toEqual(expectedOf(40));
  });

  it("answers null for a key that the service does not know, and takes a function instead of an object", () => {
    const outcome = run(
      (clicks) =>
        AsyncDataStream.orderedWait(
          clicks.map((click) => ({ ...click, user: "nobody" })),
          new ProfileLookup(),
          1000,
        ),
      { input: { clicks: rows(1) } },
    );
    expect(committed(outcome)).toEqual([{ n: 0, country: null }]);
    const plain = run(
      (clicks) => AsyncDataStream.orderedWait(clicks, (click, out: ResultFuture<number>) => out.complete([click.n, -click.n]), 0),
      {
        input: { clicks: rows(3) },
      },
    );
    expect(committed(plain)).toEqual([0, -0, 1, -1, 2, -2]);
  });

  it("ASY-3: no more than the capacity is under way, and the input waits", () => {
    const outcome = run((clicks) => AsyncDataStream.orderedWait(clicks, new ProfileLookup(), Duration.ofSeconds(60), 2), {
      input: { clicks: rows(10) },
      services: [steady(100)],
    });
    expect(committed(outcome)).toEqual(expectedOf(10));
    const appendedMs = outcome.topics[0].records.map((record) => record.appendedAtMs);
    // Two at a time, 100 ms each: the nth pair comes after n rounds.
    appendedMs.forEach((atMs, n) => {
      const round = Math.floor(n / 2) + 1;
      expect(atMs).toBeGreaterThanOrEqual(round * 100);
      expect(atMs).toBeLessThan(round * 100 + 60);
    });
  });

  it("ASY-3: what one input makes waits in front of the queue, in order", () => {
    const outcome = run(
      (clicks) =>
        AsyncDataStream.orderedWait(
          clicks.flatMap<Click>((click, out) => {
            for (let copy = 0; copy < 5; copy++) out.collect({ user: click.user, n: click.n * 5 + copy });
          }),
          new ProfileLookup(),
          Duration.ofSeconds(60),
          1,
        ),
      { input: { clicks: rows(3) }, services: [steady(50)] },
    );
    expect((committed(outcome) as Enriched[]).map(({ n }) => n)).toEqual(Array.from({ length: 15 }, (_, n) => n));
  });

  it("ASY-4: a checkpoint waits until the record that found the queue full is in", () => {
    const barriersAtMs = (capacity: number) => {
      const program = programOf((clicks, env) => {
        env.enableCheckpointing(1000);
        return AsyncDataStream.orderedWait(clicks, new ProfileLookup(), Duration.ofSeconds(60), capacity);
      });
      const world = worldOf({ input: { clicks: rows(3) }, services: [steady(5000)] });
      const outcome = runWorld(program, world, { record: true });
      expect(committed(outcome)).toEqual(expectedOf(3));
      return (outcome.recording?.events ?? []).filter((event) => event.kind === "checkpoint" && event.what === "barrier").map(({ t }) => t);
    };
    // Nothing waits in front of a queue that has room, so the first checkpoint comes in the first second.
    expect(barriersAtMs(3)[0]).toBeLessThan(1100);
    // The second record waits for the first's answer at 5 s, the third for the second's at 10 s; then there is room for good.
    const [first, second, third] = barriersAtMs(1);
    expect(first).toBeGreaterThanOrEqual(5000);
    expect(first).toBeLessThan(5100);
    expect(second).toBeGreaterThanOrEqual(10_000);
    expect(third).toBeLessThan(11_100);
  });

  it("ASY-3: a source that is held in its own chain does not take itself for idle", () => {
    const program = datastreamProgram(() => {
      const env = StreamExecutionEnvironment.getExecutionEnvironment();
      const watermarks = WatermarkStrategy.forMonotonousTimestamps<Click>()
        .withTimestampAssigner((click) => click.n * 1000)
        .withIdleness(Duration.ofSeconds(1));
      const clicks = env.fromSource(KafkaSource.builder<Click>().setTopics("clicks").build(), watermarks, "clicks");
      AsyncDataStream.orderedWait(clicks, new ProfileLookup(), Duration.ofSeconds(60), 1).sinkTo(sinkOf());
      env.execute("test");
    });
    const outcome = runWorld(program, worldOf({ input: { clicks: rows(4) }, services: [steady(4000)] }), { record: true });
    expect(committed(outcome)).toEqual(expectedOf(4));
    // The task waits with the second record until 4 s, with the watermark behind it until 8 s, with the fourth record until 12 s.
    const idleAtMs = (outcome.recording?.events ?? []).filter((event) => event.kind === "idle" && event.idle).map(({ t }) => t);
    expect(idleAtMs.filter((atMs) => atMs < 12_000)).toEqual([]);
  });

  it("stopping keeps what is under way in the savepoint, not in the output", () => {
    const outcome = run((clicks) => AsyncDataStream.orderedWait(clicks, new ProfileLookup(), Duration.ofSeconds(60), 1), {
      input: { clicks: rows(5) },
      services: [steady(1000)],
      end: { kind: "stop", atMs: 2500 },
    });
    expect(outcome.completedCheckpoints).toBe(1);
    expect(committed(outcome)).toEqual(expectedOf(3));
    const inFlight = outcome.stateSizes.find(({ stateName }) => stateName === "_async_wait_operator_state_");
    expect(inFlight?.entries).toBe(1);
  });

  it("runs flat out where nothing costs anything", () => {
    const outcome = run((clicks) => AsyncDataStream.orderedWait(clicks, new ProfileLookup(), Duration.ofSeconds(60), 7), {
      input: { clicks: rows(200) },
      costsUs: { "*": 0 },
    });
    expect(committed(outcome)).toEqual(expectedOf(200));
  });

  it("ASY-5: the end of the input waits for the answers", () => {
    const outcome = runJob(
      (env) => {
        const clicks = env.fromData(...rows(7).map(([, click]) => click as Click));
        AsyncDataStream.unorderedWait(clicks, new ProfileLookup(), Duration.ofSeconds(60), 3).sinkTo(sinkOf());
      },
      { services: [steady(300)] },
    );
    expect(byN(committed(outcome))).toEqual(expectedOf(7));
    expect(outcome.endMs).toBeGreaterThanOrEqual(900);
  });

  it("ASY-5: two async operators in one chain end one after the other", () => {
    const outcome = runJob(
      (env) => {
        const clicks = env.fromData(...rows(6).map(([, click]) => click as Click));
        const first = AsyncDataStream.orderedWait(clicks, new ProfileLookup(), Duration.ofSeconds(60), 2);
        const again = first.map(({ n, country }) => ({ user: country === "AT" ? "u1" : "u2", n }));
        AsyncDataStream.orderedWait(again, new ProfileLookup(), Duration.ofSeconds(60), 1).sinkTo(sinkOf());
      },
      { services: [steady(70)] },
    );
    expect(committed(outcome)).toEqual(expectedOf(6).map(({ n, country }) => ({ n, country: country === "AT" ? "CH" : "DE" })));
  });

  it("ASY-6: without a handler a timeout fails the job", () => {
    const outcome = run(
      (clicks, env) => {
        env.setRestartStrategy(RestartStrategies.noRestart());
        return AsyncDataStream.orderedWait(clicks, new ProfileLookup(), Duration.ofMillis(100));
      },
      { input: { clicks: rows(1) }, services: [steady(500)] },
    );
    expect(outcome.status).toBe("failed");
    expect(outcome.failure?.message).toBe(
      'Could not complete the stream element: Record @ 0 : {"user":"u0","n":0}. Caused by: TimeoutException: Async function call has timed out.',
    );
    expect(outcome.failure?.operator).toBe("async wait operator");
  });

  it("ASY-6: a handler may answer instead, and the late answer is ignored", () => {
    const outcome = run((clicks) => AsyncDataStream.orderedWait(clicks, new LookupWithSubstitute(), Duration.ofMillis(100)), {
      input: { clicks: rows(4, 1000) },
      services: [
        steady(50, { outages: [{ fromMs: 900, toMs: 1100, kind: "silence" }], slow: { share: 0, latencyMs: { min: 0, max: 0 } } }),
      ],
    });
    expect((committed(outcome) as Enriched[]).map(({ country }) => country)).toEqual(["AT", "timed out", "DE", "AT"]);
  });

  it("ASY-7: failed requests are tried again within the timeout", () => {
    const retry = new AsyncRetryStrategies.FixedDelayRetryStrategyBuilder<Enriched>(5, 300)
      .ifException(RetryPredicates.HAS_EXCEPTION_PREDICATE)
      .build();
    const outcome = run((clicks) => AsyncDataStream.orderedWaitWithRetry(clicks, new ProfileLookup(), 10, TimeUnit.SECONDS, 100, retry), {
      input: { clicks: rows(3, 400) },
      services: [steady(20, { outages: [{ fromMs: 0, toMs: 700, kind: "errors" }] })],
    });
    expect(committed(outcome)).toEqual(expectedOf(3));
    const { counters } = outcome;
    expect(counters["service.profiles.numRequests"]).toBe(3 + (counters["service.profiles.numFailedRequests"] ?? 0));
    // Records at 0 and 400 meet the outage until 700, that at 800 does not.
    expect(counters["service.profiles.numFailedRequests"]).toBe(4);
  });

  it("ASY-7: an error that no predicate wants is final", () => {
    const retry = new AsyncRetryStrategies.ExponentialBackoffDelayRetryStrategyBuilder<Enriched>(5, 10, 1000, 2)
      .ifException(RetryPredicates.createExceptionTypePredicate(TimeoutException))
      .build();
    const outcome = run(
      (clicks, env) => {
        env.setRestartStrategy(RestartStrategies.noRestart());
        return AsyncDataStream.unorderedWaitWithRetry(clicks, new ProfileLookup(), Duration.ofSeconds(1), retry);
      },
      { input: { clicks: rows(1) }, services: [steady(20, { failureRate: 1 })] },
    );
    expect(outcome.failure?.message).toContain('Caused by: ExternalServiceError: Service "profiles" failed to answer.');
    expect(outcome.counters["service.profiles.numRequests"]).toBe(1);
  });

  it("ASY-8: requests under way are sent again after a crash, and every result comes once", () => {
    const crash = { kind: "crashTaskManager", taskManager: 0, when: { kind: "atMs", atMs: 2500 } } as const;
    const outcome = run(
      (clicks, env) => {
        env.enableCheckpointing(1000);
        env.setRestartStrategy(RestartStrategies.fixedDelayRestart(5, 100));
        const enriched = AsyncDataStream.unorderedWait(clicks, new ProfileLookup(), Duration.ofSeconds(60), 10);
        enriched.sinkTo(
          KafkaSink.builder<Enriched>()
            .setRecordSerializer(json("out"))
            .setDeliveryGuarantee("EXACTLY_ONCE")
            .setTransactionalIdPrefix("tx")
            .build(),
        );
        return enriched.filter(() => false);
      },
      { input: { clicks: rows(20, 200) }, services: [steady(900)], faults: [crash] },
    );
    expect(outcome.restarts).toBe(1);
    expect(byN(committed(outcome))).toEqual(expectedOf(20));
    expect(outcome.counters["service.profiles.numRequests"]).toBeGreaterThan(20);
  });

  it("ASY-2: a watermark passes no result, so nothing behind is late", () => {
    const clicked = (env: StreamExecutionEnvironment) =>
      env.fromSource(
        KafkaSource.builder<Click>().setTopics("clicks").build(),
        WatermarkStrategy.forMonotonousTimestamps<Click>().withTimestampAssigner((click) => click.n * 100),
        "clicks",
      );
    const counted = <T extends { readonly n: number }>(stream: DataStream<T>) =>
      stream
        .map(({ n }) => ({ key: "all", count: 1, n }))
        .keyBy(({ key }) => key)
        .window(TumblingEventTimeWindows.of(Duration.ofMillis(500)))
        .sum("count")
        .map(({ count }) => count);
    const world: TestWorld = { input: { clicks: rows(50, 100) }, services: [{ ...PROFILES, latencyMs: { min: 0, max: 1500 } }] };
    const direct = runJob((env) => void counted(clicked(env)).sinkTo(sinkOf()), world);
    const enriched = runJob((env) => {
      void counted(AsyncDataStream.unorderedWait(clicked(env), new ProfileLookup(), Duration.ofSeconds(60))).sinkTo(sinkOf());
    }, world);
    expect(committed(enriched)).toEqual(committed(direct));
    expect(enriched.counters["numLateRecordsDropped"] ?? 0).toBe(0);
  });

  it("is chained, under Flink's name", () => {
    const graph = jobGraphOf(programOf((clicks) => AsyncDataStream.orderedWait(clicks, new ProfileLookup(), 1000)));
    expect(graph.vertices.map(({ name }) => name)).toEqual(["Source: clicks -> async wait operator -> Sink: Writer"]);
  });

  it("waiting for each answer takes as long as all answers together", () => {
    class BlockingLookup extends RichMapFunction<Click, Enriched> {
      private profiles!: ExternalService<Profile>;
      override open(): void {
        this.profiles = this.getRuntimeContext().getExternalService<Profile>("profiles");
      }
      override map(click: Click): Enriched {
        return { n: click.n, country: this.profiles.requestAndWait(click.user)?.country ?? null };
      }
    }
    const world: TestWorld = { input: { clicks: rows(30) }, services: [steady(100)] };
    const blocking = run((clicks) => clicks.map(new BlockingLookup()), world);
    const async = run((clicks) => AsyncDataStream.orderedWait(clicks, new ProfileLookup(), Duration.ofSeconds(60)), world);
    expect(committed(blocking)).toEqual(committed(async));
    expect(blocking.endMs).toBeGreaterThanOrEqual(3000);
    expect(blocking.counters["accumulateBusyTimeMs"]).toBeGreaterThanOrEqual(3000);
    expect(async.endMs).toBeLessThan(1000);
  });

  it("a service knows the last value per key of a topic", () => {
    const world = worldOf({ services: [{ name: "profiles", topic: "table", latencyMs: { min: 5, max: 5 } }] });
    const arrivals = [100, 300].map((atMs, n) => ({ atMs, partition: 0, key: null, value: { user: "u", n } }));
    const updates = [0, 200].map((atMs) => ({ atMs, partition: 0, key: "u", value: { country: `at ${atMs}` } }));
    const topics = [{ name: "clicks", partitions: 1, arrivals }, { name: "table", partitions: 1, arrivals: updates }, ...world.topics];
    const program = programOf((clicks) => AsyncDataStream.orderedWait(clicks, new ProfileLookup(), Duration.ofSeconds(10)));
    const outcome = runWorld(program, { ...world, topics });
    expect(committed(outcome)).toEqual([
      { n: 0, country: "at 0" },
      { n: 1, country: "at 200" },
    ]);
  });
});

describe("mistakes", () => {
  const failureOf = (pipeline: Pipeline) => run(pipeline, { input: { clicks: rows(1) } }).failure;

  it("a promise is refused, since nothing would come after its await", () => {
    const awaiting = {
      async asyncInvoke(click: Click, resultFuture: ResultFuture<number>): Promise<void> {
        await Promise.resolve();
        resultFuture.complete([click.n]);
      },
    };
    const failure = failureOf((clicks) => AsyncDataStream.orderedWait(clicks, awaiting as unknown as AsyncFunction<Click, number>, 1000));
    expect(failure?.code).toBe("ASYNC_PROMISE");
  });

  it("an unknown service is named, and the one that was meant", () => {
    const asks = new (class extends ProfileLookup {
      override open(): void {
        this.getRuntimeContext().getExternalService("profile");
      }
    })();
    const failure = failureOf((clicks) => AsyncDataStream.orderedWait(clicks, asks, 1000));
    expect(failure?.code).toBe("SERVICE_UNKNOWN");
    expect(failure?.diagnostic?.hint).toBe('Did you mean "profiles"?');
  });

  it("state is refused in Flink's words, also behind keyBy", () => {
    class Counting extends RichAsyncFunction<Click, number> {
      private count!: ValueState<number>;
      override open(): void {
        this.count = this.getRuntimeContext().getState(new ValueStateDescriptor<number>("count"));
      }
      override asyncInvoke(_click: Click, resultFuture: ResultFuture<number>): void {
        resultFuture.complete([this.count.value() ?? 0]);
      }
    }
    const failure = failureOf((clicks) =>
      AsyncDataStream.orderedWait(
        clicks.keyBy((click) => click.user),
        new Counting(),
        1000,
      ),
    );
    expect(failure?.code).toBe("ASYNC_STATE_NOT_SUPPORTED");
    expect(failure?.message).toBe("State is not supported in rich async functions.");
  });

  it("an answer has no key: keyed state cannot be touched in a callback", () => {
    class CountsAnswers extends KeyedProcessFunction<string, Click, number> {
      override processElement(click: Click): void {
        const count = this.getRuntimeContext().getState(new ValueStateDescriptor<number>("count"));
        const profiles = this.getRuntimeContext().getExternalService("profiles");
        profiles.request(click.user, () => count.update((count.value() ?? 0) + 1));
      }
    }
    const job: Pipeline = (clicks) => clicks.keyBy((click) => click.user).process(new CountsAnswers());
    expect(run(job, { input: { clicks: rows(2, 1000) } }).failure?.message).toContain("No key set");
  });

  it("a single value is no collection of results", () => {
    const single = (click: Click, out: ResultFuture<string>) => out.complete(click.user as unknown as string[]);
    expect(failureOf((clicks) => AsyncDataStream.orderedWait(clicks, single, 1000))?.code).toBe("ASYNC_RESULT_NOT_A_COLLECTION");
  });

  it("a capacity, a retry and a timeout that cannot be are refused where they stand", () => {
    const retry = () => new AsyncRetryStrategies.FixedDelayRetryStrategyBuilder<Enriched>(3, 100).ifException(() => true).build();
    const codes = [
      (clicks: DataStream<Click>) => AsyncDataStream.orderedWait(clicks, new ProfileLookup(), 1000, 0),
      (clicks: DataStream<Click>) => AsyncDataStream.orderedWaitWithRetry(clicks, new ProfileLookup(), 0, retry()),
      (clicks: DataStream<Click>) =>
        AsyncDataStream.orderedWaitWithRetry(
          clicks,
          new ProfileLookup(),
          1000,
          new AsyncRetryStrategies.FixedDelayRetryStrategyBuilder<Enriched>(0, 1).build(),
        ),
      (clicks: DataStream<Click>) => AsyncDataStream.unorderedWait(clicks, new ProfileLookup(), -1),
    ].map((pipeline) => failureOf(pipeline)?.code);
    expect(codes).toEqual(["ASYNC_BAD_CAPACITY", "ASYNC_RETRY_WITHOUT_TIMEOUT", "ASYNC_BAD_RETRY", "JOB_BAD_TIME"]);
  });

  it("what a callback throws fails the job", () => {
    const throwing = new (class extends ProfileLookup {
      private service!: ExternalService<Profile>;
      override open(): void {
        this.service = this.getRuntimeContext().getExternalService<Profile>("profiles");
      }
      override asyncInvoke(): void {
        this.service.request("u0", () => {
          throw new RangeError("in the callback");
        });
      }
    })();
    const failure = run(
      (clicks, env) => {
        env.setRestartStrategy(RestartStrategies.noRestart());
        return AsyncDataStream.orderedWait(clicks, throwing, 1000);
      },
      { input: { clicks: rows(1) } },
    ).failure;
    expect(failure).toMatchObject({ message: "RangeError: in the callback", operator: "async wait operator" });
  });

  it("values of the service are copies", () => {
    const spoiling = (click: Click, out: ResultFuture<string>, service: ExternalService<{ country: string }>) =>
      service.request(click.user, (_error, profile) => {
        out.complete([profile?.country ?? ""]);
        if (profile !== null) profile.country = "spoilt";
      });
    class Spoiling extends RichAsyncFunction<Click, string> {
      private service!: ExternalService<{ country: string }>;
      override open(): void {
        this.service = this.getRuntimeContext().getExternalService("profiles");
      }
      override asyncInvoke(click: Click, out: ResultFuture<string>): void {
        spoiling(click, out, this.service);
      }
    }
    const outcome = run((clicks) => AsyncDataStream.orderedWait(clicks, new Spoiling(), 1000), { input: { clicks: rows(6) } });
    expect(sorted(committed(outcome))).toEqual(sorted(["AT", "CH", "DE", "AT", "CH", "DE"]));
  });
});
