/** A submission on its way through the judge: worlds turn one by one, then the verdict stands. */
import type { JudgeProgress, JudgeReport, SubmissionSummary, WorldResult } from "@millrace/server/contract";
import type { Api } from "../api/client.ts";
import type { OpenProgress } from "../api/progress.ts";

export interface JudgedWorld {
  readonly index: number;
  readonly group: string;
  readonly title: string;
  readonly result: WorldResult | null;
}

export type WorldMark = "passed" | "failed" | "running" | "waiting";

/** How long to wait before asking again after the stream has ended early. */
const POLL_MS = 2_000;

export class Judging {
  readonly submission: SubmissionSummary;
  #worlds = $state.raw<readonly JudgedWorld[]>([]);
  #stage = $state<"queued" | "compiling" | "judging" | "judged">("queued");
  #report = $state.raw<JudgeReport | null>(null);
  #explaining = $state(false);
  #interrupted = $state(false);
  #close: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #stopped = false;

  constructor(submission: SubmissionSummary) {
    this.submission = submission;
  }

  get worlds(): readonly JudgedWorld[] {
    return this.#worlds;
  }

  get stage(): "queued" | "compiling" | "judging" | "judged" {
    return this.#stage;
  }

  get report(): JudgeReport | null {
    return this.#report;
  }

  /** The verdict is here, its explanation is still being looked for. */
  get explaining(): boolean {
    return this.#explaining;
  }

  /** The stream is broken and being opened again. */
  get interrupted(): boolean {
    return this.#interrupted;
  }

  get counts(): { passed: number; failed: number; running: number; waiting: number } {
    const counts = { passed: 0, failed: 0, running: 0, waiting: 0 };
    for (const mark of this.marks) counts[mark]++;
    return counts;
  }

  /** One mark per world. Worlds are judged in the order of the plan: the first without a result is the one being run. */
  get marks(): readonly WorldMark[] {
    let runningSeen = this.#stage === "judged";
    return this.#worlds.map((world) => {
      if (world.result !== null) return world.result.verdict === "accepted" ? "passed" : "failed";
      if (runningSeen) return "waiting";
      runningSeen = true;
      return "running";
    });
  }

  apply(message: JudgeProgress): void {
    this.#interrupted = false;
    switch (message.kind) {
      case "compiling":
        if (this.#stage === "queued") this.#stage = "compiling";
        break;
      case "planned": {
        // A replayed plan must not wipe results that are already here.
        const known = new Map(this.#worlds.map((w) => [w.index, w.result]));
        this.#worlds = message.worlds.map((w) => ({ ...w, result: known.get(w.index) ?? null }));
        if (this.#stage !== "judged") this.#stage = "judging";
        break;
      }
      case "world": {
        const { result } = message;
        const found = this.#worlds.some((w) => w.index === result.index);
        this.#worlds = found
          ? this.#worlds.map((w) => (w.index === result.index ? { ...w, result } : w))
          : [...this.#worlds, { index: result.index, group: result.group, title: result.title, result }].sort((a, b) => a.index - b.index);
        break;
      }
      case "judged":
        this.resume(message.report, true);
        break;
      case "finished":
        this.finish(message.report);
        break;
    }
  }

  /** A submission met after its verdict: `pending` says whether its explanation is still to come. */
  resume(report: JudgeReport, pending: boolean): void {
    this.finish(report);
    this.#explaining = pending;
  }

  finish(report: JudgeReport): void {
    this.#report = report;
    this.#explaining = false;
    this.#stage = "judged";
    this.#worlds = report.worlds.map((result) => ({ index: result.index, group: result.group, title: result.title, result }));
  }

  /** Follows the judge until the report is here; falls back to asking when the stream ends early. */
  follow(open: OpenProgress, api: Pick<Api, "submission">, onFinished: (report: JudgeReport) => void): void {
    this.#close = open(this.submission.id, {
      progress: (message) => {
        const wasJudged = this.#stage === "judged";
        this.apply(message);
        // Once: the explanation that may come after the verdict is part of the same report, and a stream that was opened anew tells the verdict again.
        if ((message.kind === "judged" || message.kind === "finished") && !wasJudged) onFinished(message.report);
      },
      interrupted: () => {
        this.#interrupted = true;
      },
      closed: () => void this.#poll(api, onFinished),
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#close?.();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #poll(api: Pick<Api, "submission">, onFinished: (report: JudgeReport) => void): Promise<void> {
    if (this.#stopped || (this.#stage === "judged" && !this.#explaining)) return;
    this.#interrupted = true;
    try {
      const detail = await api.submission(this.submission.id);
      if (detail.report !== null) {
        this.#interrupted = false;
        const wasJudged = this.#stage === "judged";
        this.resume(detail.report, detail.explanation === "pending");
        if (!wasJudged) onFinished(detail.report);
        if (!this.#explaining) return;
      }
    } catch {
      // Still away: `interrupted` says so on the page, and the next round asks again.
    }
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#poll(api, onFinished), POLL_MS);
  }
}
