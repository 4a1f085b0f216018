/**
 * millrace pack export <problem> [--seed n] --out DIR: the worlds of a SQL problem with the reference's queries and our results, as cases in the format in
 * which real Flink's behaviour is recorded. Whoever has a Flink can run them there; faults are left out, since a case knows none.
 */
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportCases, type SqlCase, type SqlCaseTable } from "@millrace/engine/cases";
import type { Grader } from "../grader.ts";
import { loadProblem } from "../pack/load-problem.ts";
import type { Problem } from "../pack/problem.ts";
import { formatDiagnostic } from "./diagnostics.ts";
import { UsageError } from "./usage-error.ts";

export interface ExportArguments {
  /** A problem's folder, or its id in a pack under `problems/`. */
  readonly problem: string;
  /** Of every scenario that draws lots; samples are what they are. */
  readonly seed: number;
  readonly out: string;
}

export async function exportCommand(grader: Grader, { problem: named, seed, out }: ExportArguments): Promise<number> {
  const dir = folderOf(named);
  const { problem, diagnostics } = loadProblem(dir, { id: "local", version: "0.0.0" });
  for (const diagnostic of diagnostics) console.error(formatDiagnostic(diagnostic, `${dir}/`));
  if (problem === null) return 1;
  const script = scriptOf(problem);
  if (script === null) throw new UsageError(`${problem.id} has no right answer in SQL, so there are no queries to export.`);
  mkdirSync(out, { recursive: true });
  const refused = new Map<string, number>();
  let written = 0;
  for (const scenario of problem.scenarios) {
    const { cases, refused: reasons } = exportCases({
      id: `${problem.id}-${scenario.name}-${seed}`,
      area: problem.id,
      title: `${problem.title}: ${scenario.title}, seed ${seed}${scenario.faults.length === 0 ? "" : ", without its faults"}`,
      given: problem.given.sql ?? "",
      script,
      world: await grader.worldOf(problem, scenario, seed),
    });
    for (const exported of cases) {
      const rows = exported.tables.reduce((sum, table) => sum + table.rows.length, 0);
      writeFileSync(join(out, `${exported.id}.json`), caseText(exported));
      console.log(`${exported.id}.json: ${rows} rows in, ${exported.expect.changelog?.length ?? 0} changes out`);
      written++;
    }
    for (const reason of reasons) refused.set(reason, (refused.get(reason) ?? 0) + 1);
  }
  for (const [reason, times] of refused) console.error(`not exported (${times}): ${reason}`);
  console.log(`${written} cases in ${out}`);
  return written > 0 ? 0 : 1;
}

/** The reference, or where that is a DataStream job, the first accepted script. */
function scriptOf({ reference, submissions }: Problem): string | null {
  if (reference.language === "sql") return reference.text;
  return submissions.find(({ path, language }) => language === "sql" && path.startsWith("accepted/"))?.text ?? null;
}

function folderOf(named: string): string {
  if (existsSync(join(named, "problem.yaml"))) return named;
  const packs = existsSync("problems") ? readdirSync("problems").filter((name) => statSync(join("problems", name)).isDirectory()) : [];
  const found = packs.map((pack) => join("problems", pack, named)).find((dir) => existsSync(join(dir, "problem.yaml")));
  if (found === undefined)
    throw new UsageError(`${named} is no problem: there is no problem.yaml in it, nor in a folder of that name in a pack.`);
  return found;
}

/** A row a line, as the recorded ones are written. */
function caseText({ tables, expect, ...rest }: SqlCase): string {
  const fields = [
    ...Object.entries(rest).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`),
    `"tables": [\n${tables.map(tableText).join(",\n")}]`,
    `"expect": {\n${Object.entries(expect)
      .map(
        ([key, value]) =>
          `  ${JSON.stringify(key)}: ${key === "changelog" || key === "final" ? linesText(value as unknown[]) : JSON.stringify(value)}`,
      )
      .join(",\n")}}`,
  ];
  return `{\n${fields.join(",\n")}\n}\n`;
}

function tableText({ rows, ...table }: SqlCaseTable): string {
  return `  ${JSON.stringify(table).slice(0, -1)}, "rows": ${linesText(rows)}}`;
}

function linesText(list: readonly unknown[]): string {
  return list.length === 0 ? "[]" : `[\n${list.map((item) => `    ${JSON.stringify(item)}`).join(",\n")}]`;
}
