/** What a key costs in memory, when a million of them have state and a timer each. */
import { BenchIsolate } from "../isolate/bench-isolate.ts";
import type { Row, Section } from "../section.ts";
import type { Settings } from "../settings.ts";
import type { WorkName } from "../work.ts";
import { eventsOver } from "../workload.ts";

const KEYS = 1_000_000;
/** Nearly every key has come, and none has expired: 24 h are 4.32 M records. */
const RECORDS = 4_300_000;

export function measureMemory(settings: Settings, bundle: string): Section {
  const records = settings.quick ? 1_000_000 : RECORDS;
  const keys = distinctKeys(records);
  return {
    title: `Memory at its peak, ${keys.toLocaleString("en-US")} keys with state and timer (the isolate's heap)`,
    judged: "bytes per key",
    rows: [
      rowOf("memory per key, d dedup", "engine/memory-dedup", bundle, records, keys),
      rowOf("memory per key, like a tumbling", "engine/memory-tumbling", bundle, records, keys),
    ],
  };
}

function rowOf(id: string, work: WorkName, bundle: string, records: number, keys: number): Row {
  const isolate = new BenchIsolate(bundle);
  isolate.run(work, { records: 1000, keys: KEYS });
  const before = isolate.liveBytes();
  let peak = { used: 0, live: 0 };
  isolate.onLookAtHeap(() => {
    const used = isolate.usedBytes();
    peak = { used, live: isolate.liveBytes() };
  });
  isolate.run(work, { records, keys: KEYS });
  isolate.dispose();
  return {
    id,
    figures: { "bytes per key": (peak.live - before) / keys, "live MB": peak.live / 1e6, "with garbage MB": peak.used / 1e6 },
  };
}

/** How many of the keys the records name. */
function distinctKeys(records: number): number {
  const generate = eventsOver(KEYS, 1);
  const seen = new Uint8Array(KEYS);
  let count = 0;
  for (let i = 0; i < records; i++) {
    const { key } = generate(i);
    if (seen[key] === 0) count++;
    seen[key] = 1;
  }
  return count;
}
