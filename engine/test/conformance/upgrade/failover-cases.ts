/** Cases of area failover: a scripted job on the simulated cluster, which fails as the case says. */
import { Prng } from "../../../src/base/prng.ts";
import { NO_PROBE } from "../../../src/flow/probe.ts";
import { JobMaster } from "../../../src/runtime/cluster/job-master.ts";
import { EventLoop } from "../../../src/runtime/event-loop.ts";
import type { RunObserver } from "../../../src/runtime/run-observer.ts";
import { costModelOf, timingOf } from "../../../src/sim/cost-model.ts";
import { canonical } from "../datastream/compare-steps.ts";
import { scriptedProgram } from "./failover/scripted-job.ts";
import { type CountedRecord, countOf, type FailoverCase, Script } from "./failover/script.ts";

/** How often the recording looked whether a checkpoint was wanted, and how long it waited after one that failed. */
const LOOK_EVERY_MS = 5;
const AFTER_FAILED_CHECKPOINT_MS = 20;
const CHECKPOINT_PATIENCE_MS = 4000;
const MOST_STEPS = 200_000;

interface JobError {
  readonly error: string;
  readonly message: string;
  readonly chain: readonly string[];
}

interface FailoverResult {
  readonly status: string;
  readonly attempts: number;
  readonly failures: number;
  readonly jobError?: JobError;
  readonly committed: readonly CountedRecord[];
  readonly plain: readonly CountedRecord[];
}

interface RecordedFailoverCase extends FailoverCase {
  readonly expect: FailoverResult;
}

/** Runs one case of area failover; null when it passes, else its first difference. */
export function runFailover(caseJson: unknown): string | null {
  const { expect, ...spec } = caseJson as RecordedFailoverCase;
  const result = run(spec);
  for (const [field, wanted] of Object.entries(withoutNumbers(expect))) {
    const got = withoutNumbers(result)[field as keyof FailoverResult];
    if (canonical(wanted) !== canonical(got ?? null)) return `${field}: expected ${canonical(wanted)}, got ${canonical(got ?? null)}`;
  }
  return "jobError" in result && expect.jobError === undefined ? `expected no error, got ${canonical(result.jobError)}` : null;
}

function run(spec: FailoverCase): FailoverResult {
  const script = new Script(spec);
  const seed = new Prng(1);
  const loop = new EventLoop(0, seed.fork("scheduler"));
  const job = new JobMaster(scriptedProgram(script), loop, NO_OBSERVER, seed.fork("job"), {
    defaults: { parallelism: 1 },
    taskManagers: 1,
    slotsPerTaskManager: 2,
    costOf: costModelOf({}),
    timing: timingOf({}),
    outside: () => undefined,
  });
  const client = new CheckpointClient(script, job, loop);
  job.start();
  client.look();
  while (job.status !== "finished" && job.status !== "failed") {
    if (loop.steps > MOST_STEPS) throw new Error(`the job does not end: ${job.status}, attempt ${job.attempt}`);
    loop.step();
    for (const watch of script.watches) if (watch()) script.watches.delete(watch);
  }
  const { failure } = job;
  return {
    status: job.status === "finished" ? "FINISHED" : "FAILED",
    attempts: countOf(script.attempts, script.firstSource),
    failures: script.failures,
    ...(job.status === "failed" && failure !== null ? { jobError: jobErrorOf(failure.cause, failure.recovery) } : {}),
    committed: sorted(script.committed),
    plain: sorted(script.plain),
  };
}

/** Triggers checkpoints by hand, as the recording did: when a source wants one, and again and again when all sources are done. */
class CheckpointClient {
  private readonly script: Script;
  private readonly job: JobMaster;
  private readonly loop: EventLoop;

  constructor(script: Script, job: JobMaster, loop: EventLoop) {
    this.script = script;
    this.job = job;
    this.loop = loop;
  }

  look(): void {
    const { script } = this;
    if (!script.wantsCheckpoint && !(script.allDone && script.checkpoints)) {
      this.lookAgain(LOOK_EVERY_MS);
      return;
    }
    const wanted = script.wantsCheckpoint;
    script.wantsCheckpoint = false;
    this.triggerWhenRunning(wanted, this.attempts);
  }

  private get attempts(): number {
    return countOf(this.script.attempts, this.script.firstSource);
  }

  private lookAgain(afterMs: number): void {
    this.loop.schedule(this.loop.currentMs() + afterMs, () => this.look());
  }

  private triggerWhenRunning(wanted: boolean, attempts: number): void {
    const { job, loop, script } = this;
    if (!job.allRunning()) {
      loop.schedule(loop.currentMs() + LOOK_EVERY_MS, () => this.triggerWhenRunning(wanted, attempts));
      return;
    }
    if (wanted && this.attempts !== attempts) {
      this.lookAgain(LOOK_EVERY_MS);
      return;
    }
    let over = false;
    const failed = () => {
      if (over) return;
      over = true;
      this.loop.schedule(this.loop.currentMs() + AFTER_FAILED_CHECKPOINT_MS, () => {
        if (wanted && this.attempts === attempts) script.wantsCheckpoint = true;
        this.look();
      });
    };
    job.coordinator.triggerCheckpoint((failure) => {
      if (failure !== null) failed();
      else if (!over) {
        over = true;
        script.completedCheckpoints++;
        this.lookAgain(LOOK_EVERY_MS);
      }
    });
    loop.schedule(loop.currentMs() + CHECKPOINT_PATIENCE_MS, failed);
  }
}

const NO_OBSERVER: RunObserver = {
  trace: null,
  wantsEachRead: false,
  wantsTaskSteps: false,
  blindReads() {},
  recordRead() {},
  splitAssigned() {},
  aligned() {},
  splitWatermark() {},
  watermark() {},
  idle() {},
  probe: () => NO_PROBE,
  checkpoint() {},
  step: () => false,
  job() {},
};

function sorted(records: readonly CountedRecord[]): CountedRecord[] {
  const text = ({ key, value, count }: CountedRecord) => JSON.stringify({ key, value, count });
  return [...records].sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0));
}

function jobErrorOf(cause: unknown, recovery: string | undefined): JobError {
  const chain = [`JobException: ${recovery}`];
  let root = { error: "", message: "" };
  for (let error = cause; error instanceof Error; error = error.cause) {
    root = { error: error.name, message: error.message };
    chain.push(`${error.name}: ${error.message}`);
  }
  return { ...root, chain };
}

/** Virtual times are not the recorded ones. */
function withoutNumbers(result: FailoverResult): FailoverResult {
  if (result.jobError === undefined) return result;
  const chain = result.jobError.chain.map((line) => line.replace(/nextRestartTimestamp=\d+/, "nextRestartTimestamp=<n>"));
  return { ...result, jobError: { ...result.jobError, chain } };
}
