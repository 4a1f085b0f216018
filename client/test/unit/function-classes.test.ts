/**
 * Classes that are read against classes that are evaluated: the check of a script says the same with either, and where reading is not enough, it says so.
 */
import * as table from "@millrace/engine/table";
import { checkSql } from "@millrace/engine/sql";
import { transformSync } from "esbuild";
import { describe, expect, it } from "vitest";
import { checkScript } from "../../src/workers/check-script.ts";
import { functionExportsOf } from "../../src/workers/function-classes.ts";

const GIVEN = `CREATE TABLE payments (id INT, card STRING, amount DECIMAL(10, 2)) WITH ('connector' = 'datagen');
CREATE TABLE masked (id INT, card STRING) WITH ('connector' = 'blackhole');`;
const HEAD =
  'import { ScalarFunction, TableFunction, UserDefinedAggregateFunction, ProcessTableFunction, type ProcessTableContext, DataTypes, Row, ChangelogMode } from "flink";\n';
const CREATE = "CREATE TEMPORARY FUNCTION f AS 'F' LANGUAGE TYPESCRIPT;\n";
const ROW = "INSERT INTO masked SELECT id, f(card) FROM payments;";
const COUNT = "INSERT INTO masked SELECT id, CAST(f(card, amount) AS STRING) FROM payments GROUP BY id;";
const LATERAL = "INSERT INTO masked SELECT id, part FROM payments, LATERAL TABLE(f(card)) AS t (part);";
const PROCESS = "INSERT INTO masked SELECT id, text FROM f(input => TABLE payments PARTITION BY id);";

/** What the judge does in its sandbox. */
function evaluated(text: string): Map<string, never> {
  const { code } = transformSync(text, { loader: "ts", format: "cjs" });
  const module = { exports: {} as Record<string, unknown> };
  new Function("require", "module", "exports", code)(() => table, module, module.exports);
  return new Map(Object.entries(module.exports).filter(([, value]) => typeof value === "function")) as Map<string, never>;
}

