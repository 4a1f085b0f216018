import { describe, expect, it, vi } from "vitest";
import { type JobPhase, readSavepoint, runUpgrade, writeSavepoint } from "../../src/sim.ts";
import { SLOT_MS, START_MS } from "./event.ts";
import { PROGRAMS } from "./programs/all.ts";
import { differenceFromBaseline, jobOf } from "./run-program.ts";
import { worldOf } from "./world.ts";

vi.setConfig({ testTimeout: 60_000 });

const SEED = 1;
const throughAFile = (savepoint: Parameters<typeof writeSavepoint>[0]) => readSavepoint(writeSavepoint(savepoint));

/** Two stops with savepoints, each in the middle of a slot; then other subtasks and another backend. Programs without uids keep their chains. */
function phasesOf(program: (typeof PROGRAMS)[number]): JobPhase[] {
  const stop = (slot: number) => ({ kind: "stop", atMs: START_MS + slot * SLOT_MS + SLOT_MS / 2 }) as const;
  const job = (backend: string) => jobOf(program, { "state.backend.type": backend });
  return [
    { program: job("hashmap"), parallelism: 2, end: stop(1) },
    { program: job("rocksdb"), parallelism: 4, end: stop(2), rewrite: throughAFile },
    { program: job("hashmap"), parallelism: 3, rewrite: throughAFile },
  ];
}

describe("SAV-1, SAV-8 the same result when a job is stopped, kept in a file and continued elsewhere", () => {
  const programs = PROGRAMS.filter(({ survivesRestart }) => survivesRestart !== false);
  it.each(programs.map((program) => [program.name, program] as const))("%s", (_name, program) => {
    const { phases, outcome } = runUpgrade(phasesOf(program), worldOf(SEED));
    expect(phases.map(({ status, failure }) => failure?.message ?? status)).toEqual(["finished", "finished", "finished"]);
    expect(differenceFromBaseline(program, SEED, outcome)).toBeNull();
  });
});
