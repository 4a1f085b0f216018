/** What came of a submission in a world, wherever it ran: in a grading process, or in the browser of who wrote it. */
import type { DiagnosticData } from "@millrace/engine";
import type { RunOutcome } from "@millrace/engine/sim";
import type { GuestAnswer } from "../guest/protocol.ts";
import { JudgeFault } from "./judge-fault.ts";
import type { Verdict } from "./verdict.ts";

export type SubmissionRun =
  | {
      readonly kind: "outcome";
      readonly outcome: RunOutcome;
      readonly printed: readonly string[];
      readonly runMs: number;
      /** CPU time of all threads; 0 where the platform does not tell. */
      readonly cpuMs: number;
      /** The job's last savepoint, if it was to be kept. */
      readonly savepoint: string | null;
    }
  /** The program itself is at fault outside of a job, e.g. its top level throws. */
  | { readonly kind: "mistake"; readonly diagnostic: DiagnosticData; readonly others: readonly DiagnosticData[]; readonly runMs: number }
  /** The process was killed; no further world can be run. */
  | { readonly kind: "limit"; readonly verdict: Verdict; readonly runMs: number };

/** Of the guest's answer to `run`. Throws a JudgeFault when it is none. */
export function submissionRunOf(answer: GuestAnswer, { runMs, cpuMs }: { readonly runMs: number; readonly cpuMs: number }): SubmissionRun {
  switch (answer.kind) {
    case "outcome": {
      const { outcome, console, savepoint } = answer;
      return { kind: "outcome", outcome, printed: [...outcome.printed, ...console], runMs, cpuMs, savepoint };
    }
    case "mistake":
      return { kind: "mistake", diagnostic: answer.diagnostic, others: answer.others ?? [], runMs };
    case "tooLarge":
      return { kind: "limit", verdict: "output-limit", runMs };
    case "broken":
      throw new JudgeFault(answer.message);
    default:
      throw new JudgeFault(`the guest answered ${answer.kind}`);
  }
}
