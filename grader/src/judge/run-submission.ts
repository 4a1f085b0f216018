/**
 * Runs one submission in a grading process of its own, world after world. A process that dies without our doing is replaced, and the world is
 * run again; a world in which it dies twice, or a submission that loses MAX_DEATHS of them, is the judge's fault.
 */
import type { DiagnosticData } from "@millrace/engine";
import type { CrashPointReport, MissingCondition, World } from "@millrace/engine/sim";
import type { LoadRequest } from "../compile/compile-submission.ts";
import type { SavepointRequest } from "../guest/protocol.ts";
import type { GradingProcess, ProcessLimits, ProcessResult } from "../sandbox/grading-process.ts";
import type { WarmPool } from "../sandbox/warm-pool.ts";
import type { WorldUpgrade } from "../plan/expand.ts";
import { JudgeFault } from "./judge-fault.ts";
import { type SubmissionRun, submissionRunOf } from "./submission-run.ts";
import type { Verdict } from "./verdict.ts";

/** What `explain` came to. */
export type SubmissionPlan =
  | { readonly kind: "plan"; readonly text: string }
  | { readonly kind: "mistake"; readonly diagnostic: DiagnosticData }
  | { readonly kind: "limit"; readonly verdict: Verdict };

/** What `crashPoints` came to. */
export type SubmissionCrashes =
  | { readonly kind: "report"; readonly report: CrashPointReport }
  | { readonly kind: "mistake"; readonly diagnostic: DiagnosticData }
  | { readonly kind: "limit"; readonly verdict: Verdict };

interface RunOptions {
  readonly record: boolean;
  readonly maxRecordingEvents: number;
  readonly maxChars: number;
  /** See GuestRequest. */
  readonly metrics?: boolean;
  readonly savepoint?: SavepointRequest;
  readonly upgrade?: WorldUpgrade;
}

/** Far more than bad luck, should somebody kill processes all the time. */
const MAX_DEATHS = 8;
/** Processes that die one after the other before the program is in them. */
const MAX_UNUSED = 3;

export class SubmissionRunner {
  readonly #pool: WarmPool;
  readonly #load: LoadRequest;
  readonly #limits: ProcessLimits;
  #process: GradingProcess | null = null;
  #deaths = 0;
  #deathsInThisWorld = 0;

  constructor(pool: WarmPool, load: LoadRequest, limits: { cpuMs: number; memoryMb: number }) {
    this.#pool = pool;
    this.#load = load;
    this.#limits = { cpuMs: limits.cpuMs, rssBytes: limits.memoryMb * 1024 * 1024 };
  }

  async run(world: World, options: RunOptions): Promise<SubmissionRun> {
    const result = await this.#ask({ kind: "run", world, ...options });
    if (result.kind === "limit") return { kind: "limit", verdict: result.verdict, runMs: 0 };
    const { answer, wallMs, cpuMs } = result;
    return submissionRunOf(answer, { runMs: Math.round(wallMs * 10) / 10, cpuMs });
  }

  /** What is wrong with the program as far as loading it shows: nothing is run. */
  async check(): Promise<readonly DiagnosticData[]> {
    const result = await this.#ask({ kind: "check" });
    if (result.kind === "limit") return [overLimit(result.verdict)];
    const { answer } = result;
    if (answer.kind === "mistake") return [answer.diagnostic, ...(answer.others ?? [])];
    if (answer.kind === "loaded") return [];
    throw new JudgeFault(answer.kind === "broken" ? answer.message : `the guest answered ${answer.kind}`);
  }

  /** The program's plan as text. */
  async explain(parallelism: number): Promise<SubmissionPlan> {
    const result = await this.#ask({ kind: "explain", parallelism });
    if (result.kind === "limit") return { kind: "limit", verdict: result.verdict };
    const { answer } = result;
    if (answer.kind === "value") return { kind: "plan", text: String(answer.value) };
    if (answer.kind === "mistake") return { kind: "mistake", diagnostic: answer.diagnostic };
    throw new JudgeFault(answer.kind === "broken" ? answer.message : `the guest answered ${answer.kind}`);
  }

  /** The program crashed at each of its points. */
  async crashPoints(world: World, missing: MissingCondition): Promise<SubmissionCrashes> {
    const result = await this.#ask({ kind: "crashPoints", world, missing });
    if (result.kind === "limit") return { kind: "limit", verdict: result.verdict };
    const { answer } = result;
    if (answer.kind === "value") return { kind: "report", report: answer.value as CrashPointReport };
    if (answer.kind === "mistake") return { kind: "mistake", diagnostic: answer.diagnostic };
    throw new JudgeFault(answer.kind === "broken" ? answer.message : `the guest answered ${answer.kind}`);
  }

  close(): void {
    if (this.#process !== null) this.#pool.release(this.#process);
    this.#process = null;
  }

  async #ask(request: Parameters<GradingProcess["ask"]>[0]): Promise<Answered> {
    this.#deathsInThisWorld = 0;
    let unused = 0;
    for (;;) {
      if (this.#process === null || !this.#process.alive) {
        this.#process = await this.#pool.take(this.#limits);
        const loaded = await this.#process.ask(this.#load, this.#limits.cpuMs);
        if (loaded.kind === "died") {
          // Whoever killed the one before may have killed this one in the same breath, while it waited: the world has not begun, so it is not to blame.
          this.#lose(loaded.message, ++unused > MAX_UNUSED);
          continue;
        }
        if (loaded.kind === "limit" || loaded.answer.kind !== "loaded") return loaded;
      }
      const result = await this.#process.ask(request, this.#limits.cpuMs);
      if (this.#survived(result)) return result;
    }
  }

  #survived(result: ProcessResult): result is Answered {
    if (result.kind !== "died") return true;
    this.#lose(result.message, ++this.#deathsInThisWorld > 1);
    return false;
  }

  /** Throws a JudgeFault when that was one too many. */
  #lose(message: string, tooOften: boolean): void {
    this.#process = null;
    if (tooOften) throw new JudgeFault(`a grading process died twice in one world: ${message}`);
    if (++this.#deaths >= MAX_DEATHS) throw new JudgeFault(`a submission lost ${MAX_DEATHS} grading processes: ${message}`);
  }
}

function overLimit(verdict: Verdict): DiagnosticData {
  return { code: "COMPILE_LIMIT", message: `Evaluating the module of functions met a limit: ${verdict}.`, phase: "compile" };
}

type Answered = Extract<ProcessResult, { kind: "answer" }> | Extract<ProcessResult, { kind: "limit" }>;
