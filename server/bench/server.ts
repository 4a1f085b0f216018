/**
 * `npm run bench -- server`: a class that works all at once. Logged-in learners browse, save drafts, run samples, submit and watch their verdicts, with
 * pauses for thought between; in the middle the server is stopped and started again. Exits with 1 and names the rows that miss their target.
 */
import { learnersOf, type Account } from "./room/accounts.ts";
import { Learner } from "./room/learner.ts";
import { ServerProcess } from "./room/server-process.ts";
import { Tally } from "./room/tally.ts";
import { sampleOf } from "./judge/sample.ts";
import { missedOf, printed, type Row } from "./table.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Health } from "../src/contract/index.ts";

const USAGE = `npm run bench -- server [options]
  --learners n     at the same time (300)
  --seconds n      of traffic (120)`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const settings = { learners: 300, seconds: 120 };
  for (let at = 0; at < args.length; at += 2) {
    const name = args[at]!.replace("--", "") as keyof typeof settings;
    const value = Number(args[at + 1]);
    if (!(name in settings) || !Number.isSafeInteger(value) || value < 1) {
      console.log(USAGE);
      return args.includes("--help") ? 0 : 2;
    }
    settings[name] = value;
  }
  const dataDir = mkdtempSync(join(tmpdir(), "millrace-bench-"));
  try {
    const rows = await measure(dataDir, settings);
    for (const line of printed(rows)) console.log(line);
    const missed = rows.filter(missedOf);
    console.log(missed.length === 0 ? "\nevery target reached" : `\nmissed: ${missed.map(({ name }) => name).join("; ")}`);
    return missed.length === 0 ? 0 : 1;
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measure(dataDir: string, { learners: count, seconds }: { learners: number; seconds: number }): Promise<Row[]> {
  const accounts: readonly Account[] = await learnersOf(dataDir, count);
  const sample = await sampleOf(8);
  const server = await ServerProcess.start(dataDir);
  const tally = new Tally();
  try {
    await until(async () => {
      const health = (await (await fetch(`${server.address}/api/health`)).json()) as Health;
      return health.judge === "ready" && (process.platform !== "linux" || health.warm);
    });
    const endsAtMs = performance.now() + seconds * 1000;
    const learners = accounts.map((account, index) => new Learner(server, account, sample, tally, index));
    const working = Promise.all(learners.map((learner) => learner.work(endsAtMs)));
    await sleep((seconds * 1000) / 2);
    const stoppedAtMs = performance.now();
    await server.restart();
    const restartMs = performance.now() - stoppedAtMs;
    await working;
    // Whatever was acknowledged gets its verdict.
    await until(async () => (await Promise.all(learners.map((learner) => learner.waiting()))).every((waiting) => waiting === 0));
    const lost = (await Promise.all(learners.map((learner) => learner.lost()))).reduce((sum, one) => sum + one, 0);
    return [
      ...tally.rows(),
      { name: "stopped and listening again", value: restartMs, unit: "ms" },
      { name: "submissions lost", value: lost, unit: "", target: { atMost: 0 } },
    ];
  } finally {
    await server.stop();
  }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const giveUpAtMs = performance.now() + 15 * 60_000;
  while (!(await isSo())) {
    if (performance.now() > giveUpAtMs) throw new Error("the bench takes too long");
    await sleep(1_000);
  }
}
