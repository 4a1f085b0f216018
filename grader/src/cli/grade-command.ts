/** millrace grade <problemDir> <submissionFile> */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Grader } from "../grader.ts";
import type { JudgeReport } from "../judge/report.ts";
import { loadProblem } from "../pack/load-problem.ts";
import { formatDiagnostic } from "./diagnostics.ts";
import { readSubmission } from "./job-context.ts";
import { explanationText } from "./explanation-text.ts";
import { table } from "./table.ts";
import { UsageError } from "./usage-error.ts";

export async function gradeCommand(grader: Grader, problemDir: string, file: string, functions: string | null): Promise<number> {
  if (!existsSync(join(problemDir, "problem.yaml"))) throw new UsageError(`${problemDir} is no problem: it has no problem.yaml.`);
  const submission = readSubmission(file, functions);
  const { problem, diagnostics } = loadProblem(problemDir, { id: "local", version: "0.0.0" });
  for (const diagnostic of diagnostics) console.error(formatDiagnostic(diagnostic, `${problemDir}/`));
  if (problem === null) return 1;
  const report = await grader.judge(problem, submission, undefined, { explain: true });
  print(report);
  return report.verdict === "accepted" ? 0 : 1;
}

function print(report: JudgeReport): void {
  console.log(`${report.verdict}  ${report.score}/${report.maxScore}\n${report.headline}`);
  for (const diagnostic of report.diagnostics) console.log(formatDiagnostic(diagnostic));
  if (report.groups.length > 0) {
    const rows = report.groups.map((group) => [group.title, `${group.passed}/${group.total}`, `${group.score}/${group.maxScore}`]);
    console.log(`\n${table(["group", "worlds", "score"], rows)}`);
  }
  const { difference } = report;
  if (difference !== null) {
    console.log(`\nFirst difference (world ${difference.world}, topic ${difference.topic}): ${difference.sentence}`);
    const rows = difference.rows.flatMap((row) => [
      [row.kind, ...row.cells],
      ...(row.expected === null ? [] : [["  expected", ...row.expected]]),
    ]);
    console.log(table(["", ...difference.columns], rows));
    if (difference.more > 0) console.log(`  … and ${difference.more} more`);
  }
  if (report.explanation !== null) console.log(`\n${explanationText(report.explanation)}`);
  if (report.hint !== null) console.log(`\nHint: ${report.hint}`);
}
