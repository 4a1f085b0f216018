/** Async enrichment under crashes drawn from seeds: the services' answers come late, fail and stay away, and nothing is lost or doubled. */
import { describe, expect, it, vi } from "vitest";
import { AsyncRetryStrategies } from "../../src/datastream/async/async-retry-strategies.ts";
import { RetryPredicates } from "../../src/datastream/async/retry-predicates.ts";
import { type ResultFuture, RichAsyncFunction } from "../../src/flow/async-functions.ts";
import type { ExternalService } from "../../src/flow/external-service.ts";
import type { JobProgram } from "../../src/graph/stream-graph.ts";
import { AsyncWaitOperator, type OutputMode } from "../../src/operators/async/async-wait-operator.ts";
import type { RunOutcome } from "../../src/sim/outcome.ts";
import { runWorld } from "../../src/sim/run.ts";
import type { World } from "../../src/sim/world.ts";
import type { OperatorSnapshot } from "../../src/state/snapshot.ts";
import { START_MS } from "../runtime/job-kit.ts";
import { checkpointed, type Click, clicks, clickWatermarks, drawWorld } from "./jobs.ts";

// Hundreds of runs: seconds on a free machine, more on a busy one.
vi.setConfig({ testTimeout: 60_000 });

const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);

interface Enriched {
  readonly user: string;
  readonly n: number;
  readonly level: number;
}

class LevelLookup extends RichAsyncFunction<Click, Enriched> {
  private levels!: ExternalService<number>;

  override open(): void {
    this.levels = this.getRuntimeContext().getExternalService<number>("levels");
  }

  override asyncInvoke(click: Click, resultFuture: ResultFuture<Enriched>): void {
    this.levels.request(click.user, (error, level) => {
      if (error !== null) resultFuture.completeExceptionally(error);
      else resultFuture.complete([{ user: click.user, n: click.n, level: level ?? -1 }]);
    });
  }
}

/** A world with a service that is slow at times, fails at times, and is gone for a second. */
function enrichmentWorld(seed: number, crashes: boolean): World {
  const outage = { fromMs: START_MS + 2000, toMs: START_MS + 3000 };
  return {
    ...drawWorld(seed, crashes),
    services: [
      {
        name: "levels",
        rows: Array.from({ length: 7 }, (_, user) => ({ key: `u${user}`, value: user * 10 })),
        latencyMs: { min: 5, max: 300 },
        slow: { share: 0.05, latencyMs: { min: 800, max: 2500 } },
        failureRate: 0.05,
        outages: [{ ...outage, kind: seed % 2 === 0 ? "errors" : "silence" }],
      },
    ],
  };
}

/** The canary: its snapshots leave out what is under way. The simulator has to catch it. */
class ForgetfulOperator extends AsyncWaitOperator<Click, Enriched> {
  override snapshotState(checkpointId: number): OperatorSnapshot {
    const { keyed, keyedSchema, bytes, uploadedBytes } = super.snapshotState(checkpointId);
    return { keyed, keyedSchema, bytes, uploadedBytes, operatorState: [] };
  }
}

/** Retries what fails; what is not answered in time fails the job, which then asks again. */
function enrichmentJob(
  outputMode: OutputMode,
  capacity: number,
  Operator: typeof AsyncWaitOperator<Click, Enriched> = AsyncWaitOperator,
): JobProgram {
  return checkpointed((job) => {
    const retryStrategy = new AsyncRetryStrategies.ExponentialBackoffDelayRetryStrategyBuilder<unknown>(20, 50, 400, 2)
      .ifException(RetryPredicates.HAS_EXCEPTION_PREDICATE)
      .build();
    const enriched = job.one(clicks(job), () => new Operator(new LevelLookup(), { outputMode, timeoutMs: 6000, capacity, retryStrategy }), {
      name: "enrich",
    });
    job.kafkaSink(enriched, "out", "EXACTLY_ONCE");
  });
}

function committed(outcome: RunOutcome): Enriched[] {
  const records = outcome.topics.find(({ name }) => name === "out")?.records ?? [];
  return records.filter((record) => record.committedAtMs !== null).map((record) => record.value as Enriched);
}