describe("functions that are read", () => {
  it.each<[string, string, string]>([
    [
      "a scalar function",
      'export class F extends ScalarFunction { static functionHint = { input: ["STRING"], output: "STRING" }; eval(a: string): string { return a; } }',
      ROW,
    ],
    [
      "its types without a semicolon, over several lines, with `as const`",
      `export class F extends ScalarFunction {
  static readonly functionHint = {
    input: ["STRING"], // one
    output: 'STRING',
  } as const
  private seen = new Map<string, { n: number }>()
  eval(card: string | null, ...rest: string[]): string { return card?.replace(/[{"'/]/g, \`\${rest.length}}\`) ?? ""; }
}`,
      ROW,
    ],
    [
      "several hints",
      'export class F extends ScalarFunction { static functionHint = [{ input: ["INT"], output: "STRING" }, { input: ["STRING"], output: "STRING" }]; eval(a: unknown) { return String(a); } }',
      ROW,
    ],
    [
      "constants and DataTypes",
      "const IN = [DataTypes.STRING().nullable()];\nconst HINT: { input: unknown[]; output: unknown } = { input: IN, output: DataTypes.VARCHAR(10) };\nexport class F extends ScalarFunction { static functionHint = HINT; eval(a: string): string { return a; } }",
      ROW,
    ],
    [
      "a class by another name",
      'class Mask extends ScalarFunction { static functionHint = { input: ["STRING"], output: "STRING" }; eval(a: string): string { return a; } }\nexport { Mask as F };',
      ROW,
    ],
    [
      "an inherited method and hint",
      'abstract class Base<T> extends ScalarFunction { static functionHint = { input: ["STRING"], output: "STRING" }; eval(a: T): T { return a; } }\nexport class F extends Base<string> {}',
      ROW,
    ],
    [
      "flink as a whole",
      'import * as f from "flink";\nexport class F extends f.ScalarFunction { static functionHint = { output: f.DataTypes.STRING() }; eval(a: string): string { return a; } }',
      ROW,
    ],
    [
      "wrong argument",
      'export class F extends ScalarFunction { static functionHint = { input: ["INT"], output: "STRING" }; eval(a: number): string { return String(a); } }',
      ROW,
    ],
    [
      "wrong number of arguments",
      'export class F extends ScalarFunction { static functionHint = { input: ["STRING", "INT"], output: "STRING" }; eval(a: string, b: number): string { return a + b; } }',
      ROW,
    ],
    [
      "a result that does not fit the sink",
      'export class F extends ScalarFunction { static functionHint = { input: ["STRING"], output: "ARRAY<INT>" }; eval(a: string): number[] { return [a.length]; } }',
      ROW,
    ],
    [
      "more parameters than arguments",
      'export class F extends ScalarFunction { static functionHint = { input: ["STRING"], output: "STRING" }; eval(a: string, b: Map<string, () => number>, c = 1): string { return a + b + c; } }',
      ROW,
    ],
    ["no types", "export class F extends ScalarFunction { eval(a: string): string { return a; } }", ROW],
    [
      "a type that is none",
      'export class F extends ScalarFunction { static functionHint = { input: ["TEXT"], output: "STRING" }; eval(a: string): string { return a; } }',
      ROW,
    ],
    [
      "no eval",
      'export class F extends ScalarFunction { static functionHint = { output: "STRING" }; evaluate(a: string): string { return a; } }',
      ROW,
    ],
    [
      "eval that is a field",
      'export class F extends ScalarFunction { static functionHint = { output: "STRING" }; eval = (a: string): string => a; }',
      ROW,
    ],
    [
      "a static eval",
      'export class F extends ScalarFunction { static functionHint = { output: "STRING" }; static eval(a: string): string { return a; } }',
      ROW,
    ],
    ["no function at all", "export class F { eval(): number { return 1 } }", ROW],
    [
      "not exported",
      'class F extends ScalarFunction { static functionHint = { output: "STRING" }; eval(a: string): string { return a; } }',
      ROW,
    ],
    [
      "a table function where a scalar one belongs",
      'export class F extends TableFunction<string> { static functionHint = { input: ["STRING"], output: "STRING" }; eval(a: string): void { this.collect(a); } }',
      ROW,
    ],
    [
      "a table function",
      'export class F extends TableFunction<string> { static functionHint = { input: ["STRING"], output: "STRING" }; eval(a: string): void { this.collect(a); } }',
      LATERAL,
    ],
    [
      "a table function of rows",
      'export class F extends TableFunction<Row> { static functionHint = { output: "ROW<a STRING, b INT>" }; eval(a: string): void { this.collect(Row.of(a, 1)); } }',
      LATERAL,
    ],
    [
      "an aggregate function",
      'export class F extends UserDefinedAggregateFunction<number, { n: number }> { static functionHint = { input: ["STRING", "DECIMAL(10, 2)"], output: "BIGINT" }; createAccumulator() { return { n: 0 }; } accumulate(acc: { n: number }, _card: string, _amount: number): void { acc.n++; } getValue(acc: { n: number }): number { return acc.n; } }',
      COUNT,
    ],
    [
      "an aggregate function without getValue",
      'export class F extends UserDefinedAggregateFunction<number, { n: number }> { static functionHint = { output: "BIGINT" }; createAccumulator() { return { n: 0 }; } accumulate(acc: { n: number }): void { acc.n++; } }',
      COUNT,
    ],
    [
      "an aggregate function where retract is needed",
      'export class F extends UserDefinedAggregateFunction<number, { n: number }> { static functionHint = { output: "BIGINT" }; createAccumulator() { return { n: 0 }; } accumulate(acc: { n: number }): void { acc.n++; } getValue(acc: { n: number }): number { return acc.n; } }',
      "INSERT INTO masked SELECT 1, CAST(f(n) AS STRING) FROM (SELECT id, COUNT(*) AS n FROM payments GROUP BY id);",
    ],
    [
      "a process table function",
      `export class F extends ProcessTableFunction<string> {
  static functionHint = {
    arguments: [{ name: "input", traits: ["SET_SEMANTIC_TABLE"] as const }],
    state: [{ name: "seen", initial: () => ({ count: 0, at: [1, 2] }) }],
    output: "ROW<text STRING>",
  };
  eval(_context: ProcessTableContext, seen: { count: number }, input: Row): void { seen.count++; this.collect(String(input)); }
}`,
      PROCESS,
    ],
    [
      "a process table function without arguments",
      'export class F extends ProcessTableFunction<string> { static functionHint = { output: "STRING" }; eval(): void {} }',
      PROCESS,
    ],
    [
      "a call with constants",
      'export class F extends ScalarFunction { static functionHint = { output: "STRING" }; eval(a: string): string { return a.toUpperCase(); } }',
      "INSERT INTO masked SELECT id, f('x') FROM payments WHERE f('a') = 'A';",
    ],
  ])("%s", (_, module, script) => {
    const text = CREATE + script;
    const read = checkScript({ text, functions: HEAD + module, given: GIVEN, topics: [] });
    expect(read).toEqual(checkSql(text, GIVEN, [], evaluated(HEAD + module)));
  });

  it.each<[string, string]>([
    [
      "a hint that is computed",
      "export class F extends ScalarFunction { static functionHint = hint(1); eval(): number { return 1; } }\nfunction hint(n: number) { return { output: String(n) }; }",
    ],
    ["a base that is computed", "export class F extends mixed(ScalarFunction) {}"],
    [
      "a hint that is set from outside",
      'export class F extends ScalarFunction { eval(): number { return 1; } }\nF.functionHint = { output: "INT" };',
    ],
    ["a value", "export const F = class extends ScalarFunction {};"],
    [
      "kinds of rows that only a call tells",
      'export class F extends ProcessTableFunction<Row> { static functionHint = { arguments: [], output: "ROW<a INT>" }; getChangelogMode() { return ChangelogMode.upsert(); } eval(): void {} }',
    ],
  ])("leaves %s to the server", (_, module) => {
    expect(functionExportsOf(HEAD + module)?.get("F")).toBeNull();
    expect(checkScript({ text: CREATE + ROW, functions: HEAD + module, given: GIVEN, topics: [] })).toBeNull();
  });

  it.each(['const a = "', "export class F extends ScalarFunction { eval( }", "const a = `${`", "/* ", "export * from 'flink';"])(
    "cannot read %s",
    (text) => {
      expect(functionExportsOf(text)).toBeNull();
      expect(checkScript({ text: CREATE + ROW, functions: text, given: GIVEN, topics: [] })).toBeNull();
    },
  );

  it("never stops at any beginning of a module", () => {
    const whole = `${HEAD}const R = /[/"]\\//g, T = \`a\${"}"}\`;
export default class F<T> extends ScalarFunction implements X { static { R.test(T); } @d() get a() { return 1 / 2 / 3; } static functionHint = { input: ["A", DataTypes.ROW(DataTypes.FIELD("a", DataTypes.INT()))], f() {}, g: (a) => a }; }`;
    for (let end = 0; end <= whole.length; end++) functionExportsOf(whole.slice(0, end));
  });
});
