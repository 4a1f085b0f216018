/** Scripts that bring functions along: through the whole judge, in a real isolate. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Grader, type Problem, type Submission } from "../../src/index.ts";
import { loadPack } from "../../src/pack/load-pack.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const faults: Error[] = [];
const grader = new Grader({ poolSize: 1, onFault: (fault) => faults.push(fault) });
let problem: Problem;

beforeAll(async () => {
  const { pack, diagnostics } = await loadPack(join(import.meta.dirname, "functions-pack"));
  expect(diagnostics).toEqual([]);
  problem = pack!.problems[0]!;
  await grader.start();
});

afterAll(() => {
  expect(faults).toEqual([]);
  return grader.close();
});

const HEAD = 'import { ScalarFunction, TableFunction, UserDefinedAggregateFunction } from "flink";\n';
const CREATE = "CREATE TEMPORARY FUNCTION f AS 'F' LANGUAGE TYPESCRIPT;\n";
const INSERT = "INSERT INTO masked SELECT id, f(card), '' FROM payments;";

function withFunctions(functions: string, text = CREATE + INSERT): Submission {
  return { language: "sql", text, functions: HEAD + functions };
}

describe("functions beside a script", () => {
  it("prove themselves as a pack's submissions", async () => {
    const complaints: string[] = [];
    for (const submission of problem.submissions) {
      const report = await grader.judge(problem, submission);
      if (!submission.permitted.includes(report.verdict)) complaints.push(`${submission.path}: ${report.verdict} ${report.headline}`);
    }
    expect(complaints).toEqual([]);
  });

  it.each([
    [
      "types that do not fit",
      "export class F extends ScalarFunction { eval(a: string): string { return a * 2; } }",
      { code: "COMPILE_TS2322", file: "functions.ts", span: { line: 2 } },
    ],
    [
      "an import of something else",
      'import fs from "node:fs";\nexport class F extends ScalarFunction { eval(): number { return fs; } }',
      { code: "COMPILE_IMPORT_FORBIDDEN", file: "functions.ts" },
    ],
    [
      "a class that is no function",
      "export class F { eval(): number { return 1; } }",
      { code: "SQL_FUNCTION_CLASS", message: "Function 'F' does not extend from 'UserDefinedFunction'.", span: { line: 1, column: 32 } },
    ],
    [
      "no types said",
      "export class F extends ScalarFunction { eval(): number { return 1; } }",
      { code: "FUNCTION_WITHOUT_TYPES", span: { line: 2, column: 31 } },
    ],
    [
      "a type that is none",
      'export class F extends ScalarFunction { static functionHint = { input: ["TEXT"], output: "INT" }; eval(): number { return 1; } }',
      { code: "TABLE_TYPE" },
    ],
    [
      "arguments that do not fit",
      'export class F extends ScalarFunction { static functionHint = { input: ["INT"], output: "INT" }; eval(a: number): number { return a; } }',
      { code: "SQL_ARGUMENT_TYPE", span: { line: 2 } },
    ],
    [
      "more parameters than arguments",
      'export class F extends ScalarFunction { static functionHint = { input: ["STRING"], output: "STRING" }; eval(a: string, b: string): string { return a + b; } }',
      { code: "FUNCTION_WITHOUT_METHOD", span: { line: 2 } },
    ],
  ])("tells of %s, while typing and in the verdict", async (_, functions, expected) => {
    const submission = withFunctions(functions);
    expect((await grader.check(problem, submission))[0]).toMatchObject(expected);
    const judged = await grader.judge(problem, submission);
    expect(judged.verdict).toBe("compile-error");
    expect(judged.diagnostics[0]).toMatchObject(expected);
    const ran = await grader.runSamples(problem, submission);
    expect(ran.verdict).toBe("compile-error");
    expect(ran.diagnostics[0]).toMatchObject(expected);
  });

  it("tells all mistakes of the script at once", async () => {
    const functions =
      'export class F extends ScalarFunction { static functionHint = { output: "STRING" }; eval(a: string): string { return a; } }';
    const diagnostics = await grader.check(
      problem,
      withFunctions(functions, `${CREATE}SELECT nope FROM payments;\nSELECT f(nix) FROM payments;\n${INSERT}`),
    );
    expect(diagnostics).toMatchObject([{ code: "SQL_UNKNOWN_COLUMN" }, { code: "SQL_UNKNOWN_COLUMN", span: { line: 3 } }]);
  });

  it("places an exception in the module", async () => {
    const throws = problem.submissions.find(({ path }) => path === "runtime-error/throws.sql")!;
    const report = await grader.judge(problem, throws);
    expect(report).toMatchObject({
      verdict: "runtime-error",
      diagnostics: [{ file: "functions.ts", span: { line: 7 }, phase: "runtime" }],
    });
    expect(report.headline).toContain("no card: 4");
  });

  it("does not share the module's variables between subtasks and attempts", async () => {
    const functions = `let calls = 0;
export class F extends ScalarFunction {
  static functionHint = { input: ["STRING"], output: "STRING" };
  override isDeterministic() { return false; }
  eval(card: string): string { calls++; return String(calls); }
}`;
    const submission = withFunctions(functions);
    const [world] = (await grader.runSamples(problem, submission)).worlds;
    expect(world!.topics[0]!.rows.map((row) => row.cells[1])).toEqual(["1", "2", "3"]);
  });

  it("may be process table functions", async () => {
    const functions = `import { ProcessTableFunction, type ProcessTableContext, Row } from "flink";
export class F extends ProcessTableFunction<Row> {
  static functionHint = {
    arguments: [{ name: "input", traits: ["SET_SEMANTIC_TABLE"] as const }],
    state: [{ name: "seen", initial: () => ({ count: 0 }) }],
    output: "ROW<id INT, n STRING>",
  };
  eval(_context: ProcessTableContext, seen: { count: number }, input: Row): void {
    seen.count++;
    this.collect(Row.of(input.getField("id"), String(seen.count)));
  }
}`;
    const text = `${CREATE}CREATE VIEW p AS SELECT id, SUBSTRING(card, 1, 1) AS brand FROM payments;
INSERT INTO masked SELECT id, n, brand FROM f(input => TABLE p PARTITION BY brand);`;
    const report = await grader.runSamples(problem, withFunctions(functions, text));
    expect(report.diagnostics).toEqual([]);
    expect(report.worlds[0]!.topics[0]!.rows.map((row) => row.cells.slice(0, 3))).toEqual([
      [1, "1", "4"],
      [2, "1", "5"],
      [3, "2", "4"],
    ]);
  });

  it("cannot leave the isolate", async () => {
    const functions = `export class F extends ScalarFunction {
  static functionHint = { input: ["STRING"], output: "STRING" };
  eval(card: string): string { return typeof (globalThis as Record<string, unknown>).process; }
}`;
    const [world] = (await grader.runSamples(problem, withFunctions(functions))).worlds;
    expect(world!.topics[0]!.rows.map((row) => row.cells[1])).toEqual(["undefined", "undefined", "undefined"]);
  });

  it("ends with a limit when the module does not end", async () => {
    const report = await grader.judge(problem, withFunctions("for (;;);\nexport {}"));
    expect(report.verdict).toBe("time-limit");
  });
});
