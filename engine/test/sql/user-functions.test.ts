import { describe, expect, it } from "vitest";
import { AggregateFunction } from "../../src/sql/user-functions/aggregate-function.ts";
import { Row } from "../../src/sql/user-functions/row.ts";
import { ScalarFunction } from "../../src/sql/user-functions/scalar-function.ts";
import { TableFunction } from "../../src/sql/user-functions/table-function.ts";
import type { Counter } from "../../src/flow/runtime-context.ts";
import type { FunctionContext } from "../../src/sql/user-functions/user-defined-function.ts";
import { runScript } from "./run-script.ts";

class Shout extends ScalarFunction {
  static functionHint = { input: ["STRING"], output: "STRING" };
  eval(text: string | null): string | null {
    return text === null ? null : `${text.toUpperCase()}!`;
  }
}

class AddUp extends ScalarFunction {
  static functionHint = [
    { input: ["INT", "INT"], output: "INT" },
    { input: ["DOUBLE"], isVarArgs: true, output: "DOUBLE" },
  ];
  eval(...values: number[]): number {
    return values.reduce((sum, value) => sum + value, 0);
  }
}

class Less extends ScalarFunction {
  static functionHint = { input: ["INT", "INT", "INT"], argumentNames: ["a", "b", "c"], isOptional: [false, false, true], output: "INT" };
  eval(a: number, b: number, c: number | null): number {
    return a - b - (c ?? 0);
  }
}

/** Asks for everything that a context has. */
class Asking extends ScalarFunction {
  static functionHint = { input: ["INT"], output: "STRING" };
  private prefix = "";
  private calls: Counter | null = null;
  override open(context: FunctionContext): void {
    const subtask = context.getTaskInfo().getIndexOfThisSubtask();
    this.prefix = `${context.getJobParameter("prefix", "?")}${context.getJobParameter("other", "-")}${subtask}:`;
    this.calls = context.getMetricGroup().counter("calls");
  }
  eval(n: number): string {
    this.calls?.inc();
    return `${this.prefix}${n}/${this.calls?.getCount()}`;
  }
}

class LastOf extends AggregateFunction<string, { text: string }> {
  static functionHint = { input: ["STRING"], output: "STRING" };
  private suffix = "";
  override open(context: FunctionContext): void {
    this.suffix = context.getJobParameter("prefix", "?");
  }
  createAccumulator(): { text: string } {
    return { text: "" };
  }
  accumulate(acc: { text: string }, text: string): void {
    acc.text = text;
  }
  getValue(acc: { text: string }): string {
    return acc.text + this.suffix;
  }
}

class Textual extends ScalarFunction {
  static functionHint = { output: "STRING" };
  eval(...values: unknown[]): string {
    return values
      .map((value) => (value instanceof Date ? value.toISOString() : value instanceof Map ? [...value].join(";") : String(value)))
      .join("|");
  }
}

class Counting extends ScalarFunction {
  static functionHint = { input: [], output: "INT" };
  private n = 0;
  override isDeterministic(): boolean {
    return false;
  }
  override open(): void {
    this.n = 10;
  }
  eval(): number {
    this.n++;
    return this.n;
  }
}

class Split extends TableFunction<Row> {
  static functionHint = { input: ["STRING"], output: "ROW<word STRING, length INT>" };
  eval(text: string | null): void {
    for (const word of (text ?? "").split(" ")) if (word !== "") this.collect(Row.of(word, word.length));
  }
}

class UpTo extends TableFunction<number> {
  static functionHint = { input: ["INT"], output: "INT" };
  eval(n: number): void {
    for (let i = 1; i <= n; i++) this.collect(i);
  }
}

interface Weighted {
  sum: number;
  weight: number;
}

