/** What became of all requests. */
import { quantile, type Row } from "../table.ts";

/** `read`: pages, lists, a submission. `write`: drafts and submissions, until they are acknowledged. `run`: until the samples have run. */
export type Kind = "read" | "write" | "run";

export class Tally {
  readonly #tookMs: Record<Kind, number[]> = { read: [], write: [], run: [] };
  readonly #verdictMs: number[] = [];
  /** Answers that were neither what was asked for nor an honest "later", by what they said. */
  readonly #errors = new Map<string, number>();
  #later = 0;
  #whileRestarting = 0;

  answered(kind: Kind, tookMs: number): void {
    this.#tookMs[kind].push(tookMs);
  }

  /** 429 or 503, with the time to come again. */
  putOff(): void {
    this.#later++;
  }

  /** Cut off or refused while nobody listened. */
  cutOff(): void {
    this.#whileRestarting++;
  }

  failed(what: string): void {
    this.#errors.set(what, (this.#errors.get(what) ?? 0) + 1);
  }

  judged(afterMs: number): void {
    this.#verdictMs.push(afterMs);
  }

  rows(): Row[] {
    for (const [what, count] of this.#errors) console.log(`error, ${count} times: ${what}`);
    const of = (kind: Kind, name: string, more: Partial<Row> = {}): Row[] => [
      { name: `${name}: ${this.#tookMs[kind].length} answers, p50`, value: quantile(this.#tookMs[kind], 0.5), unit: "ms" },
      { name: `${name}, p95`, value: quantile(this.#tookMs[kind], 0.95), unit: "ms", ...more },
      { name: `${name}, p99`, value: quantile(this.#tookMs[kind], 0.99), unit: "ms" },
    ];
    const errors = [...this.#errors.values()].reduce((sum, count) => sum + count, 0);
    return [
      ...of("read", "reads", { target: { atMost: 50 } }),
      ...of("write", "drafts and submissions"),
      ...of("run", "runs of the samples"),
      { name: `watched until the verdict: ${this.#verdictMs.length} times, p50`, value: quantile(this.#verdictMs, 0.5) / 1000, unit: "s" },
      { name: "watched until the verdict, p95", value: quantile(this.#verdictMs, 0.95) / 1000, unit: "s" },
      { name: "put off by an honest 429 or 503", value: this.#later, unit: "" },
      { name: "cut off by the restart", value: this.#whileRestarting, unit: "" },
      { name: "other errors", value: errors, unit: "", target: { atMost: 0 } },
    ];
  }
}
