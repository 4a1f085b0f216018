/** Composes database, judge, queue and application, listens, and takes all of it down again in order. */
import type { FastifyBaseLogger } from "fastify";
import { buildApp } from "./app.ts";
import { composeParts } from "./compose.ts";
import type { Config } from "./config/config.ts";
import { openDatabase } from "./db/database.ts";
import type { Parts } from "./parts.ts";
import type { Catalog } from "./services/catalog/catalog.ts";
import type { JudgeService } from "./services/judge/judge-service.ts";
import { JudgeQueue, type JudgeQueueOptions } from "./services/queue/judge-queue.ts";
import { Signals } from "./services/queue/signals.ts";
import { openStores } from "./stores.ts";

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
  const stores = openStores(database);
  const signals = new Signals();

  // The queue needs the application's log and the routes need the queue: `compose` runs between the two.
  const made: { queue?: JudgeQueue } = {};
  const compose = (log: FastifyBaseLogger): Parts => {
    const queue = new JudgeQueue(stores.submissions, stores.rejudges, judge, signals, log, queueOptions);
    made.queue = queue;
    return composeParts({ config, catalog, judge, stores, signals, queue, log });
  };

  try {
    const { app, parts } = await buildApp(config, compose);
    const queue = made.queue!;
    parts.metrics.start();
    await parts.audit.prune();
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
      parts.metrics.stop();
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
