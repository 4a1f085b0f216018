/** What is told of a run in a changed world. */
import type { DiagnosticData } from "@millrace/engine";
import { verdictOfEnd } from "../checkers/check-outcome.ts";
import { headlineOfEnd } from "../feedback/headline.ts";
import { placed } from "../feedback/place.ts";
import type { Problem } from "../pack/problem.ts";
import type { ChangedRun } from "./changed-run-report.ts";
import { diagnosticsOf } from "./judge-world.ts";
import { SAMPLE_RUN } from "./judge-samples.ts";
import type { SubmissionRun } from "./submission-run.ts";

/** What such a run records and may come to. */
export const CHANGED_RUN = { ...SAMPLE_RUN, metrics: false } as const;
/** More are not told about. */
export const MAX_PLACED_RECORDS = 10_000;

type RanChanged = Omit<ChangedRun, "records" | "ranInMs">;

export function notCompiled(diagnostics: readonly DiagnosticData[]): RanChanged {
  return { ended: "compile-error", headline: diagnostics[0]?.message ?? "The program does not compile.", diagnostics, recording: null };
}

/** What came of the run. @param text of the program. */
export function changedRunOf(limits: Problem["limits"], text: string, run: SubmissionRun): RanChanged {
  if (run.kind === "limit")
    return { ended: run.verdict, headline: headlineOfEnd(run.verdict, null, limits), diagnostics: [], recording: null };
  if (run.kind === "mistake") {
    const diagnostics = [run.diagnostic, ...run.others].map((diagnostic) => placed(diagnostic, text));
    const ended = run.diagnostic.phase === "runtime" ? "runtime-error" : "compile-error";
    return { ended, headline: run.diagnostic.message, diagnostics, recording: null };
  }
  const { outcome } = run;
  const ended = verdictOfEnd(outcome);
  const headline = ended === null ? "" : headlineOfEnd(ended, outcome, limits);
  return {
    ended,
    headline,
    diagnostics: diagnosticsOf(outcome).map((diagnostic) => placed(diagnostic, text)),
    recording: outcome.recording,
  };
}
