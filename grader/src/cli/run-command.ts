/**
 * millrace run <job.ts|job.sql> --scenario s.yaml [--seed n] [--given given.sql] [--functions f.ts] [--record out.json] [--explain]
 *   [--savepoint out.json] [--from in.json [--allow-non-restored-state]]
 */
import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import { columnsOf, rowsOf, wholeTopic } from "../checkers/rows.ts";
import type { Grader } from "../grader.ts";
import type { JobPlan } from "../judge/run-job.ts";
import { formatDiagnostic } from "./diagnostics.ts";
import { exceptionLines } from "./exception-lines.ts";
import { inFile, readContext, readSubmission, readText } from "./job-context.ts";
import { table } from "./table.ts";

export interface RunArguments {
  readonly job: string;
  readonly scenario: string;
  readonly seed: number | null;
  readonly given: string | null;
  /** Module of a script's functions; null = the one beside it, if there is one. */
  readonly functions: string | null;
  readonly record: string | null;
  /** Print the job's plan instead of running it. */
  readonly explain: boolean;
  /** File for the savepoint that the job leaves when it is stopped or drained. */
  readonly savepoint: string | null;
  /** File with the savepoint to start from. */
  readonly from: string | null;
  readonly allowNonRestoredState: boolean;
}

export async function runCommand(grader: Grader, args: RunArguments): Promise<number> {
  const submission = readSubmission(args.job, args.functions);
  const context = readContext(args);
  if (context === null) return 1;
  const { problem, scenario } = context;
  const seed = args.seed ?? scenario.seeds[0] ?? 1;
  const file = basename(args.job);
  if (args.explain) return printPlan(await grader.explainJob(problem, submission, { scenario, seed }), file);
  const result = await grader.runJob(problem, submission, {
    scenario,
    seed,
    record: args.record !== null,
    savepoint: {
      from: args.from === null ? null : readText(args.from),
      allowNonRestoredState: args.allowNonRestoredState,
      keep: args.savepoint !== null,
    },
  });
  if (result.kind === "rejected") {
    for (const diagnostic of result.diagnostics) console.error(formatDiagnostic(inFile(diagnostic, file)));
    return 1;
  }
  const { run } = result;
  if (run.kind === "mistake") {
    console.error(formatDiagnostic(inFile(run.diagnostic, file)));
    return 1;
  }
  if (run.kind === "limit") {
    console.error(`${file} was stopped: ${run.verdict}`);
    return 1;
  }
  const { outcome } = run;
  for (const line of run.printed) console.log(line);
  for (const topic of outcome.topics) {
    if (Object.hasOwn(scenario.streams, topic.name)) continue;
    const spec = problem.outputs.find((output) => output.topic === topic.name);
    const columns =
      spec?.columns ?? columnsOf(topic.records.map((record) => record.value)).map((name) => ({ name, type: "any" as const, tolerance: 0 }));
    const rows = rowsOf(outcome, wholeTopic(topic.name, columns));
    console.log(
      `\n${topic.name}: ${rows.committed.length} rows${rows.uncommitted.length === 0 ? "" : `, ${rows.uncommitted.length} not committed`}`,
    );
    const names = [...columns.map((column) => column.name), "visible at"];
    console.log(
      table(
        names,
        rows.committed.map((row) => [...row.cells, new Date(row.visibleAtMs).toISOString()]),
      ),
    );
  }
  if (args.savepoint !== null) keepSavepoint(run.savepoint, args.savepoint);
  if (args.record !== null) writeFileSync(args.record, JSON.stringify(outcome.recording));
  console.log(
    `\n${outcome.status}, ${outcome.restarts} restarts, ${outcome.completedCheckpoints} checkpoints, fingerprint ${outcome.fingerprint}`,
  );
  for (const line of exceptionLines(outcome.exceptions)) console.log(line);
  if (outcome.failure === null) return 0;
  const { message, diagnostic, operator, position } = outcome.failure;
  const place = position === undefined ? "" : `${position.file ?? file}:${position.line}:${position.column}  `;
  console.error(
    diagnostic === undefined
      ? `${place}${message}${operator === undefined ? "" : ` (in ${operator})`}`
      : formatDiagnostic(inFile(diagnostic, file)),
  );
  return 1;
}

function keepSavepoint(savepoint: string | null, file: string): void {
  if (savepoint === null)
    console.error("No savepoint was taken: the scenario's end is no stop and no drain, or the job did not get there.");
  else writeFileSync(file, savepoint);
}

function printPlan(plan: JobPlan, file: string): number {
  switch (plan.kind) {
    case "plan":
      console.log(plan.text);
      return 0;
    case "rejected":
      for (const diagnostic of plan.diagnostics) console.error(formatDiagnostic(inFile(diagnostic, file)));
      return 1;
    case "mistake":
      console.error(formatDiagnostic(inFile(plan.diagnostic, file)));
      return 1;
    case "limit":
      console.error(`${file} was stopped: ${plan.verdict}`);
      return 1;
  }
}