const asMultiset = (values: readonly Enriched[]) => values.map((value) => JSON.stringify(value)).sort();

/** What every click must have become. */
function enrichedClicks(world: World): Enriched[] {
  const arrivals = world.topics.find(({ name }) => name === "clicks")?.arrivals ?? [];
  return arrivals.map(({ value }) => {
    const { user, n } = value as Click;
    return { user, n, level: Number(user.slice(1)) * 10 };
  });
}

const MODES: readonly (readonly [OutputMode, number])[] = [
  ["ORDERED", 100],
  ["ORDERED", 3],
  ["UNORDERED", 100],
  ["UNORDERED", 2],
];

describe.each(MODES)("%s, capacity %i", (outputMode, capacity) => {
  const program = enrichmentJob(outputMode, capacity);

  it("ASY-8: commits under crashes exactly one result per click, on 20 seeds", () => {
    let restarts = 0;
    for (const seed of SEEDS) {
      const world = enrichmentWorld(seed, true);
      const crashed = runWorld(program, world);
      const quiet = runWorld(program, enrichmentWorld(seed, false));
      expect(crashed.status, `seed ${seed}: ${crashed.failure?.message}`).toBe("finished");
      expect(asMultiset(committed(quiet)), `seed ${seed}, no crash`).toEqual(asMultiset(enrichedClicks(world)));
      expect(asMultiset(committed(crashed)), `seed ${seed}`).toEqual(asMultiset(committed(quiet)));
      restarts += crashed.restarts;
    }
    expect(restarts).toBeGreaterThan(SEEDS.length / 2);
  });

  it("takes the same steps for the same seed", () => {
    for (const seed of SEEDS.slice(0, 5)) {
      const fingerprint = runWorld(program, enrichmentWorld(seed, true)).fingerprint;
      expect(runWorld(program, enrichmentWorld(seed, true)).fingerprint).toBe(fingerprint);
    }
  });
});

describe("canary", () => {
  it("catches an operator that forgets the requests under way", () => {
    const program = enrichmentJob("UNORDERED", 100, ForgetfulOperator);
    const lossy = SEEDS.filter((seed) => {
      const world = enrichmentWorld(seed, true);
      return committed(runWorld(program, world)).length < enrichedClicks(world).length;
    });
    expect(lossy.length).toBeGreaterThan(0);
  });
});

describe("order", () => {
  /** One task from source to sink, so that the order of the results is the async operator's alone. */
  const program = (outputMode: OutputMode) =>
    checkpointed(
      (job) => {
        const settings = { outputMode, timeoutMs: 0, capacity: 10, retryStrategy: undefined };
        const enriched = job.one(job.kafka("clicks", clickWatermarks()), () => new AsyncWaitOperator(new LevelLookup(), settings));
        job.kafkaSink(enriched, "out", "EXACTLY_ONCE");
      },
      { parallelism: 1 },
    );

  /** One partition, and a service that always answers. */
  const world = (seed: number, crashes: boolean): World => {
    const drawn = enrichmentWorld(seed, crashes);
    const topics = drawn.topics.map((topic) => ({
      ...topic,
      partitions: 1,
      arrivals: topic.arrivals.map((arrival) => ({ ...arrival, partition: 0 })),
    }));
    return {
      ...drawn,
      topics,
      services: drawn.services?.map(({ name, rows, latencyMs }) => ({ name, ...(rows ? { rows } : {}), latencyMs })) ?? [],
    };
  };

  it("ASY-1: ordered results keep the order of their inputs through crashes; unordered ones do not", () => {
    let shuffled = 0;
    for (const seed of SEEDS) {
      const read = enrichedClicks(world(seed, true)).map(({ n }) => n);
      expect(
        committed(runWorld(program("ORDERED"), world(seed, true))).map(({ n }) => n),
        `seed ${seed}`,
      ).toEqual(read);
      if (committed(runWorld(program("UNORDERED"), world(seed, true))).some(({ n }, index) => n !== read[index])) shuffled++;
    }
    expect(shuffled).toBe(SEEDS.length);
  });
});
