/** Composes database, judge, queue and application, listens, and takes all of it down again in order. */
import type { FastifyBaseLogger } from "fastify";
import { buildApp } from "./app.ts";
import type { Config } from "./config/config.ts";
import { openDatabase } from "./db/database.ts";
import { MAX_WAITING_RUNS, RUNS_AT_ONCE } from "./limits.ts";
import type { Parts } from "./parts.ts";
import { DrizzleRejudges } from "./repositories/drizzle-rejudges.ts";
import { DrizzleSubmissions } from "./repositories/drizzle-submissions.ts";
import type { Catalog } from "./services/catalog/catalog.ts";
import { JudgeGate } from "./services/judge/judge-gate.ts";
import type { JudgeService } from "./services/judge/judge-service.ts";
import { JudgeQueue, type JudgeQueueOptions } from "./services/queue/judge-queue.ts";
import { Signals } from "./services/queue/signals.ts";
import { RunLane } from "./services/run-lane.ts";

export interface Server {
  /** E.g. `http://127.0.0.1:7420`. */
  readonly address: string;
  /** Resolves when the judge is warm (true) or cannot be started (false). */
  readonly judgeReady: Promise<boolean>;
  /** Lets what is under way finish for up to `graceMs`, gives leases back, closes everything. */
  stop(graceMs: number): Promise<void>;
}

/** Resolves as soon as requests are answered; the judge warms up after that. */
export async function startServer(
  config: Config,
  catalog: Catalog,
  judge: JudgeService,
  queueOptions: JudgeQueueOptions = {},
): Promise<Server> {
  const database = openDatabase(config.dataDir);
  const submissions = new DrizzleSubmissions(database.db);
  const rejudges = new DrizzleRejudges(database.db);
  const signals = new Signals();

  // The queue needs the application's log and the routes need the queue: `compose` runs between the two.
  const made: { queue?: JudgeQueue } = {};
  const compose = (log: FastifyBaseLogger): Parts => {
    const queue = new JudgeQueue(submissions, rejudges, judge, signals, log, queueOptions);
    made.queue = queue;
    return {
      catalog,
      submissions,
      rejudges,
      judge: new JudgeGate(judge, log),
      signals,
      runs: new RunLane({ atOnce: RUNS_AT_ONCE, maxWaiting: MAX_WAITING_RUNS }),
      checks: new RunLane({ atOnce: RUNS_AT_ONCE, maxWaiting: MAX_WAITING_RUNS }),
      queue,
      version: config.version,
    };
  };

  try {
    const { app, parts } = await buildApp(config, compose);
    const queue = made.queue!;
    const address = await app.listen({ port: config.port, host: config.host });
    const judgeReady = parts.judge.open().then(async (ready) => {
      if (ready) await queue.start();
      return ready;
    });

    const stop = async (graceMs: number): Promise<void> => {
      const closing = app.close();
      await queue.stop(graceMs);
      await Promise.race([closing, pause(graceMs)]);
      await parts.judge.close();
      // Whoever still waited has its error by now; a connection that stays open after that is cut.
      await Promise.race([closing, pause(500)]);
      app.server.closeAllConnections();
      await closing;
      database.close();
    };
    return { address, judgeReady, stop };
  } catch (error) {
    database.close();
    throw error;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
