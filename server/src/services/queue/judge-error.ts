/** The report that says the fault is ours. It costs the learner nothing: no score, no colour of failure. */
import type { JudgeReport } from "../../contract/index.ts";

export function judgeErrorReport(
  headline: string,
  versions: { readonly engineVersion: string; readonly packVersion: string },
): JudgeReport {
  return {
    verdict: "judge-error",
    headline,
    score: 0,
    maxScore: 0,
    groups: [],
    worlds: [],
    difference: null,
    explanation: null,
    measures: [],
    diagnostics: [],
    hint: null,
    engineVersion: versions.engineVersion,
    packVersion: versions.packVersion,
    judgedInMs: 0,
  };
}
