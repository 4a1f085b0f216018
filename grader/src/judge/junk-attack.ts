/**
 * Wrong outputs thrown at a problem's comparison, or at its own checker.ts: nothing, too little, too much, values that are no values. A comparison that takes one of
 * them for right, or breaks over it, would do the same with a learner's.
 */
import { compareTopic } from "../checkers/compare-topic.ts";
import { verdictOfTopics } from "../checkers/check-outcome.ts";
import { type Row, rowsOf } from "../checkers/rows.ts";
import { differenceOf } from "../feedback/difference.ts";
import type { OutputSpec, Problem } from "../pack/problem.ts";
import { planWorlds } from "../plan/plan.ts";
import type { WorldChecks } from "./check-world.ts";
import type { ReferenceRun, References } from "./references.ts";

export interface JunkReport {
  readonly attacks: number;
  /** One sentence per attack that was not met as it must be. */
  readonly complaints: readonly string[];
}

interface Attack {
  readonly name: string;
  /** `right`: must be accepted; `wrong`: must not; `any`: must only not break anything. checker.ts may see some things otherwise (`ofChecker`). */
  readonly must: "right" | "wrong" | "any";
  readonly ofChecker: "right" | "wrong" | "any";
  readonly rows: (rows: readonly Row[], spec: OutputSpec) => readonly Row[];
}

const eachCell = (value: unknown) => (rows: readonly Row[]) => rows.map((row) => ({ ...row, cells: row.cells.map(() => value) }));
const filled = (name: string, value: unknown): Attack => ({ name, must: "wrong", ofChecker: "wrong", rows: eachCell(value) });

const ATTACKS: readonly Attack[] = [
  { name: "the right rows", must: "right", ofChecker: "right", rows: (rows) => rows },
  { name: "the right rows from the last to the first", must: "any", ofChecker: "any", rows: (rows) => [...rows].reverse() },
  { name: "no row", must: "wrong", ofChecker: "wrong", rows: () => [] },
  { name: "all but the first row", must: "wrong", ofChecker: "any", rows: (rows) => rows.slice(1) },
  { name: "all but the last row", must: "wrong", ofChecker: "any", rows: (rows) => rows.slice(0, -1) },
  { name: "every row twice", must: "wrong", ofChecker: "any", rows: (rows) => rows.flatMap((row) => [row, row]) },
  {
    name: "one row 2,000 times over",
    must: "wrong",
    ofChecker: "any",
    rows: (rows) => [...rows, ...Array.from({ length: 2000 }, () => rows[0]!)],
  },
  {
    name: "a row of junk besides",
    must: "wrong",
    ofChecker: "any",
    rows: (rows) => [...rows, { cells: rows[0]!.cells.map(() => "junk"), visibleAtMs: rows[0]!.visibleAtMs }],
  },
  filled("NULL in every cell", null),
  filled("text in every cell", "junk"),
  filled("an empty text in every cell", ""),
  filled("NaN in every cell", Number.NaN),
  filled("1e308 in every cell", 1e308),
  filled("-0 in every cell", -0),
  filled("a boolean in every cell", true),
  filled("lists in every cell", [[], [[]]]),
  filled("objects in every cell", { toString: "junk", length: -1, constructor: null }),
  filled("100,000 letters in every cell", "x".repeat(100_000)),
  filled("control characters in every cell", "\u0000\u0001\ud800"),
  { name: "rows without cells", must: "wrong", ofChecker: "wrong", rows: (rows) => rows.map((row) => ({ ...row, cells: [] })) },
];

/** Worlds whose expected outputs are attacked: enough for every output to have rows. */
const MAX_WORLDS = 3;

export async function junkAttack(references: References, checks: WorldChecks, problem: Problem): Promise<JunkReport> {
  const complaints: string[] = [];
  let attacks = 0;
  const custom = problem.modules.checker !== null;
  for (const planned of planWorlds(problem, { seedsPerSecret: 1 }).slice(-MAX_WORLDS)) {
    const reference = await references.run(problem, planned);
    const expected = problem.outputs.map((spec) => ({ spec, rows: rowsOf(reference.outcome, spec).committed }));
    const attacked = expected.filter(({ rows }) => rows.length > 0);
    for (const attack of attacked.length === 0 ? [] : ATTACKS) {
      attacks++;
      const outputs = expected.map(({ spec, rows }) => ({
        spec,
        expected: rows,
        actual: rows.length === 0 ? rows : attack.rows(rows, spec),
      }));
      const must = custom ? attack.ofChecker : attack.must;
      const where = `in ${planned.scenario.name}: ${attack.name}`;
      try {
        const objection = custom ? await ask(checks, problem, outputs) : compare(outputs, reference);
        if (must === "wrong" && objection === null) complaints.push(`taken for right ${where}`);
        if (must === "right" && objection !== null) complaints.push(`not taken for right ${where} (${objection})`);
      } catch (error) {
        complaints.push(`breaks ${where}: ${error instanceof Error ? error.message : String(error)}`);
        // What broke over the right rows will over all others, each time for its full limit.
        if (attack.must === "right") return { attacks, complaints };
      }
    }
  }
  return { attacks, complaints };
}

type Attacked = readonly { readonly spec: OutputSpec; readonly expected: readonly Row[]; readonly actual: readonly Row[] }[];

/** The comparison, and the words about it. */
function compare(outputs: Attacked, { world, outcome }: ReferenceRun): string | null {
  const topics = outputs.map(({ spec, expected, actual }) => {
    const comparison = compareTopic(spec, expected, actual);
    if (comparison.differences.length > 0) differenceOf(1, comparison, expected, { startMs: world.startMs, outcome });
    return comparison;
  });
  return verdictOfTopics(topics);
}

async function ask(checks: WorldChecks, problem: Problem, outputs: Attacked): Promise<string | null> {
  const asObjects = ({ spec }: Attacked[number], rows: readonly Row[]) =>
    rows.map(({ cells }) => Object.fromEntries(spec.columns.map((column, index) => [column.name, cells[index]])));
  const input = Object.fromEntries(
    outputs.map((output) => [
      output.spec.topic,
      { expected: asObjects(output, output.expected), actual: asObjects(output, output.actual) },
    ]),
  );
  const finding = await checks.ask(problem, { outputs: input, options: problem.checkerOptions });
  return finding === null ? null : finding.message;
}
