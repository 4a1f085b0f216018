/**
 * Does the cost of a record stay what it is when there are more records, more keys, longer windows? Printed in ns per record, by time on
 * the processor, since here runs of different lengths are compared and a busy minute would make one of them look dear; judged is what
 * a record costs in a longer run over what it costs in a shorter one, the greatest of these; in keys the dearest number over the cheapest.
 *
 * What the hardware does is not the engine's fault: a million keys do not fit the caches, and the yardstick's records become dearer too.
 * So growth in keys is judged beside the yardstick's own. A cost that grew with the square would show as a factor of a thousand.
 */
import { BenchIsolate, type Run } from "../isolate/bench-isolate.ts";
import type { Row, Section } from "../section.ts";
import type { Settings } from "../settings.ts";
import type { WorkName, WorkSize } from "../work.ts";

/** Noise, caches and what a heap's logarithm adds; far from what a further factor of the size would. */
const MOST_GROWTH = 1.5;
/** Engine's growth ÷ yardstick's growth over a thousandfold number of keys. */
const MOST_GROWTH_BESIDE_YARDSTICK = 2;

/** Longer windows would take an hour to say the same. */
const HOPELESS_GROWTH = 5;

/** Long enough for V8 to have compiled everything. */
const WARM_UP_RECORDS = 300_000;

export function measureGrowth(settings: Settings, bundle: string): Section[] {
  const millions = settings.quick ? [0.5, 1, 2] : [1, 2, 4, 8];
  // A key's first record costs more than its others: at least ten of each, in a quick run as well.
  const keys = settings.quick ? 50_000 : 100_000;
  const sizes = millions.map((million): WorkSize => ({ records: million * 1_000_000, keys }));
  const byRecords: Row[] = (["tumbling", "dedup"] as const).map((job) => {
    const costs = costsOf(settings, bundle, `engine/keys-${job}`, sizes, { keys: 1000 });
    return {
      id: `growth in records, like ${job}`,
      figures: { ...columns(costs, millions, (million) => `${million} M`), growth: growthAlong(costs) },
      target: { atMost: MOST_GROWTH },
    };
  });
  return [
    {
      title: `Growth in records (ns per record over ${keys.toLocaleString("en-US")} keys; growth = a longer run ÷ a shorter one, at most)`,
      judged: "growth",
      rows: byRecords,
    },
    growthInKeys(settings, bundle),
  ];
}

function growthInKeys(settings: Settings, bundle: string): Section {
  const keyCounts = settings.quick ? [1000, 10_000, 100_000] : [1000, 10_000, 100_000, 1_000_000];
  const records = settings.quick ? 1_000_000 : 10_000_000;
  const sizes = keyCounts.map((keys): WorkSize => ({ records, keys }));
  const rows = (["tumbling", "dedup"] as const).flatMap((job): Row[] => {
    const engine = costsOf(settings, bundle, `engine/keys-${job}`, sizes, { keys: 1000 });
    const yardstick = costsOf(settings, bundle, `yardstick/keys-${job}`, sizes, { keys: 1000 });
    const name = (keys: number) => `${keys / 1000} k`;
    return [
      {
        id: `growth in keys, like ${job}`,
        figures: {
          ...columns(engine, keyCounts, name),
          growth: growthOf(engine),
          "beside yardstick": growthOf(engine) / growthOf(yardstick),
        },
        target: { atMost: MOST_GROWTH_BESIDE_YARDSTICK },
      },
      {
        id: `growth in keys, yardstick of ${job}`,
        figures: { ...columns(yardstick, keyCounts, name), growth: growthOf(yardstick), "beside yardstick": 1 },
      },
    ];
  });
  return {
    title: `Growth in keys (ns per record, ${records.toLocaleString("en-US")} records; windows grow with the keys, so that the output per record stays)`,
    judged: "beside yardstick",
    rows,
  };
}

/**
 * The cost of a record in sliding windows of 5, 60 and 300 slides. What the windows before the first and after the last record cost does
 * not count, as there are more of them the longer a window is: it is in a short run as in a long one, and their difference is what a
 * record costs in the long run.
 */
export function measureSlidingCost(settings: Settings, bundle: string): Section {
  const long = settings.quick ? 1_000_000 : 10_000_000;
  const short = long / 4;
  const costsWith = (slides: number): { readonly inTheLongRun: number; readonly whole: number } => {
    const sizes = [short, long].map((records): WorkSize => ({ records, slides }));
    const [shortCost, longCost] = costsOf(
      settings,
      bundle,
      "engine/sliding-cost",
      sizes,
      { slides: 5 },
      settings.quick ? 1 : SLIDING_ROUNDS,
    );
    return { inTheLongRun: (longCost! * long - shortCost! * short) / (long - short), whole: longCost! };
  };
  const few = costsWith(5);
  const rows: Row[] = [
    { id: "sliding, size/slide 5", figures: { "in the long run": few.inTheLongRun, "whole run": few.whole, growth: 1 } },
  ];
  let hopeless = false;
  for (const slides of [60, 300]) {
    const id = `sliding, size/slide ${slides}`;
    const target = { atMost: MOST_GROWTH };
    if (hopeless) {
      rows.push({ id, figures: {}, target, fault: "not run: the shorter windows were too dear already" });
      continue;
    }
    const { inTheLongRun, whole } = costsWith(slides);
    const growth = inTheLongRun / few.inTheLongRun;
    rows.push({ id, figures: { "in the long run": inTheLongRun, "whole run": whole, growth }, target });
    hopeless = growth > HOPELESS_GROWTH;
  }
  return {
    title: `Sliding windows of so many slides (ns per record, count per key, slide 1 min; growth = in the long run, beside 5 slides)`,
    judged: "growth",
    rows,
  };
}

/** ns per record for each size: the best of the repetitions, every size in an isolate of its own. */
function costsOf(
  settings: Settings,
  bundle: string,
  work: WorkName,
  sizes: readonly WorkSize[],
  warmUp: Omit<WorkSize, "records">,
  rounds = roundsOf(settings),
): number[] {
  const best = sizes.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++) {
    for (const [index, size] of sizes.entries()) {
      const isolate = new BenchIsolate(bundle);
      isolate.run(work, { records: WARM_UP_RECORDS, ...warmUp });
      const run: Run = isolate.run(work, size);
      best[index] = Math.min(best[index]!, (run.cpuMs * 1e6) / size.records);
      isolate.dispose();
    }
  }
  return best;
}

/** Sizes are compared with each other, and differences of runs at that: two rounds let a noisy minute through. */
function roundsOf({ repeat }: Settings): number {
  return Math.min(repeat, 3);
}

/** Half of a run with 300 slides are the windows behind its last record; the difference of two such runs needs more rounds to settle. */
const SLIDING_ROUNDS = 5;

function growthOf(costs: readonly number[]): number {
  return Math.max(...costs) / Math.min(...costs);
}

/** Of costs in the order of their sizes: what a record costs more in a longer run. A short one that is dearer has paid for its beginning. */
function growthAlong(costs: readonly number[]): number {
  return Math.max(...costs.map((cost, at) => cost / Math.min(...costs.slice(0, at + 1))));
}

function columns(costs: readonly number[], sizes: readonly number[], name: (size: number) => string): Record<string, number> {
  return Object.fromEntries(sizes.map((size, index) => [name(size), costs[index]!]));
}
