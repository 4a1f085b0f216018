/** What checkpoints of the heap cost: how long a task stands still at a barrier, what they take in all, and what snapshots keep in memory. */
import { BenchIsolate } from "../isolate/bench-isolate.ts";
import type { Row, Section } from "../section.ts";
import type { Settings } from "../settings.ts";
import type { WorkName } from "../work.ts";

/** 16 s of virtual time: nearly every key has come. */
const RECORDS = 4_000_000;
const KEYS = 1_000_000;

export function* measureCheckpoints(settings: Settings, bundle: string): Generator<Section> {
  const records = settings.quick ? RECORDS / 4 : RECORDS;
  yield {
    title: `d with a checkpoint every second, ${records.toLocaleString("en-US")} records, 4 µs of virtual time each (by time on the processor, in s)`,
    judged: "with checkpoints",
    rows: [jobRow(settings, bundle, records)],
  };
  const keys = settings.quick ? KEYS / 10 : KEYS;
  yield {
    title: `Heap snapshot of ${keys.toLocaleString("en-US")} keys, an object of two numbers each (ms on the processor; ns per read-change-write of all keys; heap beyond the state itself)`,
    judged: "taken",
    rows: [snapshotRow(bundle, keys)],
  };
}

function jobRow(settings: Settings, bundle: string, records: number): Row {
  const isolates = { without: new BenchIsolate(bundle), with: new BenchIsolate(bundle) };
  let [without, withCheckpoints, pauseUs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < settings.repeat; round++) {
    without = Math.min(without, isolates.without.run("engine/dedup-in-time", { records }).cpuMs);
    const run = isolates.with.run("engine/dedup-checkpoints", { records });
    withCheckpoints = Math.min(withCheckpoints, run.cpuMs);
    pauseUs = Math.min(pauseUs, run.rows);
  }
  isolates.without.dispose();
  isolates.with.dispose();
  return {
    id: "d with checkpoints",
    figures: { "with checkpoints": withCheckpoints / 1000, without: without / 1000, "longest pause at a barrier, ms": pauseUs / 1000 },
  };
}

function snapshotRow(bundle: string, keys: number): Row {
  const isolate = new BenchIsolate(bundle);
  const ms = (work: WorkName, size = keys) => isolate.run(work, { records: size, keys: size }).cpuMs;
  // Small ones first, so that the code is compiled.
  for (let round = 0; round < 20; round++) {
    for (const work of ["state/fill-heap", "state/take", "state/change", "state/measure", "state/detach"] as const) ms(work, 1000);
  }
  ms("state/fill-heap");
  const stateBytes = isolate.liveBytes();
  const changeAlone = ms("state/change");
  const taken = ms("state/take");
  const shared = isolate.liveBytes() - stateBytes;
  const measured = ms("state/measure");
  const changeShared = ms("state/change");
  const copied = isolate.liveBytes() - stateBytes;
  const detached = ms("state/detach");
  const kept = isolate.liveBytes() - stateBytes;
  isolate.dispose();
  return {
    id: "heap snapshot",
    figures: {
      taken,
      measured,
      detached,
      "change, none alive": (changeAlone * 1e6) / keys,
      "change, first after": (changeShared * 1e6) / keys,
      "shared MB": shared / 1e6,
      "changed MB": copied / 1e6,
      "detached MB": kept / 1e6,
    },
  };
}