class WeightedAverage extends AggregateFunction<number | null, Weighted> {
  static functionHint = { input: ["BIGINT", "INT"], output: "DOUBLE" };
  createAccumulator(): Weighted {
    return { sum: 0, weight: 0 };
  }
  accumulate(acc: Weighted, value: number, weight: number): void {
    acc.sum += value * weight;
    acc.weight += weight;
  }
  override retract(acc: Weighted, value: number, weight: number): void {
    acc.sum -= value * weight;
    acc.weight -= weight;
  }
  override merge(acc: Weighted, others: Iterable<Weighted>): void {
    for (const other of others) {
      acc.sum += other.sum;
      acc.weight += other.weight;
    }
  }
  getValue(acc: Weighted): number | null {
    return acc.weight === 0 ? null : acc.sum / acc.weight;
  }
}

class Join3 extends AggregateFunction<string, string[]> {
  static functionHint = { input: ["STRING", "INT", "STRING"], output: "STRING NOT NULL" };
  createAccumulator(): string[] {
    return [];
  }
  accumulate(acc: string[], a: string, b: number, c: string): void {
    acc.push(`${a}${b}${c}`);
  }
  getValue(acc: string[]): string {
    return acc.join(",");
  }
}

const functionClasses = new Map(
  Object.entries({ Shout, AddUp, Textual, Counting, Split, UpTo, WeightedAverage, Join3, Less, Asking, LastOf }),
);
const CREATE = [...functionClasses.keys()]
  .map((name) => `CREATE TEMPORARY SYSTEM FUNCTION ${name === "Join3" ? "join3" : name} AS '${name}' LANGUAGE JAVA;`)
  .join("\n");

function answers(query: string, settings = ""): readonly (readonly unknown[])[] {
  const { results } = runScript(`${settings}\n${CREATE}\n${query};`, { functionClasses });
  return results[results.length - 1];
}

const T = "(VALUES ('to be', 2), ('or not', 3), (CAST(NULL AS STRING), 1)) AS t(s, n)";

