/**
 * Each folder holds a submission to problem/ and `report.yaml`: the parts of the judge's report that it must get. `edit:` in the
 * report makes the submission out of the reference instead ([from, to] pairs), so that a case shows nothing but its mistake.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Grader, type JudgeProgress, type Problem } from "../../src/index.ts";
import { loadProblem } from "../../src/pack/load-problem.ts";

interface Case {
  readonly edit?: readonly (readonly [string, string])[];
  readonly report: Readonly<Record<string, unknown>>;
}

const HERE = dirname(fileURLToPath(import.meta.url));
const faults: Error[] = [];
const grader = new Grader({ poolSize: 2, onFault: (fault) => faults.push(fault) });
let problem: Problem;

beforeAll(async () => {
  const loaded = loadProblem(join(HERE, "problem"), { id: "cases", version: "1.0.0" });
  expect(loaded.diagnostics).toEqual([]);
  problem = loaded.problem!;
  await grader.start();
}, 60_000);

afterAll(() => grader.close());

describe("cases", () => {
  const names = readdirSync(HERE).filter((name) => existsSync(join(HERE, name, "report.yaml")));
  it.each(names)(
    "%s",
    async (name) => {
      const { edit, report: expected } = parse(readFileSync(join(HERE, name, "report.yaml"), "utf8")) as Case;
      const report = await grader.judge(problem, { language: existsSync(join(HERE, name, "submission.sql")) ? "sql" : "datastream", text: textOf(name, edit) });
      expect(report).toMatchObject(expected);
      expect(faults).toEqual([]);
    },
    30_000,
  );
});

function textOf(name: string, edit: Case["edit"]): string {
  if (edit === undefined) {
    const file = ["submission.ts", "submission.sql"].map((ending) => join(HERE, name, ending)).find(existsSync);
    return readFileSync(file!, "utf8");
  }
  let text = problem.reference.text;
  for (const [from, to] of edit) {
    expect(text, `${name}: the reference contains ${from}`).toContain(from);
    text = text.replace(from, () => to);
  }
  return text;
}

describe("the door", () => {
  const reference = () => ({ language: "datastream" as const, text: problem.reference.text });

  it("reports progress in order and ends with the report", async () => {
    const seen: JudgeProgress[] = [];
    const report = await grader.judge(problem, reference(), (progress) => seen.push(progress));
    expect(seen.map((progress) => progress.kind)).toEqual(["compiling", "planned", ...Array.from({ length: 8 }, () => "world"), "finished"]);
    expect(seen.at(-1)).toEqual({ kind: "finished", report });
  });

  it("refuses 5 MB and nothing at all", async () => {
    const large = await grader.judge(problem, { language: "datastream", text: `// ${"x".repeat(5 * 1024 * 1024)}` });
    expect(large).toMatchObject({ verdict: "compile-error", score: 0, diagnostics: [{ code: "SUBMISSION_TOO_LARGE", span: { line: 1 } }] });
    const empty = await grader.runSamples(problem, { language: "datastream", text: " \n" });
    expect(empty).toMatchObject({ verdict: "compile-error", diagnostics: [{ code: "SUBMISSION_EMPTY" }] });
  });

  it("runs the samples with recording and tables", async () => {
    const text = `${problem.reference.text}\nconsole.log("hello", { a: 1 });`;
    const report = await grader.runSamples(problem, { language: "datastream", text });
    expect(report).toMatchObject({ verdict: "accepted", worlds: [{ name: "sample-1", topics: [{ topic: "counts", equal: true, expectedRows: 3 }] }] });
    expect(report.worlds[0]!.printed).toContain('hello {"a":1}');
    expect(report.worlds[0]!.recording!.events.length).toBeGreaterThan(10);
  });

  it("shows samples: arrivals and expected rows", async () => {
    const [world] = await grader.sampleWorlds(problem);
    expect(world!.inputs[0]!.columns.map((column) => column.name)).toEqual(["arrives", "user", "at"]);
    expect(world!.inputs[0]!.rows).toHaveLength(4);
    expect(world!.expected[0]!.rows).toContainEqual(["ann", Date.UTC(2026, 0, 5, 10), 2]);
  });

  it("repeats itself to the byte", async () => {
    expect(await grader.findIndeterminism(problem)).toEqual([]);
  });

  it("checks while the learner types", async () => {
    const diagnostics = await grader.check(problem, { language: "datastream", text: 'import { Duration } from "flink";\nDuration.ofMinits(1);' });
    expect(diagnostics).toMatchObject([{ code: "COMPILE_TS2551", span: { line: 2, column: 10 } }]);
  });
});
