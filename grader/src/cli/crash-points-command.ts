/**
 * millrace crashpoints [job.ts] [--scenario s.yaml] [--seed n] [--points]: the job is crashed at every step that it takes, before and after, and
 * the table says what consumers have read in the end; as the job is, and with each of the three conditions of exactly-once taken away.
 * Without arguments the pipeline of the interview guide (Kafka → Flink → Kafka) is taken.
 */
import { basename, join } from "node:path";
import type { CrashPointReport, CrashResult, MissingCondition, Reading } from "@millrace/engine/sim";
import { isExactlyOnce } from "@millrace/engine/sim";
import type { Grader } from "../grader.ts";
import { formatDiagnostic } from "./diagnostics.ts";
import { inFile, readContext, readSubmission } from "./job-context.ts";
import { table } from "./table.ts";
import { UsageError } from "./usage-error.ts";

const SAMPLE = join(import.meta.dirname, "../../../problems/samples/exactly-once");
/** Hundreds of runs. */
const LIMITS = { cpuMs: 600_000, memoryMb: 1000 };

export interface CrashPointsArguments {
  /** null = the pipeline of the guide. */
  readonly job: string | null;
  readonly scenario: string | null;
  readonly seed: number | null;
  readonly given: string | null;
  /** Module of a script's functions; absent or null = the one beside it, if there is one. */
  readonly functions?: string | null;
  /** Print every single point of the job as it is. */
  readonly points: boolean;
}

interface Column {
  readonly title: string;
  readonly missing: MissingCondition;
  readonly reading: (result: CrashResult) => Reading;
}

const COLUMNS: readonly Column[] = [
  { title: "as it is", missing: "none", reading: ({ committed }) => committed },
  { title: "mode AT_LEAST_ONCE", missing: "checkpointing mode", reading: ({ committed }) => committed },
  { title: "sink AT_LEAST_ONCE", missing: "transactions", reading: ({ committed }) => committed },
  { title: "sink NONE", missing: "any guarantee", reading: ({ committed }) => committed },
  { title: "consumer read_uncommitted", missing: "none", reading: ({ uncommitted }) => uncommitted },
];

/** In the order in which a record and its checkpoint go through them. */
const STEPS = [
  "begin",
  "write",
  "trigger",
  "barrier",
  "flush",
  "preCommit",
  "snapshot",
  "ack",
  "complete",
  "notify",
  "commit",
  "committed",
];

export async function crashPointsCommand(grader: Grader, args: CrashPointsArguments): Promise<number> {
  if (args.job !== null && args.scenario === null) throw new UsageError("crashpoints needs --scenario for a job of your own.");
  const { job = join(SAMPLE, "job.ts"), scenario: scenarioFile = join(SAMPLE, "scenario.yaml") } = {
    ...(args.job === null ? {} : { job: args.job }),
    ...(args.scenario === null ? {} : { scenario: args.scenario }),
  };
  const submission = readSubmission(job, args.functions ?? null);
  const context = readContext({ job, scenario: scenarioFile, given: args.given });
  if (context === null) return 1;
  const { problem, scenario } = context;
  const seed = args.seed ?? scenario.seeds[0] ?? 1;
  const missing = [...new Set(COLUMNS.map((column) => column.missing))];
  const crashes = await grader.crashJob({ ...problem, limits: LIMITS }, submission, { scenario, seed, missing });
  const file = basename(job);
  switch (crashes.kind) {
    case "rejected":
      for (const diagnostic of crashes.diagnostics) console.error(formatDiagnostic(inFile(diagnostic, file)));
      return 1;
    case "mistake":
      console.error(formatDiagnostic(inFile(crashes.diagnostic, file)));
      return 1;
    case "limit":
      console.error(`${file} was stopped: ${crashes.verdict}`);
      return 1;
    case "reports":
      return print(crashes.reports, file, args.points);
  }
}

function print(reports: readonly CrashPointReport[], file: string, points: boolean): number {
  const report = reportOf(reports, "none");
  console.log(`${file}: ${report.results.length} crashes, one at each point; ${report.expectedRecords} records are to be read.\n`);
  console.log(table(["step", "at", "points", "restarts", ...COLUMNS.map(({ title }) => title)], stepRows(reports)));
  console.log("");
  for (const column of COLUMNS) console.log(`${column.title}: ${summary(reportOf(reports, column.missing), column)}`);
  if (points)
    console.log(`\n${table(["step", "checkpoint", "task", "dies", "restarts", "read_committed", "read_uncommitted"], pointRows(report))}`);
  const unfinished = report.results.find(({ status }) => status !== "finished");
  if (unfinished !== undefined) console.log(`\nnot every run came to its end: ${unfinished.status}, ${unfinished.failure?.message ?? ""}`);
  return unfinished === undefined && report.results.every(({ committed }) => isExactlyOnce(committed)) ? 0 : 1;
}

function reportOf(reports: readonly CrashPointReport[], missing: MissingCondition): CrashPointReport {
  return reports.find((report) => report.missing === missing)!;
}

function stepRows(reports: readonly CrashPointReport[]): string[][] {
  const all = reports.flatMap(({ results }) => results.map(({ point }) => point));
  return STEPS.flatMap((step) =>
    ["before", "after"].flatMap((at) => {
      if (!all.some((point) => point.step === step && point.at === at)) return [];
      const here = (report: CrashPointReport) => report.results.filter(({ point }) => point.step === step && point.at === at);
      const own = here(reportOf(reports, "none"));
      const restarts = own.reduce((sum, result) => sum + result.restarts, 0);
      const cells = COLUMNS.map((column) => cellOf(here(reportOf(reports, column.missing)).map(column.reading)));
      return [[step, at, String(own.length), String(restarts), ...cells]];
    }),
  );
}

/** What went wrong at how many of these points; in brackets the most records of one point. */
function cellOf(readings: readonly Reading[]): string {
  if (readings.length === 0) return "no such step";
  const parts = (
    [
      ["lost", "lost"],
      ["duplicates", "twice"],
      ["uncommittedReads", "uncommitted"],
    ] as const
  ).flatMap(([name, word]) => {
    const wrong = readings.filter((reading) => reading[name] > 0);
    return wrong.length === 0 ? [] : [`${word} ${wrong.length}/${readings.length} (${Math.max(...wrong.map((reading) => reading[name]))})`];
  });
  return parts.length === 0 ? "exactly once" : parts.join(", ");
}

function summary(report: CrashPointReport, { reading }: Column): string {
  const readings = report.results.map(reading);
  const good = readings.filter(isExactlyOnce).length;
  const left = report.leftOut === 0 ? "" : `; ${report.leftOut} points were left out`;
  return `${good === readings.length ? `exactly once at all ${good} points` : `exactly once at ${good} of ${readings.length} points; ${cellOf(readings)}`}${left}`;
}

function pointRows({ results }: CrashPointReport): string[][] {
  return results.map(({ point, restarts, committed, uncommitted }) => [
    `${point.at} ${point.step}${point.occurrence > 1 ? ` ${point.occurrence}` : ""}`,
    String(point.checkpoint),
    point.vertex === null ? "job manager" : `${point.vertex} ${point.subtask}`,
    point.victim === "job manager" ? point.victim : `tm ${point.victim + 1}`,
    String(restarts),
    cellOf([committed]),
    cellOf([uncommitted]),
  ]);
}
