/**
 * Where a pack's own code runs: references, generators, trace questions. As little trusted as a submission, so in a grading process of
 * its own, with a new isolate for each program; but the process stays, since authors' code runs for every judgement.
 */
import type { GuestAnswer, GuestRequest } from "../guest/protocol.ts";
import { JudgeFault } from "../judge/judge-fault.ts";
import { GradingProcess, ProcessDied } from "./grading-process.ts";
import type { GuestFiles } from "./guest-files.ts";

const LIMITS = { cpuMs: 30_000, rssBytes: 700 * 1024 * 1024 };
/** A generator or a checker has one world to deal with. */
const MODULE_CPU_MS = 10_000;
const REFERENCE = "the reference";
/** Whose code a request runs. */
const SUBJECTS: Readonly<Partial<Record<GuestRequest["kind"], string>>> = {
  generate: "generate.ts",
  compare: "checker.ts",
  trace: "trace.ts",
  solve: "a solver",
};

function subjectOf(request: GuestRequest): string {
  return SUBJECTS[request.kind] ?? REFERENCE;
}

function limitSentence(subject: string, verdict: string, limitMs: number): string {
  if (verdict === "time-limit") return `${subject} computed for more than ${limitMs / 1000} s and was stopped; does a loop never end?`;
  if (verdict === "memory-limit") return `${subject} needed more than ${LIMITS.rssBytes / 1024 / 1024} MB of memory and was stopped`;
  return `${subject} gave more than can be taken in`;
}

/** Isolates come and go in one process; it is renewed after this many. */
const MAX_BOOTS = 40;

export class AuthorSandbox {
  readonly #files: GuestFiles;
  #process: GradingProcess | null = null;
  #boots = 0;
  /** What the present isolate was booted for. */
  #owner: string | null = null;
  #closed = false;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(files: GuestFiles) {
    this.#files = files;
  }

  /** Boots, so that the first use is quick. */
  async start(): Promise<void> {
    await this.#exclusively(() => this.#ready("nobody", null));
  }

  /**
   * Asks in an isolate that belongs to `owner` (a problem's content hash); `load` is sent first when the isolate is new.
   * A limit, a second death or a mistake of the author's code is a JudgeFault: the pack is broken, not the submission.
   */
  ask(owner: string, load: GuestRequest | null, request: GuestRequest): Promise<GuestAnswer> {
    return this.#exclusively(() =>
      this.#ask(owner, load, request).catch((error: unknown) => {
        if (error instanceof ProcessDied && !this.#closed) return this.#ask(owner, load, request);
        throw error;
      }),
    );
  }

  async #ask(owner: string, load: GuestRequest | null, request: GuestRequest): Promise<GuestAnswer> {
    const process = await this.#ready(owner, load);
    const limitMs = request.kind === "generate" || request.kind === "compare" ? MODULE_CPU_MS : LIMITS.cpuMs;
    return this.#expect(await process.ask(request, limitMs), subjectOf(request), limitMs);
  }

  close(): void {
    this.#closed = true;
    this.#process?.kill();
    this.#process = null;
  }

  async #ready(owner: string, load: GuestRequest | null): Promise<GradingProcess> {
    if (this.#process !== null && (!this.#process.alive || this.#boots >= MAX_BOOTS)) {
      this.#process.kill();
      this.#process = null;
    }
    let process = this.#process;
    if (process !== null && this.#owner === owner) return process;
    if (process === null) {
      process = new GradingProcess(this.#files, LIMITS);
      this.#process = process;
      this.#boots = 0;
      this.#owner = null;
      await process.boot();
      this.#boots++;
    } else if (this.#owner !== "nobody") {
      this.#owner = null;
      await process.boot();
      this.#boots++;
    }
    if (load !== null) this.#expect(await process.ask(load), subjectOf(load), LIMITS.cpuMs);
    this.#owner = owner;
    return process;
  }

  #expect(result: Awaited<ReturnType<GradingProcess["ask"]>>, subject: string, limitMs: number): GuestAnswer {
    if (result.kind === "limit") throw new JudgeFault(limitSentence(subject, result.verdict, limitMs));
    if (result.kind === "died") throw new ProcessDied(`the process for the pack's own code died: ${result.message}`);
    const answer = result.answer;
    if (answer.kind === "mistake") {
      const { message, file, span } = answer.diagnostic;
      const at = span === undefined ? "" : ` (${subject === REFERENCE ? "" : `${file ?? ""} `}line ${span.line})`;
      throw new JudgeFault(`${subject} failed: ${message}${at}`);
    }
    if (answer.kind === "broken") throw new JudgeFault(answer.message);
    if (answer.kind === "tooLarge") throw new JudgeFault(`${subject} gave more than can be taken in`);
    return answer;
  }

  /** One request after the other. */
  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(work, work);
    this.#tail = result.catch(() => undefined); // Told to the caller by `result`.
    return result;
  }
}
