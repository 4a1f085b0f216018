/**
 * Run: the sample worlds only, recorded and with everything shown. Types are checked beside the first run rather than before it: when
 * the check finds a mistake, the run's result is thrown away.
 */
import { hasFunctions } from "../compile/compile-submission.ts";
import { columnsOf, rowsOf, wholeTopic } from "../checkers/rows.ts";
import { placed } from "../feedback/place.ts";
import { judgedIn, type OutputColumn, type Problem } from "../pack/problem.ts";
import { type PlannedWorld, planSamples } from "../plan/plan.ts";
import { type JudgeParts, measuresOf } from "./judge.ts";
import { judgeWorld, type WorldJudgement } from "./judge-world.ts";
import type { ReferenceRun } from "./references.ts";
import type { SampleReport, SampleWorldReport, Submission, TopicTable } from "./report.ts";
import type { SubmissionRun } from "./run-submission.ts";
import { type Program, programOf, Trial } from "./trial.ts";
import { type Verdict, worse } from "./verdict.ts";

const MAX_RECORDING_EVENTS = 20_000;
const MAX_OUTCOME_CHARS = 64 * 1024 * 1024;

export async function runSamples(parts: JudgeParts, problem: Problem, submission: Submission): Promise<SampleReport> {
  const startedAt = performance.now();
  const quick = await programOf(parts.compile, problem, submission, { checkTypes: false });
  if (quick.load === null) return rejected(quick, startedAt);
  const isTyped = submission.language === "datastream" || hasFunctions(submission);
  const fullCheck = !isTyped ? null : programOf(parts.compile, problem, submission, { checkTypes: true });
  const trial = new Trial(parts.pool, { ...quick, load: quick.load }, problem.limits);
  const reports: SampleWorldReport[] = [];
  let diagnostics: SampleReport["diagnostics"] = [];
  let verdict: Verdict = "accepted";
  const runs = (async () => {
    for (const planned of planSamples(problem)) {
      const reference = await parts.references.run(problem, planned);
      const run = await trial.run(reference, {
        record: true,
        maxRecordingEvents: MAX_RECORDING_EVENTS,
        maxChars: MAX_OUTCOME_CHARS,
      });
      const judged = judgedIn(problem, submission.language);
      const judgement = await judgeWorld(parts.checks, judged, planned, reference, run);
      reports.push(describe(judged, planned, reference, run, judgement));
      if (diagnostics.length === 0) diagnostics = judgement.diagnostics.map((diagnostic) => placed(diagnostic, submission.text));
      verdict = worse(verdict, judgement.verdict);
      if (run.kind === "limit" || judgement.verdict === "compile-error") break;
    }
  })();
  try {
    const [full] = await Promise.all([fullCheck, runs]);
    if (full !== null && full.diagnostics.length > 0) return rejected(full, startedAt);
  } finally {
    trial.close();
  }
  const telling = reports.find((report) => report.verdict === verdict);
  const headline =
    verdict === "accepted"
      ? `Equal to the reference in ${reports.length === 1 ? "the sample" : `all ${reports.length} samples`}. Submit to meet the other worlds.`
      : (telling?.headline ?? "");
  return { verdict, headline, worlds: reports, diagnostics, ranInMs: Math.round(performance.now() - startedAt) };
}

function rejected(compiled: Program, startedAt: number): SampleReport {
  const first = compiled.diagnostics[0];
  const line = first?.span === undefined ? "" : `Line ${first.span.line}: `;
  const headline = `${line}${first?.message ?? "The program does not compile."}`;
  const ranInMs = Math.round(performance.now() - startedAt);
  return { verdict: "compile-error", headline, worlds: [], diagnostics: compiled.diagnostics, ranInMs };
}

function describe(
  problem: Problem,
  planned: PlannedWorld,
  reference: ReferenceRun,
  run: SubmissionRun,
  judgement: WorldJudgement,
): SampleWorldReport {
  const { scenario, index } = planned;
  return {
    index,
    name: scenario.name,
    title: scenario.title,
    faults: scenario.faults,
    verdict: judgement.verdict,
    headline: judgement.headline,
    runMs: run.runMs,
    topics: run.kind === "outcome" ? topicTables(problem, reference, run, judgement) : [],
    difference: judgement.difference,
    measures: measuresOf(judgement),
    printed: run.kind === "outcome" ? run.printed : [],
    recording: run.kind === "outcome" ? run.outcome.recording : null,
  };
}

/** Compared topics first, then whatever else the job wrote. */
function topicTables(
  problem: Problem,
  reference: ReferenceRun,
  run: Extract<SubmissionRun, { kind: "outcome" }>,
  judgement: WorldJudgement,
): TopicTable[] {
  const tables = problem.outputs.map((spec): TopicTable => {
    const rows = rowsOf(run.outcome, spec).committed;
    const comparison = judgement.check?.topics.find((topic) => topic.spec.topic === spec.topic);
    return {
      topic: spec.topic,
      columns: spec.columns.map((column) => column.name),
      rows,
      expectedRows: rowsOf(reference.outcome, spec).committed.length,
      equal: comparison !== undefined && comparison.differences.length === 0,
    };
  });
  const inputs = new Set(reference.world.topics.filter((topic) => topic.arrivals.length > 0).map((topic) => topic.name));
  for (const topic of run.outcome.topics) {
    if (inputs.has(topic.name) || problem.outputs.some((spec) => spec.topic === topic.name)) continue;
    const columns = columnsOf(topic.records.map((record) => record.value)).map(
      (name): OutputColumn => ({ name, type: "any", tolerance: 0 }),
    );
    const rows = rowsOf(run.outcome, wholeTopic(topic.name, columns)).committed;
    tables.push({ topic: topic.name, columns: columns.map((column) => column.name), rows, expectedRows: 0, equal: true });
  }
  return tables;
}
