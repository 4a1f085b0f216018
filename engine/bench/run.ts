/**
 * `npm run bench -- engine`: what the engine costs beside the shortest JavaScript that computes the same, in isolates as in the judge.
 * Exits with 1 and names the rows that miss their target. What is measured and how: README.md; options: `--help`.
 */
import { fileURLToPath } from "node:url";
import { hasNodeFlags, inNodeWithFlags, placeInNode } from "./host.ts";
import { reportOf } from "./report.ts";
import type { Section } from "./section.ts";
import { measureThroughput } from "./sections/throughput.ts";
import { type Settings, settingsOf, USAGE, UsageError, wants } from "./settings.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) {
    console.log(USAGE);
    return 0;
  }
  try {
    const settings = settingsOf(args);
    if (settings.host === "isolate" && !hasNodeFlags()) return inNodeWithFlags(fileURLToPath(import.meta.url), args);
    const sections = settings.host === "node" ? throughputInNode(settings) : sectionsInIsolates(settings);
    return await reportOf(sections, { savesBaseline: settings.saveBaseline });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n${USAGE}`);
    return 2;
  }
}

async function* throughputInNode(settings: Settings): AsyncGenerator<Section> {
  const { CORE_WORK } = await import("./work.ts");
  const place = placeInNode(CORE_WORK);
  yield measureThroughput(settings, () => place);
}

async function* sectionsInIsolates(settings: Settings): AsyncGenerator<Section> {
  // Loaded here only: plain Node without the flags cannot load isolated-vm.
  const { bundleGuest } = await import("./isolate/guest-bundle.ts");
  const { BenchIsolate } = await import("./isolate/bench-isolate.ts");
  const parts = await bundleGuest();
  const bundle = parts.core.text;
  if (wants(settings, "throughput")) yield measureThroughput(settings, () => new BenchIsolate(bundle));
  if (wants(settings, "start")) yield await (await import("./sections/start.ts")).measureStart(settings, parts);
  const { measureGrowth, measureSlidingCost } = await import("./sections/growth.ts");
  if (wants(settings, "growth")) yield* measureGrowth(settings, bundle);
  if (wants(settings, "sliding")) yield measureSlidingCost(settings, bundle);
  if (wants(settings, "memory")) yield (await import("./sections/memory.ts")).measureMemory(settings, bundle);
  if (wants(settings, "state")) yield* (await import("./sections/state.ts")).measureState(settings, bundle);
  if (wants(settings, "checkpoints")) yield* (await import("./sections/checkpoints.ts")).measureCheckpoints(settings, bundle);
}
