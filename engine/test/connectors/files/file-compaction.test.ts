import { describe, expect, it, vi } from "vitest";
import {
  type CompactorInput,
  ConcatFileCompactor,
  FileCompactStrategy,
  type FileCompactor,
  FileSink,
  IdenticalFileCompactor,
  OnCheckpointRollingPolicy,
  SimpleStringEncoder,
} from "../../../src/index.ts";
import { type RunOutcome, runWorld } from "../../../src/sim.ts";
import { checkpointed, drawCrashes, filesOf, finished, idsOf, type Order, ordersOf, orderWorld, program, upTo } from "./file-jobs.ts";

vi.setConfig({ testTimeout: 60_000 });

const DISK = { kind: "files", name: "disk" };
const strategy = () => FileCompactStrategy.Builder.newBuilder();

/** One checkpoint a second, one file per writer, bucket and checkpoint; 60 orders in six seconds. */
function job(compact: FileCompactStrategy | null, compactor: FileCompactor = new ConcatFileCompactor()) {
  return program((env) => {
    checkpointed(env);
    const builder = FileSink.forRowFormat<Order>("/out", new SimpleStringEncoder<Order>())
      .withBucketAssigner({ getBucketId: ({ country }) => country })
      .withRollingPolicy(OnCheckpointRollingPolicy.build());
    if (compact !== null) builder.enableCompact(compact, compactor);
    ordersOf(env).rebalance().sinkTo(builder.build());
  });
}

const visible = (outcome: RunOutcome) => filesOf(finished(outcome)).filter(({ inProgress }) => !inProgress);
const run = (compact: FileCompactStrategy | null, compactor?: FileCompactor) => runWorld(job(compact, compactor), orderWorld([DISK]));

describe("FILE-9: compaction", () => {
  it("puts the files of several writers and checkpoints together before anybody sees them", () => {
    const small = visible(run(null));
    const outcome = run(strategy().enableCompactionOnCheckpoint(3).build());
    const files = visible(outcome);
    expect(idsOf(files)).toEqual(upTo(60));
    expect(files.length).toBeLessThan(small.length / 2);
    expect(files.every(({ path }) => /^\/out\/(de|fr|it)\/compacted-part-/.test(path))).toBe(true);
    // What they were made of is gone.
    expect(filesOf(outcome)).toHaveLength(files.length);
  });

  it("makes files of at least the threshold, but for the last of each bucket", () => {
    const files = visible(run(strategy().setSizeThreshold(150).build()));
    expect(idsOf(files)).toEqual(upTo(60));
    const small = files.filter(({ bytes }) => bytes < 150);
    expect(files.length).toBeGreaterThan(small.length);
    expect(small.length).toBeLessThanOrEqual(3);
  });

  it("shows rows later: a request waits for its checkpoint, and its file for the next", () => {
    const first = (outcome: RunOutcome) => Math.min(...visible(outcome).map(({ visibleAtMs }) => visibleAtMs));
    const late = first(run(strategy().enableCompactionOnCheckpoint(1).build())) - first(run(null));
    expect(late).toBeGreaterThanOrEqual(1000);
  });

  it("gives the compactor whole files in the order of their closing, and what it makes of them is written", () => {
    const seen: CompactorInput[][] = [];
    const compactor: FileCompactor = {
      compact(inputs) {
        seen.push([...inputs]);
        return `${inputs.length} files\n${inputs.map(({ content }) => content).join("--\n")}`;
      },
    };
    const files = visible(run(strategy().enableCompactionOnCheckpoint(100).build(), compactor));
    // Only the end asks for it.
    expect(seen).toHaveLength(3);
    expect(seen.every((inputs) => inputs.length > 3 && inputs.every(({ path }) => path.includes("/.part-")))).toBe(true);
    expect(files.map(({ content }) => content.split("\n")[0]).sort()).toEqual(seen.map((inputs) => `${inputs.length} files`).sort());
    expect(idsOf(files)).toEqual(upTo(60));
  });

  it("a compactor that throws fails the job, which tries again", () => {
    const outcome = run(strategy().enableCompactionOnCheckpoint(2).build(), new IdenticalFileCompactor());
    expect(outcome.failure?.message).toContain("IdenticalFileCompactor can only copy one input file");
    expect(filesOf(outcome).filter(({ inProgress }) => !inProgress)).toEqual([]);
  });

  it("needs a condition", () => {
    expect(() => strategy().build()).toThrow("At least one of the conditions");
    expect([strategy().setSizeThreshold(7).build().getSizeThreshold(), new ConcatFileCompactor("\n").compact([])]).toEqual([7, ""]);
  });

  it("is exactly once on 40 seeds of crashes, and leaves hidden files at most", () => {
    let restarts = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const compact = strategy().setSizeThreshold(200).enableCompactionOnCheckpoint(2).build();
      const outcome = runWorld(job(compact), orderWorld([DISK], { seed, faults: drawCrashes(seed) }));
      expect(idsOf(visible(outcome)), `seed ${seed}`).toEqual(upTo(60));
      restarts += outcome.restarts;
    }
    expect(restarts).toBeGreaterThan(30);
  });
});