describe("functions of the user's in SQL", () => {
  it.each([
    ["a scalar function", `SELECT Shout(s) FROM ${T}`, [["TO BE!"], ["OR NOT!"], [null]]],
    ["its name in either case", `SELECT shout('a')`, [["A!"]]],
    ["overloads, casts of arguments", "SELECT AddUp(1, CAST(2 AS TINYINT)), AddUp(1.5, 2, 3)", [[3, 6.5]]],
    ["arguments by name", "SELECT Less(b => 1, a => 5)", [[4]]],
    ["optional arguments", "SELECT Less(b => 1, a => 5, c => 2), Less(5, 1)", [[2, 4]]],
    [
      "values in a program's form",
      "SELECT Textual(DATE '2020-01-02', TIMESTAMP '2020-01-02 03:04:05', CAST(1.5 AS DECIMAL(3, 1)), ARRAY[1, 2], MAP['a', 1], ROW(1, 'x'))",
      [["2020-01-02T00:00:00.000Z|2020-01-02T03:04:05.000Z|1.5|1,2|a,1|+I[1, x]"]],
    ],
    ["fields set in open, evaluated for every row", `SELECT Counting() FROM ${T}`, [[11], [12], [13]]],
    ["in a condition", `SELECT s FROM ${T} WHERE Shout(s) = 'TO BE!'`, [["to be"]]],
    [
      "a table function",
      `SELECT n, word, length FROM ${T}, LATERAL TABLE(Split(s))`,
      [
        [2, "to", 2],
        [2, "be", 2],
        [3, "or", 2],
        [3, "not", 3],
      ],
    ],
    ["a table function with other names", `SELECT n, w FROM ${T}, LATERAL TABLE(Split(s)) AS x(w, l) WHERE l > 2`, [[3, "not"]]],
    [
      "a table function behind LEFT JOIN",
      `SELECT n, word FROM ${T} LEFT JOIN LATERAL TABLE(Split(s)) ON TRUE WHERE n < 3`,
      [
        [2, "to"],
        [2, "be"],
        [1, null],
      ],
    ],
    [
      "one column",
      `SELECT n, i FROM ${T}, LATERAL TABLE(UpTo(n)) AS x(i) WHERE n = 2`,
      [
        [2, 1],
        [2, 2],
      ],
    ],
    ["constant arguments", "SELECT * FROM TABLE(UpTo(3))", [[1], [2], [3]]],
  ])("%s", (_, query, expected) => {
    expect(answers(query)).toEqual(expected);
  });

  it("job parameters, metrics and the subtask, from open", () => {
    expect(answers(`SELECT Asking(n) FROM ${T}`, "SET 'pipeline.global-job-parameters' = 'prefix:a, x:y';")).toEqual([
      ["a-0:2/1"],
      ["a-0:3/2"],
      ["a-0:1/3"],
    ]);
    expect(answers(`SELECT LastOf(s) FROM ${T} WHERE n = 3`, "SET 'pipeline.global-job-parameters' = 'prefix:!';").at(-1)).toEqual([
      "or not!",
    ]);
  });

  it("in computed columns, watermarks and the order of a union", () => {
    const outcome = runScript(
      `${CREATE}
CREATE TABLE src (n INT, loud AS Shout(CAST(n AS STRING)), less AS Less(n, 1)) WITH ('connector' = 'datagen', 'number-of-rows' = '2', 'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '2');
CREATE TABLE snk (loud STRING, less INT) WITH ('connector' = 'blackhole');
INSERT INTO snk SELECT loud, less FROM src;`,
      { functionClasses },
    );
    expect(outcome.tables.snk).toEqual(['["1!",0]', '["2!",1]']);
    expect(() => answers("EXPLAIN SELECT Shout(s) FROM (SELECT s FROM (VALUES ('a')) AS t(s))")).not.toThrow();
  });

  it("an aggregate function, over a changelog", () => {
    const rows = answers(`SELECT WeightedAverage(c, 2) FROM (SELECT n, COUNT(*) AS c FROM (VALUES (1), (1), (2)) AS t(n) GROUP BY n)`);
    expect(rows.at(-1)).toEqual([1.5]);
  });

  it("an aggregate function with three arguments and a filter", () => {
    const rows = answers(`SELECT join3(s, n, '.') FILTER (WHERE n > 1) FROM ${T}`);
    expect(rows.at(-1)).toEqual(["to be2.,or not3."]);
  });

  it.each([
    ["a class nobody knows", "CREATE TEMPORARY FUNCTION f AS 'Nobody'", /Nobody/],
    [
      "arguments that do not fit",
      "SELECT Shout(1)",
      /Invalid argument type at position 0. Data type STRING expected but INT NOT NULL passed/,
    ],
    ["an aggregate in WHERE", `SELECT n FROM ${T} WHERE WeightedAverage(n, 1) > 1`, /illegal/],
    ["a scalar function as a table", "SELECT * FROM TABLE(Shout('a'))", /Function 'Shout' cannot be used as a table function/],
    ["a table function as a value", "SELECT UpTo(1)", /Cannot call table function here: 'UpTo'/],
    ["names where there are overloads", "SELECT AddUp(a => 1, b => 2)", /must not be overloaded or use varargs/],
    ["a name in another case", "SELECT Less(A => 1, b => 2)", /Param 'A' not found in function 'Less'; did you mean 'a'\?/],
    ["a missing argument", "SELECT Less(a => 1)", /No match found for function signature Less\(<NUMERIC>\)/],
    [
      "OVER without retract",
      `SELECT LastOf(s) OVER (ORDER BY PROCTIME() ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM ${T}`,
      /implementation method 'retract' in class 'LastOf'|must be/,
    ],
    [
      "a changelog without retract, by its name",
      "SELECT LastOf(c) FROM (SELECT CAST(COUNT(*) AS STRING) AS c FROM (VALUES (1), (2)) AS t(n))",
      /implementation method 'retract' in class 'LastOf' for function 'LastOf'[\s\S]*void retract\(Accumulator, STRING\)/,
    ],
    [
      "a changelog without retract",
      "SELECT join3('a', n, 'b') FROM (SELECT COUNT(*) FROM (VALUES (1)) AS t(a)) AS u(n)",
      /retract|Invalid/,
    ],
  ])("refuses %s", (_, query, message) => {
    expect(() => answers(query)).toThrow(message);
  });
});
