import {
  AsyncDataStream,
  AsyncRetryStrategies,
  type ExternalService,
  type ResultFuture,
  RetryPredicates,
  RichAsyncFunction,
} from "../../../src/index.ts";
import { SWARM_START_MS, type SwarmEvent, type SwarmWorkload } from "../../../src/sim.ts";
import { type Row, read, seconds, type SwarmJob, write } from "./swarm-job.ts";

/** A service that is slow at times, fails at times, and is gone for a second. */
const ENRICHMENT: SwarmWorkload = {
  inputs: [{ topic: "events" }],
  outputs: ["out"],
  services: [
    {
      name: "levels",
      rows: Array.from({ length: 6 }, (_, number) => ({ key: `k${number}`, value: number * 10 })),
      latencyMs: { min: 1, max: 100 },
      slow: { share: 0.05, latencyMs: { min: 200, max: 900 } },
      failureRate: 0.05,
      outages: [{ fromMs: SWARM_START_MS + 2000, toMs: SWARM_START_MS + 2600, kind: "errors" }],
    },
  ],
};

class LevelLookup extends RichAsyncFunction<SwarmEvent, Row> {
  private levels!: ExternalService<number>;

  override open(): void {
    this.levels = this.getRuntimeContext().getExternalService<number>("levels");
  }

  override asyncInvoke(event: SwarmEvent, result: ResultFuture<Row>): void {
    this.levels.request(event.key, (error, level) => {
      if (error !== null) result.completeExceptionally(error);
      else result.complete([{ key: event.key, id: event.id, level }]);
    });
  }
}

const retries = () =>
  new AsyncRetryStrategies.ExponentialBackoffDelayRetryStrategyBuilder<Row>(30, 20, 400, 2)
    .ifException(RetryPredicates.HAS_EXCEPTION_PREDICATE)
    .build();

export const OUTSIDE_JOBS: readonly SwarmJob[] = [
  {
    name: "async lookups in order",
    promises: { delivery: "exactlyOnce", ordersKeys: true },
    // What is under way is list state: another parallelism deals it out anew, and the order is lost.
    workload: { ...ENRICHMENT, unfit: ["restartFromSavepoint"] },
    build(env) {
      write(AsyncDataStream.orderedWaitWithRetry(read(env, "events"), new LevelLookup(), seconds(60), 5, retries()).uid("lookup"));
    },
  },
  {
    name: "async lookups as they come",
    promises: { delivery: "exactlyOnce" },
    workload: ENRICHMENT,
    build(env) {
      write(AsyncDataStream.unorderedWaitWithRetry(read(env, "events"), new LevelLookup(), seconds(60), 10, retries()).uid("lookup"));
    },
  },
];
