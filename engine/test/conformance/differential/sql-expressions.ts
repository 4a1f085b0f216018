/**
 * `node sql-expressions.ts --seed 1 --count 40 DIR` writes random SQL expressions over a table of typed columns as cases into DIR, without
 * `expect`: real Flink fills that in (`record.sh sql DIR`). The same seed and number give the same case.
 *
 * Expressions are built backwards from the type wanted, so that nearly all of them are accepted; what fails does so alone, because a case
 * has few of them.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Choices } from "./choices.ts";

type Kind = "int" | "bigint" | "double" | "decimal" | "text" | "boolean" | "timestamp" | "date" | "ints" | "texts" | "map";

const COLUMNS: readonly (readonly [name: string, type: string, kind: Kind])[] = [
  ["i", "INT", "int"],
  ["ni", "INT NOT NULL", "int"],
  ["l", "BIGINT", "bigint"],
  ["d", "DOUBLE", "double"],
  ["de", "DECIMAL(10, 2)", "decimal"],
  ["s", "STRING", "text"],
  ["ns", "STRING NOT NULL", "text"],
  ["b", "BOOLEAN", "boolean"],
  ["ts", "TIMESTAMP(3)", "timestamp"],
  ["dt", "DATE", "date"],
  ["ai", "ARRAY<INT>", "ints"],
  ["sa", "ARRAY<STRING>", "texts"],
  ["m", "MAP<STRING, INT>", "map"],
];

const EXPRESSIONS_PER_CASE = 6;
const ROWS_PER_CASE = 6;

type Make = (kind: Kind) => string;
type Form = (make: Make, choices: Choices) => string;

const UNITS = ["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"] as const;
const constant = (choices: Choices): string => String(choices.int(-3, 12));

const FORMS: Readonly<Record<Kind, readonly Form[]>> = {
  int: [
    (make, c) => `(${make("int")} ${c.of(["+", "-", "*"])} ${make("int")})`,
    (make, c) => `${c.of(["ABS", "SIGN", "FLOOR"])}(${make("int")})`,
    (make) => `CHAR_LENGTH(${make("text")})`,
    (make) => `CAST(${make("double")} AS INT)`,
    (make) => `CAST(${make("bigint")} AS INT)`,
    (make) => `COALESCE(${make("int")}, ${make("int")})`,
    (make) => `CASE WHEN ${make("boolean")} THEN ${make("int")} ELSE ${make("int")} END`,
    (make) => `GREATEST(${make("int")}, ${make("int")})`,
    (make) => `NULLIF(${make("int")}, ${make("int")})`,
    (make) => `POSITION(${make("text")} IN ${make("text")})`,
    (make) => `TRY_CAST(${make("text")} AS INT)`,
    (make) => `CARDINALITY(${make("ints")})`,
    (make) => `ARRAY_MAX(${make("ints")})`,
    (make, c) => `${make("map")}['${c.of(["a", "b", "zz"])}']`,
    (make) => `ARRAY_POSITION(${make("ints")}, ${make("int")})`,
    (make, c) => `TIMESTAMPDIFF(${c.of(UNITS)}, ${make("timestamp")}, ${make("timestamp")})`,
    (make) => `ASCII(${make("text")})`,
  ],
  bigint: [
    (make, c) => `(${make("bigint")} ${c.of(["+", "-", "*"])} ${make("int")})`,
    (make) => `CAST(${make("int")} AS BIGINT)`,
    (make) => `CAST(${make("decimal")} AS BIGINT)`,
    (make, c) => `EXTRACT(${c.of([...UNITS, "WEEK", "DOW", "QUARTER"])} FROM ${make("timestamp")})`,
    (make) => `YEAR(${make("date")})`,
    (make) => `COALESCE(${make("bigint")}, ${make("int")})`,
    (make, c) => `(${make("bigint")} / ${c.of([2, 3, 7])})`,
    (make) => `IFNULL(${make("bigint")}, ${make("int")})`,
  ],
  double: [
    (make, c) => `(${make("double")} ${c.of(["+", "-", "*"])} ${make("double")})`,
    (make) => `(${make("double")} + ${make("decimal")})`,
    (make, c) => `ROUND(${make("double")}, ${c.int(0, 3)})`,
    (make) => `CAST(${make("decimal")} AS DOUBLE)`,
    (make) => `SQRT(ABS(${make("double")}))`,
    (make) => `FLOOR(${make("double")})`,
    (make) => `TRY_CAST(${make("text")} AS DOUBLE)`,
    (make) => `IF(${make("boolean")}, ${make("double")}, ${make("int")})`,
    (make) => `POWER(${make("int")}, 2)`,
  ],
  decimal: [
    (make, c) => `(${make("decimal")} ${c.of(["+", "-", "*"])} ${make("decimal")})`,
    (make, c) => `CAST(${make("int")} AS DECIMAL(${c.of(["10, 2", "12, 0", "20, 4"])}))`,
    (make, c) => `ROUND(${make("decimal")}, ${c.int(-1, 2)})`,
    (make) => `ABS(${make("decimal")})`,
    (make) => `CASE WHEN ${make("boolean")} THEN ${make("decimal")} ELSE ${make("int")} END`,
    (make, c) => `(${make("decimal")} / ${c.of(["3", "1.5", "-7"])})`,
    (make) => `CEIL(${make("decimal")})`,
    (make) => `LEAST(${make("decimal")}, ${make("int")})`,
  ],
  text: [
    (make) => `(${make("text")} || ${make("text")})`,
    (make, c) => `${c.of(["UPPER", "LOWER", "TRIM", "REVERSE", "INITCAP", "LTRIM"])}(${make("text")})`,
    (make, c) => `SUBSTRING(${make("text")}, ${constant(c)}, ${c.int(0, 5)})`,
    (make, c) => `${c.of(["LEFT", "RIGHT"])}(${make("text")}, ${c.int(0, 4)})`,
    (make) => `CAST(${make("int")} AS STRING)`,
    (make) => `CAST(${make("double")} AS STRING)`,
    (make) => `CAST(${make("decimal")} AS STRING)`,
    (make) => `CAST(${make("timestamp")} AS STRING)`,
    (make) => `CAST(${make("boolean")} AS STRING)`,
    (make) => `CAST(${make("ints")} AS STRING)`,
    (make, c) => `REPLACE(${make("text")}, '${c.of(["a", "b", "1", " "])}', ${make("text")})`,
    (make) => `CONCAT_WS('-', ${make("text")}, ${make("text")})`,
    (make) => `COALESCE(${make("text")}, 'none')`,
    (make, c) => `DATE_FORMAT(${make("timestamp")}, '${c.of(["yyyy-MM-dd", "HH:mm", "EEE d MMM yy", "yyyyMMdd HHmmss.SSS"])}')`,
    (make) => `LPAD(${make("text")}, 6, '*')`,
    (make, c) => `SPLIT_INDEX(${make("text")}, '${c.of([",", " ", "a"])}', ${c.int(0, 2)})`,
    (make) => `MD5(${make("text")})`,
    (make, c) => `REGEXP_EXTRACT(${make("text")}, '${c.of(["([a-z]+)", "([0-9])", "(.)(.)"])}', ${c.int(0, 1)})`,
    (make) => `JSON_OBJECT('k' VALUE ${make("int")}, 'v' VALUE ${make("text")})`,
    (make) => `JSON_STRING(${make("ints")})`,
    (make) => `ARRAY_JOIN(${make("texts")}, '+')`,
    (make) => `TO_BASE64(${make("text")})`,
    (make) => `IF(${make("boolean")}, ${make("text")}, ${make("text")})`,
  ],
  boolean: [
    (make, c) => `(${make("int")} ${c.of(["=", "<>", "<", ">="])} ${make("int")})`,
    (make, c) => `(${make("int")} ${c.of(["<", "="])} ${make("double")})`,
    (make, c) => `(${make("text")} ${c.of(["=", "<", ">", "<>"])} ${make("text")})`,
    (make, c) => `(${make("decimal")} ${c.of(["=", "<", ">="])} ${make("bigint")})`,
    (make, c) => `(${make("boolean")} ${c.of(["AND", "OR"])} ${make("boolean")})`,
    (make) => `(NOT ${make("boolean")})`,
    (make, c) => `(${make(c.of(["int", "text", "timestamp"]))} IS ${c.of(["", "NOT "])}NULL)`,
    (make, c) => `(${make("text")} LIKE '${c.of(["a%", "%b%", "_", "%1"])}')`,
    (make) => `(${make("int")} BETWEEN ${make("int")} AND ${make("int")})`,
    (make, c) => `(${make("int")} IN (${c.int(0, 3)}, ${c.int(4, 9)}, ${make("int")}))`,
    (make) => `(${make("timestamp")} < ${make("timestamp")})`,
    (make) => `(${make("int")} IS NOT DISTINCT FROM ${make("int")})`,
    (make) => `ARRAY_CONTAINS(${make("ints")}, ${make("int")})`,
    (make) => `STARTSWITH(${make("text")}, ${make("text")})`,
  ],
  timestamp: [
    (make, c) => `(${make("timestamp")} + INTERVAL '${c.int(1, 40)}' ${c.of(UNITS)})`,
    (make, c) => `FLOOR(${make("timestamp")} TO ${c.of(UNITS)})`,
    (make) => `CAST(${make("date")} AS TIMESTAMP(3))`,
    (make, c) => `TIMESTAMPADD(${c.of(UNITS)}, ${constant(c)}, ${make("timestamp")})`,
    (make) => `COALESCE(${make("timestamp")}, TIMESTAMP '2024-02-29 12:00:00.500')`,
    (_make, c) => `TO_TIMESTAMP('2024-0${c.int(1, 9)}-${c.int(10, 31)} 0${c.int(0, 9)}:30:00')`,
  ],
  date: [
    (make, c) => `(${make("date")} ${c.of(["+", "-"])} INTERVAL '${c.int(1, 30)}' ${c.of(["DAY", "MONTH"])})`,
    (make) => `CAST(${make("timestamp")} AS DATE)`,
    (_make, c) => `DATE '2024-0${c.int(1, 9)}-1${c.int(0, 9)}'`,
    (make, c) => `CEIL(${make("date")} TO ${c.of(["MONTH", "YEAR"])})`,
  ],
  ints: [
    (make) => `ARRAY[${make("int")}, ${make("int")}]`,
    (make) => `ARRAY_APPEND(${make("ints")}, ${make("int")})`,
    (make) => `ARRAY_DISTINCT(${make("ints")})`,
    (make) => `ARRAY_SORT(${make("ints")})`,
    (make) => `ARRAY_CONCAT(${make("ints")}, ${make("ints")})`,
    (make, c) => `ARRAY_SLICE(${make("ints")}, ${c.int(-2, 2)}, ${c.int(1, 4)})`,
    (make) => `MAP_VALUES(${make("map")})`,
    (make) => `ARRAY_EXCEPT(${make("ints")}, ${make("ints")})`,
  ],
  texts: [
    (make) => `ARRAY[${make("text")}, ${make("text")}]`,
    (make, c) => `SPLIT(${make("text")}, '${c.of([",", " ", "b"])}')`,
    (make) => `ARRAY_REVERSE(${make("texts")})`,
    (make) => `MAP_KEYS(${make("map")})`,
  ],
  map: [(make) => `MAP['a', ${make("int")}, 'b', ${make("int")}]`, (make) => `MAP_UNION(${make("map")}, MAP['c', ${make("int")}])`],
};

const RESULT_KINDS = Object.keys(FORMS) as readonly Kind[];

function expression(kind: Kind, depth: number, choices: Choices): string {
  const columns = COLUMNS.filter(([, , own]) => own === kind);
  if (depth === 0 || choices.chance(20)) {
    if (columns.length > 0 && (depth > 0 || kind !== "text" || choices.chance(85))) return choices.of(columns)[0];
    return `'${choices.of(["a", "b1", "A b"])}'`;
  }
  const form = choices.of(FORMS[kind]);
  return form((wanted) => expression(wanted, depth - 1, choices), choices);
}

function randomValue(type: string, choices: Choices): unknown {
  if (!type.endsWith("NOT NULL") && choices.chance(15)) return null;
  const two = (n: number): string => String(n).padStart(2, "0");
  switch (type.replace(" NOT NULL", "")) {
    case "INT":
      return choices.weighted([
        [8, choices.int(-9, 20)],
        [1, 2147483647],
        [1, -2147483648],
      ]);
    case "BIGINT":
      return choices.weighted<number | string>([
        [8, choices.int(-100, 100)],
        [1, "9223372036854775807"],
        [1, choices.int(1, 9) * 1e12],
      ]);
    case "DOUBLE":
      return choices.of([0.5, -2.25, 3, 1e10, -0.001, 12345.678]);
    case "DECIMAL(10, 2)":
      return choices.of(["0.00", "1.50", "-12.34", "99999999.99", "7.00"]);
    case "STRING":
      return choices.of(["", "a", "b1", "a,b,c", " 12 ", "42", "Aä€", "x y  z", "-7.5"]);
    case "BOOLEAN":
      return choices.chance(50);
    case "TIMESTAMP(3)":
      return `${choices.int(1971, 2030)}-${two(choices.int(1, 12))}-${two(choices.int(1, 28))} ${two(choices.int(0, 23))}:${two(choices.int(0, 59))}:00.${choices.int(100, 999)}`;
    case "DATE":
      return `${choices.int(1971, 2030)}-${two(choices.int(1, 12))}-${two(choices.int(1, 28))}`;
    case "ARRAY<INT>":
      return choices.list(choices.int(0, 4), () => (choices.chance(15) ? null : choices.int(0, 5)));
    case "ARRAY<STRING>":
      return choices.list(choices.int(0, 3), () => choices.of(["a", "b", "", "zz"]));
    default:
      return { $map: ["a", "b"].filter(() => choices.chance(70)).map((key) => [key, choices.int(0, 9)]) };
  }
}

function caseOf(seed: number, index: number): object {
  const choices = new Choices(seed, `sql-expressions/${index}`);
  const expressions = choices.list(EXPRESSIONS_PER_CASE, () => expression(choices.of(RESULT_KINDS), choices.int(1, 3), choices));
  const rows = choices.list(ROWS_PER_CASE, (row) => [row + 1, "+I", COLUMNS.map(([, type]) => randomValue(type, choices))]);
  return {
    id: `fuzz-expr-${seed}-${index}`,
    area: "functions",
    title: "Random expressions",
    config: {},
    tables: [{ name: "t", columns: COLUMNS.map(([name, type]) => [name, type]), rows }],
    query: `SELECT ${expressions.map((sql, i) => `${sql} AS c${i}`).join(", ")} FROM t`,
  };
}

function main(): number {
  const { values, positionals } = parseArgs({
    options: { seed: { type: "string", default: "1" }, count: { type: "string", default: "40" } },
    allowPositionals: true,
  });
  const [directory] = positionals;
  if (directory === undefined) {
    console.error("usage: sql-expressions.ts [--seed n] [--count n] DIR");
    return 2;
  }
  mkdirSync(directory, { recursive: true });
  for (let index = 0; index < Number(values.count); index++) {
    const made = caseOf(Number(values.seed), index) as { readonly id: string };
    writeFileSync(join(directory, `${made.id}.json`), JSON.stringify(made));
  }
  return 0;
}

process.exitCode = main();
