/**
 * `npm run bench -- sql`: what Flink SQL costs in the engine beside the shortest JavaScript that counts per key and minute, in isolates as in
 * the judge. Exits with 1 and names the rows that miss their target. What is measured and how: README.md; options: `--help`.
 */
import { fileURLToPath } from "node:url";
import { hasNodeFlags, inNodeWithFlags, placeInNode } from "./host.ts";
import { reportOf } from "./report.ts";
import type { Section } from "./section.ts";
import { measureSql } from "./sections/sql.ts";
import { measureSqlFrontEnd } from "./sections/sql-front-end.ts";
import { UsageError } from "./settings.ts";
import { SQL_USAGE, type SqlSettings, sqlSettingsOf } from "./sql-settings.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) {
    console.log(SQL_USAGE);
    return 0;
  }
  try {
    const settings = sqlSettingsOf(args);
    if (settings.host === "isolate" && !hasNodeFlags()) return inNodeWithFlags(fileURLToPath(import.meta.url), args);
    return await reportOf(sections(settings), { savesBaseline: false });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n${SQL_USAGE}`);
    return 2;
  }
}

async function* sections(settings: SqlSettings): AsyncGenerator<Section> {
  if (settings.queries.length === 0) yield measureSqlFrontEnd();
  if (settings.host === "node") {
    const [{ CORE_WORK }, { SQL_WORK }] = await Promise.all([import("./work.ts"), import("./sql-work.ts")]);
    const place = placeInNode({ ...CORE_WORK, ...SQL_WORK });
    yield measureSql(settings, () => place);
    return;
  }
  const { bundleGuest } = await import("./isolate/guest-bundle.ts");
  const { BenchIsolate } = await import("./isolate/bench-isolate.ts");
  const { core, tables } = await bundleGuest();
  yield measureSql(settings, () => new BenchIsolate(core.text, tables.text));
}
