/** The parent's side of a worker process: a seed that never comes back, or takes the process with it, is a failed seed, and the next one gets a new process. */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { jobOfSeed, jobsNamed } from "./select-jobs.ts";
import type { Tally } from "./tally.ts";
import type { SeedRange } from "./worker.ts";

export class SeedWorker {
  private readonly limitMs: number;
  private readonly script: string;
  private process: ChildProcess | null = null;

  /** @param script for tests: what the worker runs. */
  constructor(limitMs: number, script = join(import.meta.dirname, "worker.ts")) {
    this.limitMs = limitMs;
    this.script = script;
  }

  /** Hands over what came of each seed, in their order. */
  async run(range: SeedRange, done: (tally: Tally) => void): Promise<void> {
    const end = range.first + range.count;
    for (let seed = range.first; seed < end; ) {
      seed = await this.runFrom({ ...range, first: seed, count: end - seed }, done);
    }
  }

  close(): void {
    this.process?.disconnect();
  }

  /** Resolves with the seed to go on with. */
  private runFrom({ first, count, job }: SeedRange, done: (tally: Tally) => void): Promise<number> {
    this.process ??= fork(this.script);
    const worker = this.process;
    let seed = first;
    return new Promise((resolve) => {
      const lost = (message: string) => {
        end();
        this.process = null;
        worker.kill("SIGKILL");
        const violations = [{ checker: "comes to its end", message }];
        done({ jobs: [], failed: [{ job: jobOfSeed(jobsNamed(job), seed).name, seed, violations, lostWorker: true }] });
        resolve(seed + 1);
      };
      const silent = () => lost(`nothing came of it within ${this.limitMs / 1000} s: it hangs inside one step`);
      const exited = (code: number | null, signal: string | null) => lost(`the process that ran it ended with ${signal ?? code}`);
      const answered = (tally: unknown) => {
        done(tally as Tally);
        seed++;
        timer.refresh();
        if (seed < first + count) return;
        end();
        resolve(seed);
      };
      const end = () => {
        clearTimeout(timer);
        worker.off("exit", exited);
        worker.off("message", answered);
      };
      const timer = setTimeout(silent, this.limitMs);
      worker.on("exit", exited);
      worker.on("message", answered);
      worker.send({ first, count, job });
    });
  }
}
