/** millrace coverage [packDir] */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { coverageOf } from "../checks/coverage.ts";
import { loadPack } from "../pack/load-pack.ts";
import { coverageSchema } from "../pack/schema/coverage.ts";
import { readYaml } from "../pack/yaml-file.ts";
import { formatDiagnostic } from "./diagnostics.ts";
import { table } from "./table.ts";
import { UsageError } from "./usage-error.ts";

/** Prints every item with the problems that name it; exit code 1 when a row is empty, a count too small, or the pack cannot be read. */
export async function coverageCommand(packDir: string): Promise<number> {
  const file = join(packDir, "..", "coverage.yaml");
  if (!existsSync(file)) throw new UsageError(`${file} is missing: coverage.yaml lies beside the packs.`);
  const list = readYaml("coverage.yaml", readFileSync(file, "utf8"), coverageSchema);
  const { pack, diagnostics } = await loadPack(packDir);
  for (const diagnostic of [...list.diagnostics, ...diagnostics]) console.error(formatDiagnostic(diagnostic, ""));
  if (list.value === null || pack === null) return 1;
  const coverage = coverageOf(list.value, pack.problems);
  // The terminal's table cuts long cells: one line a problem.
  const lines = coverage.rows.flatMap(({ id, item, problems }) =>
    problems.length === 0 ? [[id, item, "-"]] : problems.map((problem, index) => [index === 0 ? id : "", index === 0 ? item : "", problem]),
  );
  console.log(`${table(["item", "what", "problems"], lines)}\n`);
  console.log(
    table(
      ["problems", "found", "at least"],
      coverage.counts.map(({ what, found, atLeast }) => [what, found, atLeast]),
    ),
  );
  console.log("");
  for (const complaint of coverage.complaints) console.log(complaint);
  console.log(coverage.complaints.length === 0 ? "Nothing is missing." : `${coverage.complaints.length} gaps.`);
  return coverage.complaints.length + diagnostics.length === 0 ? 0 : 1;
}
