/** millrace run <job.ts|job.sql> --scenario s.yaml [--seed n] [--given given.sql] [--record out.json] [--explain] */
import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import { columnsOf, rowsOf } from "../checkers/rows.ts";
import type { Grader } from "../grader.ts";
import type { JobPlan } from "../judge/run-job.ts";
import { formatDiagnostic } from "./diagnostics.ts";
import { readContext, readText } from "./job-context.ts";
import { table } from "./table.ts";

export interface RunArguments {
  readonly job: string;
  readonly scenario: string;
  readonly seed: number | null;
  readonly given: string | null;
  readonly record: string | null;
  /** Print the job's plan instead of running it. */
  readonly explain: boolean;
}

export async function runCommand(grader: Grader, args: RunArguments): Promise<number> {
  const text = readText(args.job);
  const language = args.job.endsWith(".sql") ? "sql" : "datastream";
  const context = readContext(args);
  if (context === null) return 1;
  const { problem, scenario } = context;
  const seed = args.seed ?? scenario.seeds[0] ?? 1;
  const file = basename(args.job);
  if (args.explain) return printPlan(await grader.explainJob(problem, { language, text }, { scenario, seed }), file);
  const result = await grader.runJob(problem, { language, text }, { scenario, seed, record: args.record !== null });
  if (result.kind === "rejected") {
    for (const diagnostic of result.diagnostics) console.error(formatDiagnostic({ ...diagnostic, file }));
    return 1;
  }
  const { run } = result;
  if (run.kind === "mistake") {
    console.error(formatDiagnostic({ ...run.diagnostic, file }));
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
    const rows = rowsOf(outcome, topic.name, columns);
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
  if (args.record !== null) writeFileSync(args.record, JSON.stringify(outcome.recording));
  console.log(
    `\n${outcome.status}, ${outcome.restarts} restarts, ${outcome.completedCheckpoints} checkpoints, fingerprint ${outcome.fingerprint}`,
  );
  if (outcome.failure === null) return 0;
  const { message, diagnostic, operator, position } = outcome.failure;
  const place = position === undefined ? "" : `${file}:${position.line}:${position.column}  `;
  console.error(
    diagnostic === undefined
      ? `${place}${message}${operator === undefined ? "" : ` (in ${operator})`}`
      : formatDiagnostic({ ...diagnostic, file }),
  );
  return 1;
}

function printPlan(plan: JobPlan, file: string): number {
  switch (plan.kind) {
    case "plan":
      console.log(plan.text);
      return 0;
    case "rejected":
      for (const diagnostic of plan.diagnostics) console.error(formatDiagnostic({ ...diagnostic, file }));
      return 1;
    case "mistake":
      console.error(formatDiagnostic({ ...plan.diagnostic, file }));
      return 1;
    case "limit":
      console.error(`${file} was stopped: ${plan.verdict}`);
      return 1;
  }
}
