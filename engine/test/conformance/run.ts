/**
 * `node run.ts --suite datastream [--cases DIR] [--filter text]`: runs case files recorded from Flink, prints each failing id with its
 * first difference, and closes with `N passed, N failed`. A suite is a folder beside this file whose `run-case.ts` exports `runCase`.
 * Cases listed in `known-differences.json` with a reason count as neither; one of them that passes is a failure, since the list is out of date.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

/** null = passed, text = the first difference. */
export type RunCase = (caseJson: unknown) => Promise<string | null> | string | null;

export interface CaseFile {
  readonly id: string;
  readonly path: string;
  readonly json: unknown;
}

/** Keeps whole numbers beyond 2^53 as their digits, which is how the cases write a BIGINT of that size. */
function withLongs(key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (key.startsWith("$") || typeof value !== "number" || Number.isSafeInteger(value) || source === undefined || !/^-?\d+$/.test(source))
    return value;
  return source;
}

/** Case files below a folder, in the order of their paths. Files without `id` and `expect` (an index, say) are not cases. */
export function readCases(directory: string, filter = ""): CaseFile[] {
  const cases: CaseFile[] = [];
  const entries = statSync(directory).isDirectory() ? readdirSync(directory, { recursive: true, encoding: "utf8" }).sort() : [""];
  for (const entry of entries) {
    const path = join(directory, entry);
    if (!path.endsWith(".json")) continue;
    const json = JSON.parse(readFileSync(path, "utf8"), withLongs) as { id?: unknown; expect?: unknown };
    if (typeof json.id !== "string" || json.expect === undefined) continue;
    if (path.includes(filter) || json.id.includes(filter)) cases.push({ id: json.id, path, json });
  }
  return cases;
}

/** The cases in the tree: `cases/<suite>` as they were handed to us, and `own/<suite>`, which we asked real Flink ourselves. */
export function vendoredCases(suite: string, filter = ""): CaseFile[] {
  const folders = [join(import.meta.dirname, "cases", suite), join(import.meta.dirname, "own", suite)];
  return folders.filter((folder) => existsSync(folder)).flatMap((folder) => readCases(folder, filter));
}

/** A case in which we differ from Flink on purpose. */
export interface KnownDifference {
  readonly suite: string;
  readonly id: string;
  /** Part of the first difference that the case has, so that the list hides no other one. */
  readonly difference: string;
  readonly reason: string;
  /** What we do. */
  readonly instead: string;
}

/** True when the case differs in the way that the list says. */
export function isKnown(known: KnownDifference, difference: string | null): boolean {
  return difference?.includes(known.difference) === true;
}

/** The list, by case id. */
export function knownDifferences(suite: string): ReadonlyMap<string, KnownDifference> {
  const list = JSON.parse(readFileSync(join(import.meta.dirname, "known-differences.json"), "utf8")) as KnownDifference[];
  return new Map(list.filter((entry) => entry.suite === suite).map((entry) => [entry.id, entry]));
}

/** Runs one case; an exception is a difference too. */
export async function differenceOf(runCase: RunCase, caseFile: CaseFile): Promise<string | null> {
  try {
    return await runCase(caseFile.json);
  } catch (error) {
    return `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

/** First line in which a recorded plan differs from ours; null = equal, undefined = the case has no plan. */
type PlanDifference = (caseJson: unknown) => string | null | undefined;

/** Plans are said apart from results: Flink calls them no contract. */
function reportPlans(cases: readonly CaseFile[], planDifference: PlanDifference): void {
  const compared = cases.flatMap(({ id, json }) => {
    const difference = planDifference(json);
    return difference === undefined ? [] : [{ id, difference }];
  });
  if (compared.length === 0) return;
  for (const { id, difference } of compared) if (difference !== null) console.log(`${id}: plan: ${difference}`);
  const equal = compared.filter(({ difference }) => difference === null).length;
  console.log(`plans: ${equal} equal, ${compared.length - equal} different`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { suite: { type: "string" }, cases: { type: "string" }, filter: { type: "string" } } });
  const suite = values.suite ?? "";
  const module = join(import.meta.dirname, suite, "run-case.ts");
  if (suite === "" || !existsSync(module)) {
    const suites = readdirSync(import.meta.dirname).filter((name) => existsSync(join(import.meta.dirname, name, "run-case.ts")));
    console.error(`unknown suite "${suite}"; there are: ${suites.join(", ")}`);
    return 2;
  }
  const { runCase, planDifference } = (await import(pathToFileURL(module).href)) as { runCase: RunCase; planDifference?: PlanDifference };
  const known = knownDifferences(suite);
  const cases = values.cases === undefined ? vendoredCases(suite, values.filter) : readCases(resolve(values.cases), values.filter);
  let passed = 0;
  let failed = 0;
  for (const caseFile of cases) {
    const difference = await differenceOf(runCase, caseFile);
    const listed = known.get(caseFile.id);
    if (listed !== undefined && isKnown(listed, difference)) {
      console.log(`${caseFile.id}: known difference. ${listed.reason} ${listed.instead}`);
    } else if (listed !== undefined) {
      failed++;
      console.log(`${caseFile.id}: is listed in known-differences.json for another difference: ${difference ?? "it passes"}`);
    } else if (difference === null) {
      passed++;
    } else {
      failed++;
      console.log(`${caseFile.id}: ${difference}`);
    }
  }
  if (planDifference !== undefined) reportPlans(cases, planDifference);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main();
