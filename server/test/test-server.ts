/** A whole server on a free port with a temporary database, or the application alone for `inject`. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { buildApp } from "../src/app.ts";
import { type ComposeFrom, composeParts } from "../src/compose.ts";
import type { Config } from "../src/config/config.ts";
import type { SubmissionDetail, SubmissionSummary } from "../src/contract/index.ts";
import { type OpenDatabase, openDatabase } from "../src/db/database.ts";
import type { Parts } from "../src/parts.ts";
import type { RouteAccess } from "../src/plugins/access.ts";
import type { RejudgeRepository } from "../src/repositories/rejudges.ts";
import type { SubmissionRepository } from "../src/repositories/submissions.ts";
import type { JudgeService } from "../src/services/judge/judge-service.ts";
import { JudgeQueue, type JudgeQueueOptions } from "../src/services/queue/judge-queue.ts";
import { Signals } from "../src/services/queue/signals.ts";
import { type Server, startServer } from "../src/server.ts";
import { openStores } from "../src/stores.ts";
import { InProcessJudge, testCatalog } from "./in-process-judge.ts";

/** Removed again by `removeTempDirs`. */
const dirs: string[] = [];

export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "millrace-server-"));
  dirs.push(dir);
  return dir;
}

export function removeTempDirs(): void {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
}

export function testConfig(overrides: Partial<Config> = {}): Config {
  const dataDir = overrides.dataDir ?? tempDir();
  return {
    port: 0,
    host: "127.0.0.1",
    packDirs: [],
    clientDir: join(dataDir, "no-client"),
    logLevel: "silent",
    workers: 1,
    warmUp: false,
    accounts: false,
    registration: "closed",
    publicUrl: null,
    version: "0.0.0",
    ...overrides,
    dataDir,
  };
}

/** Listening, judge ready. */
export async function listen(config: Config, judge: JudgeService = new InProcessJudge(), options: JudgeQueueOptions = {}): Promise<Server> {
  const server = await startServer(config, testCatalog, judge, options);
  await server.judgeReady;
  return server;
}

/** Hashing that takes no time to speak of. */
export const TEST_COST = { passwordCost: { logN: 4, r: 8, p: 1 } } as const;

export interface TestApp {
  readonly app: FastifyInstance;
  readonly parts: Parts;
  readonly routes: readonly RouteAccess[];
  readonly submissions: SubmissionRepository;
  readonly rejudges: RejudgeRepository;
  readonly queue: JudgeQueue;
  readonly database: OpenDatabase;
  close(): Promise<void>;
}

/** The application without a port; submissions are judged only when `queue.start()` is called. */
export async function makeApp(
  overrides: Partial<Config> = {},
  judge: JudgeService = new InProcessJudge(),
  compose: Partial<ComposeFrom> = {},
): Promise<TestApp> {
  const config = testConfig(overrides);
  const database = openDatabase(config.dataDir);
  const stores = openStores(database);
  const signals = new Signals();
  let queue: JudgeQueue | undefined;
  const { app, parts, routes } = await buildApp(config, (log) => {
    const made = new JudgeQueue(stores.submissions, stores.rejudges, judge, signals, log);
    queue = made;
    const runLane = { atOnce: 1, maxWaiting: 1 };
    return composeParts({ config, catalog: testCatalog, judge, stores, signals, queue: made, log, runLane, ...TEST_COST, ...compose });
  });
  await parts.judge.open();
  const close = async (): Promise<void> => {
    await queue!.stop(0);
    await app.close();
    await parts.judge.close();
    database.close();
  };
  return { app, parts, routes, submissions: stores.submissions, rejudges: stores.rejudges, queue: queue!, database, close };
}

/** POSTs a submission over HTTP. */
export async function submit(address: string, text: string, problemId = "word-count"): Promise<SubmissionSummary> {
  const response = await fetch(`${address}/api/problems/${problemId}/submissions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ language: "datastream", text }),
  });
  if (response.status !== 201) throw new Error(`submitting was answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as SubmissionSummary;
}

/** Polls until the submission is judged. */
export async function judged(address: string, id: string, withinMs = 15_000): Promise<SubmissionDetail> {
  const giveUpAtMs = Date.now() + withinMs;
  for (;;) {
    const detail = (await (await fetch(`${address}/api/submissions/${id}`)).json()) as SubmissionDetail;
    if (detail.status === "judged") return detail;
    if (Date.now() > giveUpAtMs) throw new Error(`still ${detail.status} after ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
