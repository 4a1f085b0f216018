/** The sample worlds one after the other, each told about with everything shown. Where the program runs, the caller knows. */
import type { DiagnosticData } from "@millrace/engine";
import type { RunOutcome } from "@millrace/engine/sim";
import type { WorldCheck } from "../checkers/check-outcome.ts";
import { columnsOf, rowsOf, wholeTopic } from "../checkers/rows.ts";
import { placed } from "../feedback/place.ts";
import type { JudgedProblem, OutputColumn } from "../pack/problem.ts";
import { type ComparedWith, judgeWorld, measuresOf, type ToldWorld, type WorldJudgement } from "./judge-world.ts";
import type { SampleReport, SampleWorldReport, TopicTable } from "./report.ts";
import type { SubmissionRun } from "./submission-run.ts";
import { type Verdict, worse } from "./verdict.ts";

export interface JudgedSample {
  /** As answers in the submission's language are judged (`judgedIn`). */
  readonly problem: JudgedProblem;
  readonly planned: ToldWorld;
  readonly reference: ComparedWith;
  readonly run: SubmissionRun;
  readonly check: (outcome: RunOutcome) => WorldCheck | Promise<WorldCheck>;
}

/** What every run of samples records and may come to. */
export const SAMPLE_RUN = { record: true, maxRecordingEvents: 20_000, maxChars: 64 * 1024 * 1024 } as const;

/** @param samples ran one after the other, each when it is asked for; the first that meets a limit or does not compile is the last. */
export async function judgeSamples(samples: AsyncIterable<JudgedSample>, text: string): Promise<Omit<SampleReport, "ranInMs">> {
  const reports: SampleWorldReport[] = [];
  let diagnostics: SampleReport["diagnostics"] = [];
  let verdict: Verdict = "accepted";
  for await (const { problem, planned, reference, run, check } of samples) {
    const judgement = await judgeWorld(check, problem, planned, reference, run);
    reports.push(describe(problem, planned, reference, run, judgement));
    if (diagnostics.length === 0) diagnostics = judgement.diagnostics.map((diagnostic) => placed(diagnostic, text));
    verdict = worse(verdict, judgement.verdict);
    if (run.kind === "limit" || judgement.verdict === "compile-error") break;
  }
  const telling = reports.find((report) => report.verdict === verdict);
  const headline =
    verdict === "accepted"
      ? `Equal to the reference in ${reports.length === 1 ? "the sample" : `all ${reports.length} samples`}. Submit to meet the other worlds.`
      : (telling?.headline ?? "");
  return { verdict, headline, worlds: reports, diagnostics };
}

/** The program cannot be run. */
export function rejectedReport(diagnostics: readonly DiagnosticData[]): Omit<SampleReport, "ranInMs"> {
  const first = diagnostics[0];
  const line = first?.span === undefined ? "" : `Line ${first.span.line}: `;
  const headline = `${line}${first?.message ?? "The program does not compile."}`;
  return { verdict: "compile-error", headline, worlds: [], diagnostics };
}

function describe(
  problem: JudgedProblem,
  planned: ToldWorld,
  reference: ComparedWith,
  run: SubmissionRun,
  judgement: WorldJudgement<ToldWorld>,
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
  problem: JudgedProblem,
  reference: ComparedWith,
  run: Extract<SubmissionRun, { kind: "outcome" }>,
  judgement: WorldJudgement<ToldWorld>,
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
