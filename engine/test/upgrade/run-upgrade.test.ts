/** A job is stopped with a savepoint and another version takes over: exactly once, whatever changed that may change. */
import { describe, expect, it } from "vitest";
import { datastreamProgram, StreamExecutionEnvironment } from "../../src/index.ts";
import { type JobPhase, type RunOutcome, runUpgrade } from "../../src/sim.ts";
import { clicking, type Counted, countingJob, type Version } from "./counting-job.ts";

const stopAt = (atMs: number) => ({ kind: "stop", atMs }) as const;

/** Highest count per user in what was committed; with exactly-once each count from 1 to it occurs once. */
function countsOf({ topics }: RunOutcome): Record<string, number[]> {
  const counts: Record<string, number[]> = {};
  for (const { value, committedAtMs } of topics.find(({ name }) => name === "out")?.records ?? []) {
    const { user, count } = value as Counted;
    if (committedAtMs === null) continue;
    counts[user] ??= [];
    counts[user].push(count);
  }
  for (const list of Object.values(counts)) list.sort((a, b) => a - b);
  return counts;
}

function upgraded(versions: readonly Version[], more: Partial<JobPhase> = {}) {
  const ends = [stopAt(1950), stopAt(4050)];
  const phases = versions.map((version, index): JobPhase => {
    const last = index === versions.length - 1;
    return { program: countingJob(version), downtimeMs: 300, ...(last ? {} : { end: ends[index] }), ...(index === 0 ? {} : more) };
  });
  return runUpgrade(phases, clicking());
}

/** Each of the twelve users has clicked five times. */
const EACH_ONCE = Object.fromEntries(Array.from({ length: 12 }, (_, user) => [`u${user}`, [1, 2, 3, 4, 5]]));

describe("upgrades in one world", () => {
  it("SAV-1 rescale 2 to 3 to 1: every click is counted once", () => {
    const { phases, outcome } = upgraded([{ parallelism: 2 }, { parallelism: 3 }, { parallelism: 1 }]);
    expect(phases.map(({ status }) => status)).toEqual(["finished", "finished", "finished"]);
    expect(countsOf(outcome)).toEqual(EACH_ONCE);
  });

  it("SAV-1 crashes between and after the savepoints change nothing", () => {
    const faults = [700, 2400, 5000].map((atMs) => ({ kind: "crashTaskManager", taskManager: 0, when: { kind: "atMs", atMs } }) as const);
    const phases = [{ parallelism: 2 }, { parallelism: 3 }].map(
      (version, index): JobPhase => ({ program: countingJob(version), ...(index === 0 ? { end: stopAt(2050) } : {}) }),
    );
    const { outcome } = runUpgrade(phases, clicking({ faults }));
    expect(countsOf(outcome)).toEqual(EACH_ONCE);
  });

  it("SAV-2 a renamed uid is refused by the job manager, and what is missing is named", () => {
    const { phases } = upgraded([{}, { uid: "counts" }]);
    expect(phases.map(({ status }) => status)).toEqual(["finished", "rejected"]);
    expect(phases[1].failure?.code).toBe("SAVEPOINT_STATE_WITHOUT_OPERATOR");
    expect(phases[1].failure?.diagnostic?.found).toBe('state of "KeyedProcess" with uid "count"');
  });

  it("SAV-2 with allowNonRestoredState the renamed operator starts empty", () => {
    const { phases, outcome } = upgraded([{}, { uid: "counts" }], { allowNonRestoredState: true });
    expect(phases.map(({ status }) => status)).toEqual(["finished", "finished"]);
    expect(countsOf(outcome)["u0"]).toEqual([1, 1, 2, 2, 3]);
  });

  it("SAV-3 a derived max parallelism takes the savepoint's, an explicit one may not differ, and parallelism stays below", () => {
    const upgrade = (first: Version, second: Version) => {
      const { phases } = upgraded([first, second]);
      return phases.map(({ status, failure }) => failure?.code ?? status);
    };
    expect(upgrade({ maxParallelism: 16 }, { parallelism: 2 })).toEqual(["finished", "finished"]);
    expect(upgrade({}, { maxParallelism: 128 })).toEqual(["finished", "finished"]);
    expect(upgrade({ maxParallelism: 16 }, { maxParallelism: 32 })).toEqual(["finished", "SAVEPOINT_MAX_PARALLELISM"]);
    expect(upgrade({ maxParallelism: 2 }, { parallelism: 3 })).toEqual(["finished", "SAVEPOINT_PARALLELISM_TOO_HIGH"]);
  });

  it("SAV-4 cancelling with a savepoint commits nothing for it, and its successor starts from it", () => {
    const end = { kind: "cancelWithSavepoint", atMs: 1950 } as const;
    const { phases, outcome } = runUpgrade([{ program: countingJob(), end }, { program: countingJob() }], clicking());
    expect(phases.map(({ status }) => status)).toEqual(["canceled", "finished"]);
    expect(countsOf(outcome)).toEqual(EACH_ONCE);
  });

  it("SAV-2 the savepoint of another job is refused, with what it holds and what there is", () => {
    const other = datastreamProgram(() => {
      const env = StreamExecutionEnvironment.getExecutionEnvironment();
      env.fromSequence(1, 3).uid("numbers").print().uid("printed");
      env.execute("other");
    });
    const { phases } = runUpgrade([{ program: countingJob(), end: stopAt(1950) }, { program: other }], clicking());
    expect(phases[1].status).toBe("rejected");
    expect(phases[1].failure?.diagnostic).toMatchObject({
      code: "SAVEPOINT_STATE_WITHOUT_OPERATOR",
      found: 'state of "Source: clicks" with uid "clicks"',
      expected: 'an operator with that uid; there are "numbers", "printed"',
    });
  });

  it("SAV-2 the program may say itself that unclaimed state is left out", () => {
    const { phases } = upgraded([{}, { uid: "counts", settings: { "execution.state-recovery.ignore-unclaimed-state": "true" } }]);
    expect(phases.map(({ status }) => status)).toEqual(["finished", "finished"]);
  });

  it("SAV-7 NO_CLAIM: the savepoint stays, and the first checkpoint is full; CLAIM: it is built on, and deleted", () => {
    const settings = {
      "state.backend.type": "rocksdb",
      "execution.checkpointing.incremental": "true",
      "execution.checkpointing.interval": "1 h",
    };
    const claimed = (claimMode: "NO_CLAIM" | "CLAIM") => {
      const program = countingJob({ settings });
      const { phases } = runUpgrade(
        [
          { program, end: { ...stopAt(4050), savepointFormat: "native" } },
          { program, claimMode, end: { ...stopAt(4150), savepointFormat: "native" } },
        ],
        clicking(),
      );
      const [, { savepoint, startedFrom }] = phases;
      const count = [...(savepoint?.checkpoint.operators.values() ?? [])].find(({ uid }) => uid === "count");
      const [{ bytes, uploadedBytes = bytes }] = count?.subtasks ?? [];
      return { full: uploadedBytes === bytes, deleted: startedFrom?.deleted };
    };
    expect(claimed("NO_CLAIM")).toEqual({ full: true, deleted: false });
    expect(claimed("CLAIM")).toEqual({ full: false, deleted: true });
  });

  it("same seed, same bytes", () => {
    const run = () => upgraded([{ parallelism: 2 }, { parallelism: 3 }]).outcome.fingerprint;
    expect(run()).toBe(run());
  });
});
