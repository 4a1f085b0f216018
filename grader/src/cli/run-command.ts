/**
 * millrace run <job.ts|job.sql> --scenario s.yaml [--seed n] [--given given.sql] [--record out.json] [--explain]
 *   [--savepoint out.json] [--from in.json [--allow-non-restored-state]]
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { columnsOf, rowsOf } from "../checkers/rows.ts";
import type { Grader } from "../grader.ts";
import type { JobPlan } from "../judge/run-job.ts";
import { loadProblem } from "../pack/load-problem.ts";
import { loadScenario } from "../pack/load-scenario.ts";
import type { Problem, Scenario } from "../pack/problem.ts";
import { formatDiagnostic } from "./diagnostics.ts";
import { table } from "./table.ts";
import { UsageError } from "./usage-error.ts";

export interface RunArguments {
  readonly job: string;
  readonly scenario: string;
  readonly seed: number | null;
  readonly given: string | null;
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
  const text = readText(args.job);
  const language = args.job.endsWith(".sql") ? "sql" : "datastream";
  const context = readContext(args);
  if (context === null) return 1;
  const { problem, scenario } = context;
  const seed = args.seed ?? scenario.seeds[0] ?? 1;
  const file = basename(args.job);
  if (args.explain) return printPlan(await grader.explainJob(problem, { language, text }, { scenario, seed }), file);
  const result = await grader.runJob(
    problem,
    { language, text },
    {
      scenario,
      seed,
      record: args.record !== null,
      savepoint: {
        from: args.from === null ? null : readText(args.from),
        allowNonRestoredState: args.allowNonRestoredState,
        keep: args.savepoint !== null,
      },
    },
  );
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
  if (args.savepoint !== null) keepSavepoint(run.savepoint, args.savepoint);
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

/** A scenario inside a problem folder brings the problem's constants, given files and outputs along; another stands alone. */
function readContext(args: RunArguments): { problem: Problem; scenario: Scenario } | null {
  const path = resolve(args.scenario);
  const text = readText(args.scenario);
  const dir = dirname(dirname(path));
  if (existsSync(join(dir, "problem.yaml"))) {
    const { problem, diagnostics } = loadProblem(dir, { id: "local", version: "0.0.0" });
    const name = basename(path).replace(/\.ya?ml$/, "");
    const scenario = problem?.scenarios.find((candidate) => candidate.name === name);
    if (problem !== null && scenario !== undefined) return { problem: withGiven(problem, args.given), scenario };
    for (const diagnostic of diagnostics) console.error(formatDiagnostic(diagnostic, `${dir}/`));
    if (diagnostics.length > 0) return null;
  }
  const loaded = loadScenario(args.scenario, text, ["main"]);
  for (const diagnostic of loaded.diagnostics) console.error(formatDiagnostic(diagnostic));
  if (loaded.scenario === null) return null;
  return { problem: withGiven(bareProblem(args, loaded.scenario), args.given), scenario: loaded.scenario };
}

function withGiven(problem: Problem, file: string | null): Problem {
  return file === null
    ? problem
    : { ...problem, given: { ...problem.given, [file.endsWith(".sql") ? "sql" : "datastream"]: readText(file) } };
}

/** Enough of a problem to run a job in a scenario. `given.ts` and `generate.ts` beside job and scenario count. */
function bareProblem(args: RunArguments, scenario: Scenario): Problem {
  const beside = (file: string, name: string) => {
    const path = join(dirname(resolve(file)), name);
    return existsSync(path) ? readText(path) : null;
  };
  const given = beside(args.job, "given.ts");
  return {
    packId: "local",
    id: "local",
    version: "0.0.0",
    contentHash: `local/${args.job}`,
    title: "",
    kind: "datastream",
    languages: ["datastream", "sql"],
    difficulty: 1,
    section: 0,
    minutes: 0,
    topics: [],
    covers: [],
    followUps: [],
    statement: "",
    editorial: null,
    hints: [],
    starter: {},
    given: given === null ? {} : { datastream: given },
    inputs: {},
    outputs: [],
    groups: [{ name: "main", title: "", weight: 1 }],
    limits: { cpuMs: 30_000, memoryMb: 350 },
    stateBudget: null,
    stabilityWorlds: 0,
    prompt: "",
    scenarios: [scenario],
    modules: { generate: beside(args.scenario, "generate.ts"), trace: null, files: {} },
    reference: { language: "datastream", text: "" },
    submissions: [],
  };
}

export function readText(path: string): string {
  if (!existsSync(path)) throw new UsageError(`No such file: ${path}`);
  return readFileSync(path, "utf8");
}
