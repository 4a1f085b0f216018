/**
 * Diagnostics while one writes SQL. Texts go to a worker as they come; while it is at one, only the newest that waits is kept, so nobody
 * who types fast waits for an answer about a text that is gone.
 */
import type { DiagnosticData, ProblemDetail } from "@millrace/server/contract";
import type { SqlCheckAnswer, SqlCheckRequest } from "../workers/sql-diagnostics.ts";

/** What a checker needs of a worker. */
export interface CheckingWorker {
  onmessage: ((message: MessageEvent<SqlCheckAnswer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(request: SqlCheckRequest): void;
  terminate(): void;
}

export class SqlChecker {
  readonly #worker: CheckingWorker;
  readonly #found: (diagnostics: readonly DiagnosticData[] | null) => void;
  #busy = false;
  #next: SqlCheckRequest | null = null;

  /**
   * @param found gets the diagnostics of the newest text; null = what its functions are shows only when they run.
   * @param failed is told when the worker cannot be loaded or has died; it answers no more then.
   */
  constructor(worker: CheckingWorker, found: (diagnostics: readonly DiagnosticData[] | null) => void, failed: () => void) {
    this.#worker = worker;
    this.#found = found;
    worker.onmessage = ({ data }) => this.#answered(data);
    worker.onerror = (event) => {
      event.preventDefault();
      worker.terminate();
      failed();
    };
  }

  check(request: SqlCheckRequest): void {
    if (this.#busy) {
      this.#next = request;
      return;
    }
    this.#busy = true;
    this.#worker.postMessage(request);
  }

  stop(): void {
    this.#worker.terminate();
  }

  #answered({ diagnostics }: SqlCheckAnswer): void {
    this.#busy = false;
    const next = this.#next;
    this.#next = null;
    if (next === null) this.#found(diagnostics);
    else this.check(next);
  }
}

/** Topics that a learner can know of: those of the samples and of the given DDL. */
export function topicsOf(problem: Pick<ProblemDetail, "samples" | "given">): string[] {
  const names = new Set(problem.samples.flatMap(({ inputs, expected }) => [...inputs, ...expected].map(({ topic }) => topic)));
  for (const [, list] of (problem.given.sql ?? "").matchAll(/'topic'\s*=\s*'([^']*)'/g))
    for (const topic of list.split(";")) names.add(topic.trim());
  return [...names];
}
