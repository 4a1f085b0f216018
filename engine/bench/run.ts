/**
 * `node bench/run.ts [--records n] [--repeat n] [--job tumbling|sliding|session|dedup] [--engine-only]`: runs each job beside its yardstick, in turn, and
 * prints the best run of each and their ratio. With `--engine-only` just the engine runs (for a profiler).
 */
import { ENGINE_JOBS } from "./jobs.ts";
import { firstOfDay, sessionCounts, slidingCounts, tumblingCounts } from "./yardstick.ts";

const WORKLOADS = [
  { name: "tumbling", letter: "a", engine: ENGINE_JOBS.tumbling, yardstick: tumblingCounts, target: 0.22 },
  { name: "sliding", letter: "b", engine: ENGINE_JOBS.sliding, yardstick: slidingCounts, target: 0.3 },
  { name: "session", letter: "c", engine: ENGINE_JOBS.session, yardstick: sessionCounts, target: 0.034 },
  { name: "dedup", letter: "d", engine: ENGINE_JOBS.dedup, yardstick: firstOfDay, target: 0.35 },
] as const;

const RECORDS = numberOption("--records", 1_000_000);
const REPEAT = numberOption("--repeat", 3);
const ONLY = option("--job");
const ENGINE_ONLY = process.argv.includes("--engine-only");

for (const { name, letter, engine, yardstick, target } of WORKLOADS) {
  if (ONLY !== undefined && ONLY !== name) continue;
  const best = { engine: Number.POSITIVE_INFINITY, yardstick: Number.POSITIVE_INFINITY };
  let rows = { engine: 0, yardstick: 0 };
  for (let round = 0; round < REPEAT; round++) {
    const engineRun = timed(() => (engine as (n: number) => number)(RECORDS));
    const yardstickRun = ENGINE_ONLY ? engineRun : timed(() => (yardstick as (n: number) => number)(RECORDS));
    best.engine = Math.min(best.engine, engineRun.ms);
    best.yardstick = Math.min(best.yardstick, yardstickRun.ms);
    rows = { engine: engineRun.rows, yardstick: yardstickRun.rows };
  }
  const rate = (ms: number) => `${(RECORDS / ms / 1000).toFixed(2)} M/s`;
  const ratio = (best.yardstick / best.engine).toFixed(3);
  console.log(`${letter} ${name}: engine ${rate(best.engine)}, yardstick ${rate(best.yardstick)}, ratio ${ratio} (target ${target})`);
  if (rows.engine !== rows.yardstick) {
    console.log(`  the engine gave ${rows.engine} rows, the yardstick ${rows.yardstick}`);
    process.exitCode = 1;
  }
}

function timed(run: () => number): { readonly ms: number; readonly rows: number } {
  const start = performance.now();
  const rows = run();
  return { ms: performance.now() - start, rows };
}

function option(name: string): string | undefined {
  const index = process.argv.indexOf(name);
  return index === -1 ? undefined : process.argv[index + 1];
}

function numberOption(name: string, otherwise: number): number {
  const text = option(name);
  return text === undefined ? otherwise : Number(text);
}
