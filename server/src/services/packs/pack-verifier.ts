/**
 * Has a pack prove itself, through the grader's door: every bundled submission gets its verdict, mutants of the accepted ones fail. With processes of its
 * own, started for it and ended after it, so that learners' verdicts wait for none of it.
 */
import { Grader, loadPack, verifyPack } from "@millrace/grader";
import type { PackReportLine } from "../../contract/index.ts";

export interface VerifyListener {
  /** How many lines there will be; told once, before the first. */
  planned(lines: number): void;
  line(line: PackReportLine): void;
}

export interface PackVerifier {
  /** Resolves when everything is checked; rejects when the checking itself failed, or was stopped. */
  verify(dir: string, listener: VerifyListener): Promise<void>;
  /** Ends what is under way; the next may begin. */
  close(): Promise<void>;
}

/** Seeds per secret scenario, as `pack verify` has it. */
const SEEDS = 20;

/** A pack's submissions are all of one author, so they may share processes. */
const OPTIONS = { poolSize: 1, submissionsPerProcess: 10, nodeFlags: ["--no-turbofan", "--single-threaded-gc"] } as const;

export class GraderPackVerifier implements PackVerifier {
  #underWay: { readonly grader: Grader; isCut: boolean } | null = null;

  async verify(dir: string, listener: VerifyListener): Promise<void> {
    const { pack } = await loadPack(dir);
    if (pack === null) throw new Error(`${dir} is no pack any more`);
    const grader = new Grader(OPTIONS);
    const underWay = { grader, isCut: false };
    this.#underWay = underWay;
    try {
      await grader.start();
      await verifyPack(grader, pack, {
        seeds: SEEDS,
        mutants: "with",
        quick: false,
        parallel: 1,
        onPlanned: (lines) => listener.planned(lines),
        onLine: ({ problem, subject, found, complaint, warnings = [], mutants = null, tookMs }) => {
          // What fails because the processes were ended is no finding, and nothing more is to be begun.
          if (underWay.isCut) throw new Error("the verification was stopped");
          listener.line({ problem, subject, found, complaint, warnings, mutants, tookMs });
        },
      });
    } finally {
      this.#underWay = null;
      await grader.close();
    }
  }

  async close(): Promise<void> {
    if (this.#underWay === null) return;
    this.#underWay.isCut = true;
    await this.#underWay.grader.close();
  }
}
