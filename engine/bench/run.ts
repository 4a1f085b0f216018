/**
 * `npm run bench -- engine`: what the engine costs beside the shortest JavaScript that computes the same, in isolates as in the judge.
 * Exits with 1 and names the rows that miss their target. What is measured and how: README.md; options: `--help`.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { baselineFigure, describeMachine, readBaseline, saveBaseline, thisMachine } from "./baseline.ts";
import { missOf, type Section, tableOf } from "./section.ts";
import type { Place } from "./sections/throughput.ts";
import { measureThroughput } from "./sections/throughput.ts";
import { type Settings, settingsOf, USAGE, UsageError, wants } from "./settings.ts";

/** Those of the judge's processes (a test compares them), and one for measuring live memory. */
const NODE_FLAGS = [
  "--no-node-snapshot",
  "--min-semi-space-size=16",
  "--max-inlined-bytecode-size=600",
  "--max-inlined-bytecode-size-cumulative=4000",
  "--expose-gc",
];

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) {
    console.log(USAGE);
    return 0;
  }
  try {
    const settings = settingsOf(args);
    const missing = NODE_FLAGS.some((flag) => !process.execArgv.includes(flag));
    if (settings.host === "isolate" && missing) return inNodeWithFlags(args);
    return report(settings, settings.host === "node" ? throughputInNode(settings) : sectionsInIsolates(settings));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n${USAGE}`);
    return 2;
  }
}

function inNodeWithFlags(args: readonly string[]): number {
  const { status } = spawnSync(process.execPath, [...NODE_FLAGS, fileURLToPath(import.meta.url), ...args], { stdio: "inherit" });
  return status ?? 1;
}

async function* throughputInNode(settings: Settings): AsyncGenerator<Section> {
  const { WORK } = await import("./work.ts");
  const place: Place = {
    run: (name, size) => {
      const cpuBefore = process.threadCpuUsage();
      const start = performance.now();
      const rows = WORK[name](size);
      const wallMs = performance.now() - start;
      const { user, system } = process.threadCpuUsage(cpuBefore);
      return { wallMs, cpuMs: (user + system) / 1000, rows };
    },
    dispose: () => undefined,
  };
  yield measureThroughput(settings, () => place);
}

async function* sectionsInIsolates(settings: Settings): AsyncGenerator<Section> {
  // Loaded here only: plain Node without the flags cannot load isolated-vm.
  const { bundleGuest } = await import("./isolate/guest-bundle.ts");
  const { BenchIsolate } = await import("./isolate/bench-isolate.ts");
  const bundle = await bundleGuest();
  if (wants(settings, "throughput")) yield measureThroughput(settings, () => new BenchIsolate(bundle));
  if (wants(settings, "start")) yield await (await import("./sections/start.ts")).measureStart(settings, bundle);
  const { measureGrowth, measureSlidingCost } = await import("./sections/growth.ts");
  if (wants(settings, "growth")) yield* measureGrowth(settings, bundle);
  if (wants(settings, "sliding")) yield measureSlidingCost(settings, bundle);
  if (wants(settings, "memory")) yield (await import("./sections/memory.ts")).measureMemory(settings, bundle);
  if (wants(settings, "state")) yield* (await import("./sections/state.ts")).measureState(settings, bundle);
  if (wants(settings, "checkpoints")) yield* (await import("./sections/checkpoints.ts")).measureCheckpoints(settings, bundle);
}

async function report(settings: Settings, measured: AsyncIterable<Section>): Promise<number> {
  const baseline = settings.saveBaseline ? null : readBaseline();
  console.log(`this machine: ${describeMachine(thisMachine())}`);
  if (baseline !== null) console.log(`baseline: ${baseline.date}, ${describeMachine(baseline.machine)}`);
  const sections: Section[] = [];
  for await (const section of measured) {
    for (const line of tableOf(section, (id) => baselineFigure(baseline, id))) console.log(line);
    sections.push(section);
  }
  if (settings.saveBaseline) saveBaseline(sections);
  const misses = sections.flatMap((section) =>
    section.rows.flatMap((row) => {
      const miss = missOf(section, row);
      return miss === null ? [] : [`${row.id} (${miss})`];
    }),
  );
  console.log(misses.length === 0 ? "\nevery target reached" : `\nmissed: ${misses.join("; ")}`);
  return misses.length === 0 ? 0 : 1;
}
