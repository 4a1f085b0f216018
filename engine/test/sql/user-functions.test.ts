import { describe, expect, it } from "vitest";
import { AggregateFunction } from "../../src/sql/user-functions/aggregate-function.ts";
import { Row } from "../../src/sql/user-functions/row.ts";
import { ScalarFunction } from "../../src/sql/user-functions/scalar-function.ts";
import { TableFunction } from "../../src/sql/user-functions/table-function.ts";
import { runScript } from "./run-script.ts";

class Shout extends ScalarFunction {
  static functionHint = { input: ["STRING"], output: "STRING" };
  eval(text: string | null): string | null {
    return text === null ? null : `${text.toUpperCase()}!`;
  }
}

class AddUp extends ScalarFunction {
  static functionHint = [
    { input: ["INT", "INT"], argumentNames: ["a", "b"], output: "INT" },
    { input: ["DOUBLE"], isVarArgs: true, output: "DOUBLE" },
  ];
  eval(...values: number[]): number {
    return values.reduce((sum, value) => sum + value, 0);
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

const functionClasses = new Map(Object.entries({ Shout, AddUp, Textual, Counting, Split, UpTo, WeightedAverage, Join3 }));
const CREATE = [...functionClasses.keys()]
  .map((name) => `CREATE TEMPORARY SYSTEM FUNCTION ${name === "Join3" ? "join3" : name} AS '${name}' LANGUAGE JAVA;`)
  .join("\n");

function answers(query: string): readonly (readonly unknown[])[] {
  const { results } = runScript(`${CREATE}\n${query};`, { functionClasses });
  return results[results.length - 1];
}

const T = "(VALUES ('to be', 2), ('or not', 3), (CAST(NULL AS STRING), 1)) AS t(s, n)";

describe("functions of the user's in SQL", () => {
  it.each([
    ["a scalar function", `SELECT Shout(s) FROM ${T}`, [["TO BE!"], ["OR NOT!"], [null]]],
    ["its name in either case", `SELECT shout('a')`, [["A!"]]],
    ["overloads, casts of arguments", "SELECT AddUp(1, CAST(2 AS TINYINT)), AddUp(1.5, 2, 3)", [[3, 6.5]]],
    ["arguments by name", "SELECT AddUp(b => 1, a => 2)", [[3]]],
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
    ["arguments that do not fit", "SELECT Shout(1)", /Invalid input arguments. Expected signatures are:\nShout\(STRING\)/],
    ["an aggregate in WHERE", `SELECT n FROM ${T} WHERE WeightedAverage(n, 1) > 1`, /illegal/],
    ["a scalar function as a table", "SELECT * FROM TABLE(Shout('a'))", /cannot be used here/],
    [
      "a changelog without retract",
      "SELECT join3('a', n, 'b') FROM (SELECT COUNT(*) FROM (VALUES (1)) AS t(a)) AS u(n)",
      /retract|Invalid/,
    ],
  ])("refuses %s", (_, query, message) => {
    expect(() => answers(query)).toThrow(message);
  });
});
