/** The problem and scenario in which the command line runs a job: those of a pack, or as much of them as a lone job needs. */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { DiagnosticData } from "@millrace/engine";
import { FUNCTIONS_FILE, type Language, type Submission } from "../judge/report.ts";
import { loadProblem } from "../pack/load-problem.ts";
import { functionsFileOf } from "../pack/load-submissions.ts";
import { loadScenario } from "../pack/load-scenario.ts";
import type { Problem, Scenario } from "../pack/problem.ts";
import { formatDiagnostic } from "./diagnostics.ts";
import { UsageError } from "./usage-error.ts";

export interface ContextArguments {
  readonly job: string;
  readonly scenario: string;
  readonly given: string | null;
}

/** A scenario inside a problem folder brings the problem's constants, given files and outputs along; another stands alone. */
export function readContext(args: ContextArguments): { problem: Problem; scenario: Scenario } | null {
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
function bareProblem(args: ContextArguments, scenario: Scenario): Problem {
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
    followUp: null,
    statement: "",
    editorial: null,
    hints: [],
    starter: {},
    starterFunctions: null,
    given: given === null ? {} : { datastream: given },
    inputs: {},
    outputs: [],
    groups: [{ name: "main", title: "", weight: 1, scoring: "worlds", requires: [], feedback: "full" }],
    limits: { cpuMs: 30_000, memoryMb: 350 },
    stateBudget: null,
    stabilityWorlds: 0,
    measures: [],
    plan: null,
    status: "active",
    prompt: "",
    decide: null,
    tune: null,
    predecessor: null,
    scenarios: [scenario],
    modules: { generate: beside(args.scenario, "generate.ts"), trace: null, checker: null, files: {} },
    checkerOptions: {},
    // The sandbox that runs generate.ts wants some program.
    reference: { language: "datastream", text: "export {};" },
    submissions: [],
  };
}

/** A job's file as a submission; a script brings `<name>.functions.ts` along, or the module named by --functions. */
export function readSubmission(file: string, functionsFile: string | null): Submission {
  const language: Language = file.endsWith(".sql") ? "sql" : file.endsWith(".yaml") ? "trace" : "datastream";
  if (functionsFile !== null && language !== "sql") throw new UsageError("--functions goes with a SQL script.");
  const beside = language === "sql" && existsSync(functionsFileOf(file)) ? functionsFileOf(file) : null;
  const module = functionsFile ?? beside;
  return { language, text: readText(file), functions: module === null ? undefined : readText(module) };
}

export function readText(path: string): string {
  if (!existsSync(path)) throw new UsageError(`No such file: ${path}`);
  return readFileSync(path, "utf8");
}

/** A diagnostic of the submitted file under that file's own name. */
export function inFile(diagnostic: DiagnosticData, file: string): DiagnosticData {
  return diagnostic.file === FUNCTIONS_FILE ? diagnostic : { ...diagnostic, file };
}
