/** The grader's commands: run, sql, crashpoints, grade, pack verify, coverage. Started by millrace.mjs under the pinned Node. */
import { parseArgs } from "node:util";
import { coverageCommand } from "./cli/coverage-command.ts";
import { crashPointsCommand } from "./cli/crash-points-command.ts";
import { exportCommand } from "./cli/export-command.ts";
import { gradeCommand } from "./cli/grade-command.ts";
import { packBuildCommand, packImportCommand, packNewCommand, packSchemaCommand } from "./cli/pack-command.ts";
import { runCommand } from "./cli/run-command.ts";
import { sqlCheckCommand } from "./cli/sql-check-command.ts";
import { sqlCommand } from "./cli/sql-command.ts";
import { UsageError } from "./cli/usage-error.ts";
import { verifyCommand } from "./cli/verify-command.ts";
import { Grader } from "./grader.ts";

const USAGE = `millrace run <job.ts|job.sql> --scenario s.yaml [--seed n] [--given given.sql] [--record out.json] [--explain]
             [--savepoint out.json] [--from in.json [--allow-non-restored-state]]
millrace crashpoints [<job.ts|job.sql> --scenario s.yaml] [--seed n] [--given given.sql] [--points]
millrace sql FILE… [--set NAME=VALUE]… [--capture] [--parallelism 1] [--for 60] [--paced]
millrace sql check FILE… [--parse-only] [--set NAME=VALUE]…   (mistakes as JSON lines; - reads standard input)
millrace grade <problemDir> <submissionFile>
Scripts of SQL take --functions classes.ts; my.functions.ts beside my.sql is found by itself.
millrace pack verify <packDir> [--seeds 20] [--no-mutants | --mutants-only] [--quick] [--only problem]   (--quick: 3 seeds, no mutants)
millrace pack new <problemDir> [--kind datastream|sql|trace|decide|debug|tune|upgrade]
millrace pack build <packDir> [--out pack.zip]
millrace pack import <pack.zip> --into DIR
millrace pack schema [--out problems/schemas]
millrace pack export <problem> [--seed 1] --out DIR   (a SQL problem's worlds, reference and results as cases for a real Flink)
millrace coverage [packDir]   (which problem covers which item of coverage.yaml)
millrace user add NAME [--role admin] [--password-stdin] | user link NAME | user list   (accounts of the server)
millrace backup FILE | restore FILE   (the database of the server)`;

/**
 * A pack's submissions are all of one author, so they may share processes: nothing is gained by giving each a cold one. And they are many, each run for moments only:
 * what V8's last compiler makes of them, and collecting garbage on four threads at once, costs more than it gives (a third of all CPU time).
 */
const FOR_PACKS = { poolSize: 2, submissionsPerProcess: 10, nodeFlags: ["--no-turbofan", "--single-threaded-gc"] } as const;

