/**
 * Run: the sample worlds only, recorded and with everything shown. Types are checked beside the first run rather than before it: when
 * the check finds a mistake, the run's result is thrown away.
 */
import { hasFunctions } from "../compile/compile-submission.ts";
import { judgedIn, type Problem } from "../pack/problem.ts";
import { planSamples } from "../plan/plan.ts";
import type { JudgeParts } from "./judge.ts";
import { type JudgedSample, judgeSamples, rejectedReport, SAMPLE_RUN } from "./judge-samples.ts";
import type { SampleReport, Submission } from "./report.ts";
import { programOf, Trial } from "./trial.ts";

export async function runSamples(parts: JudgeParts, problem: Problem, submission: Submission): Promise<SampleReport> {
  const startedAt = performance.now();
  const timed = (report: Omit<SampleReport, "ranInMs">): SampleReport => ({
    ...report,
    ranInMs: Math.round(performance.now() - startedAt),
  });
  const quick = await programOf(parts.compile, problem, submission, { checkTypes: false });
  if (quick.load === null) return timed(rejectedReport(quick.diagnostics));
  const isTyped = submission.language === "datastream" || hasFunctions(submission);
  const fullCheck = !isTyped ? null : programOf(parts.compile, problem, submission, { checkTypes: true });
  const trial = new Trial(parts.pool, { ...quick, load: quick.load }, problem.limits);
  try {
    const runs = judgeSamples(samplesIn(parts, problem, submission, trial), submission.text);
    const [full, report] = await Promise.all([fullCheck, runs]);
    return timed(full !== null && full.diagnostics.length > 0 ? rejectedReport(full.diagnostics) : report);
  } finally {
    trial.close();
  }
}

async function* samplesIn(parts: JudgeParts, problem: Problem, { language }: Submission, trial: Trial): AsyncGenerator<JudgedSample> {
  const judged = judgedIn(problem, language);
  for (const planned of planSamples(problem)) {
    const reference = await parts.references.run(problem, planned);
    const run = await trial.run(reference, SAMPLE_RUN);
    const check: JudgedSample["check"] = (outcome) => parts.checks.check(judged, planned.scenario.group, reference, outcome);
    yield { problem: judged, planned, reference, run, check };
  }
}
