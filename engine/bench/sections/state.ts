/** What state costs in the two backends, and what a checkpoint of a million keys uploads when few of them have changed. */
import { BenchIsolate } from "../isolate/bench-isolate.ts";
import type { Row, Section } from "../section.ts";
import type { Settings } from "../settings.ts";
import type { WorkName } from "../work.ts";

const KEYS = 1_000_000;
const ACCESSES = 2_000_000;
/** Of the full size, after one key of a hundred was touched. */
const MOST_UPLOADED_PERCENT = 5;

interface Measured {
  readonly row: Row;
  readonly fullBytes: number;
  readonly uploadedBytes: number;
}

export function* measureState(settings: Settings, bundle: string): Generator<Section> {
  const keys = settings.quick ? KEYS / 10 : KEYS;
  const records = settings.quick ? ACCESSES / 10 : ACCESSES;
  const heap = measure("state, heap", "state/fill-heap", bundle, { keys, records });
  const lsm = measure("state, log-structured", "state/fill-lsm", bundle, { keys, records });
  const count = keys.toLocaleString("en-US");
  yield {
    title: `Access to value state of ${count} keys, an object of two numbers each (ns per access; "tables": after a checkpoint, when the log-structured store reads them)`,
    judged: "read-change-write",
    rows: [heap.row, lsm.row],
  };
  yield {
    title: `Incremental checkpoint of ${count} keys after 1 % were touched (log-structured)`,
    judged: "uploaded %",
    rows: [
      {
        id: "incremental checkpoint",
        figures: {
          "full MB": lsm.fullBytes / 1e6,
          "uploaded MB": lsm.uploadedBytes / 1e6,
          "uploaded %": (100 * lsm.uploadedBytes) / lsm.fullBytes,
        },
        target: { atMost: MOST_UPLOADED_PERCENT },
      },
    ],
  };
}

function measure(id: string, fill: WorkName, bundle: string, size: { readonly keys: number; readonly records: number }): Measured {
  const { keys, records } = size;
  const isolate = new BenchIsolate(bundle);
  // Small runs of everything, so that the code is compiled.
  isolate.run(fill, { records: 0, keys: 1000 });
  for (const work of ["state/read", "state/write", "state/change"] as const) isolate.run(work, { records: 20_000, keys: 1000 });
  isolate.run(fill, { records: 0, keys: 1 });
  const before = isolate.liveBytes();
  let live = before;
  isolate.onLookAtHeap(() => {
    live = isolate.liveBytes();
  });
  const perAccess = (work: WorkName) => (isolate.run(work, { records, keys }).cpuMs * 1e6) / records;
  isolate.run(fill, { records: 0, keys });
  const [read, write, change] = [perAccess("state/read"), perAccess("state/write"), perAccess("state/change")];
  const fullBytes = isolate.run("state/checkpoint", { records: 0 }).rows;
  const uploadedBytes = isolate.run("state/upload-touched", { records: 0, keys }).rows;
  const fromTables = perAccess("state/read");
  isolate.dispose();
  return {
    row: {
      id,
      figures: { read, write, "read-change-write": change, "read, tables": fromTables, "bytes per key": (live - before) / keys },
    },
    fullBytes,
    uploadedBytes,
  };
}