async function main(args: string[]): Promise<number> {
  if (["help", "--help", "-h"].includes(args[0] ?? "")) {
    console.log(USAGE);
    return 0;
  }
  const { values, positionals } = parse(args);
  const [command, ...rest] = positionals;
  const grader = new Grader(command === "pack" ? { ...FOR_PACKS, onFault: tellOnce() } : { poolSize: 1 });
  try {
    if (command === "run") {
      const [job] = rest;
      if (job === undefined || rest.length > 1) throw new UsageError("run takes one job file.");
      if (values.scenario === undefined) throw new UsageError("run needs --scenario.");
      const seed = values.seed === undefined ? null : positive("--seed", values.seed);
      const { scenario, given = null, functions = null, record = null, explain, savepoint = null, from = null } = values;
      const allowNonRestoredState = values["allow-non-restored-state"];
      if (allowNonRestoredState && from === null) throw new UsageError("--allow-non-restored-state needs --from.");
      return await runCommand(grader, { job, scenario, seed, given, functions, record, explain, savepoint, from, allowNonRestoredState });
    }
    if (command === "crashpoints") {
      const [job = null] = rest;
      if (rest.length > 1) throw new UsageError("crashpoints takes one job file, or none.");
      const seed = values.seed === undefined ? null : positive("--seed", values.seed);
      const { scenario = null, given = null, functions = null, points } = values;
      return await crashPointsCommand(grader, { job, scenario, seed, given, functions, points });
    }
    if (command === "grade") {
      const [problemDir, file] = rest;
      if (problemDir === undefined || file === undefined) throw new UsageError("grade takes a problem folder and a submission.");
      return await gradeCommand(grader, problemDir, file, values.functions ?? null);
    }
    if (command === "pack" && rest[0] === "verify" && rest[1] !== undefined) {
      const seeds = values.quick ? 3 : positive("--seeds", values.seeds ?? "20");
      const mutants = values["mutants-only"] ? "only" : values.quick || values["no-mutants"] ? "without" : "with";
      return await verifyCommand(grader, rest[1], { seeds, mutants, quick: values.quick, only: values.only ?? null });
    }
    if (command === "pack" && rest[0] === "new" && rest[1] !== undefined) return packNewCommand(rest[1], values.kind ?? "datastream");
    if (command === "pack" && rest[0] === "build" && rest[1] !== undefined) return await packBuildCommand(rest[1], values.out ?? null);
    if (command === "pack" && rest[0] === "import" && rest[1] !== undefined) {
      if (values.into === undefined) throw new UsageError("pack import needs --into, the folder of packs.");
      return await packImportCommand(rest[1], values.into);
    }
    if (command === "pack" && rest[0] === "export" && rest[1] !== undefined) {
      if (values.out === undefined) throw new UsageError("pack export needs --out, the folder for the cases.");
      return await exportCommand(grader, { problem: rest[1], seed: positive("--seed", values.seed ?? "1"), out: values.out });
    }
    if (command === "pack" && rest[0] === "schema") return packSchemaCommand(values.out ?? "problems/schemas");
    if (command === "coverage") return await coverageCommand(rest[0] ?? "problems/flink-interview");
    if (command === "sql" && rest[0] === "check") {
      if (rest.length === 1) throw new UsageError("sql check takes one script, or several; - is standard input.");
      const { set: variables = [], functions = null } = values;
      return await sqlCheckCommand({ files: rest.slice(1), variables, parseOnly: values["parse-only"], functions });
    }
    if (command === "sql") {
      if (rest.length === 0) throw new UsageError("sql takes one script, or several.");
      const { set: variables = [], capture, paced, functions = null } = values;
      const parallelism = positive("--parallelism", values.parallelism ?? "1");
      const forMs = positive("--for", values.for ?? "60") * 1000;
      return await sqlCommand({ files: rest, variables, capture, parallelism, forMs, paced, functions });
    }
    throw new UsageError(command === undefined ? "Which command?" : `Unknown command: ${positionals.join(" ")}`);
  } finally {
    await grader.close();
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        scenario: { type: "string" },
        seed: { type: "string" },
        given: { type: "string" },
        functions: { type: "string" },
        record: { type: "string" },
        savepoint: { type: "string" },
        from: { type: "string" },
        "allow-non-restored-state": { type: "boolean", default: false },
        explain: { type: "boolean", default: false },
        points: { type: "boolean", default: false },
        seeds: { type: "string" },
        quick: { type: "boolean", default: false },
        only: { type: "string" },
        kind: { type: "string" },
        out: { type: "string" },
        into: { type: "string" },
        "no-mutants": { type: "boolean", default: false },
        "mutants-only": { type: "boolean", default: false },
        set: { type: "string", multiple: true },
        capture: { type: "boolean", default: false },
        paced: { type: "boolean", default: false },
        "parse-only": { type: "boolean", default: false },
        parallelism: { type: "string" },
        for: { type: "string" },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** A pack's broken generator breaks every judgement in the same way. */
function tellOnce(): (fault: Error) => void {
  const told = new Set<string>();
  return ({ message }) => {
    if (!told.has(message)) console.error(message);
    told.add(message);
  };
}

function positive(option: string, text: string): number {
  const number = Number(text.replace(/^n=/, ""));
  if (!Number.isSafeInteger(number) || number < 1) throw new UsageError(`${option} needs a whole number from 1, not ${text}.`);
  return number;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
