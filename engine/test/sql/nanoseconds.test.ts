import { describe, expect, it } from "vitest";
import { checkSql } from "../../src/sql.ts";
import { ScalarFunction } from "../../src/sql/user-functions/scalar-function.ts";
import { runScript } from "./run-script.ts";

const rows = (outcome: ReturnType<typeof runScript>, table: string): unknown[] => outcome.tables[table].map((row) => JSON.parse(row));
const VALUES = `VALUES (1, TIMESTAMP '2026-04-07 09:08:07.123456789'), (2, TIMESTAMP '2026-04-07 09:08:07.123456788'),
  (3, TIMESTAMP '1969-12-31 23:59:59.999999999'), (4, TIMESTAMP '2026-04-07 09:08:07.123456')`;
const BACK = [
  [1, "2026-04-07 09:08:07.123456789", "2026-04-07 09:08:07.123456789"],
  [2, "2026-04-07 09:08:07.123456788", "2026-04-07 09:08:07.123456788"],
  [3, "1969-12-31 23:59:59.999999999", "1969-12-31 23:59:59.999999999"],
  [4, "2026-04-07 09:08:07.123456", "2026-04-07 09:08:07.123456"],
];

const TABLES: Readonly<Record<string, string>> = {
  "kafka, json": "'connector' = 'kafka', 'topic' = 't', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset'",
  "kafka, json with ISO times":
    "'connector' = 'kafka', 'topic' = 't', 'format' = 'json', 'json.timestamp-format.standard' = 'ISO-8601', 'scan.startup.mode' = 'earliest-offset'",
  "kafka, csv": "'connector' = 'kafka', 'topic' = 't', 'format' = 'csv', 'scan.startup.mode' = 'earliest-offset'",
  "kafka, debezium-json": "'connector' = 'kafka', 'topic' = 't', 'format' = 'debezium-json', 'scan.startup.mode' = 'earliest-offset'",
  "files, json": "'connector' = 'filesystem', 'path' = '/data/t', 'format' = 'json'",
  iceberg: "'connector' = 'iceberg', 'catalog-name' = 'lake', 'warehouse' = '/warehouse'",
};

describe("TY-4 nanoseconds", () => {
  for (const [name, options] of Object.entries(TABLES)) {
    it(`are there when a table is read again: ${name}`, () => {
      const outcome = runScript(`
        CREATE TABLE t (id INT, a TIMESTAMP(9), l TIMESTAMP_LTZ(9)) WITH (${options});
        INSERT INTO t SELECT id, a, CAST(a AS TIMESTAMP_LTZ(9)) FROM (${VALUES}) AS v(id, a);
        CREATE TABLE sink WITH ('connector' = 'blackhole') AS SELECT id, a, l FROM t;`);
      expect(rows(outcome, "sink")).toEqual(BACK);
    });
  }

  it("are what a compacted topic tells keys apart by", () => {
    const outcome = runScript(`
      CREATE TABLE t (a TIMESTAMP(9), n BIGINT, PRIMARY KEY (a) NOT ENFORCED)
        WITH ('connector' = 'upsert-kafka', 'topic' = 't', 'key.format' = 'json', 'value.format' = 'json');
      INSERT INTO t SELECT a, COUNT(*) FROM (${VALUES} , (5, TIMESTAMP '2026-04-07 09:08:07.123456789')) AS v(id, a) GROUP BY a;
      CREATE TABLE sink (a TIMESTAMP(9), n BIGINT, PRIMARY KEY (a) NOT ENFORCED) WITH ('connector' = 'blackhole');
      INSERT INTO sink SELECT a, n FROM t;`);
    expect(rows(outcome, "sink")).toEqual([
      ["1969-12-31 23:59:59.999999999", 1],
      ["2026-04-07 09:08:07.123456", 1],
      ["2026-04-07 09:08:07.123456788", 1],
      ["2026-04-07 09:08:07.123456789", 2],
    ]);
  });

  it("are printed", () => {
    const outcome = runScript(`
      CREATE TABLE p (id INT, a TIMESTAMP(9), r ROW<x TIMESTAMP(7)>) WITH ('connector' = 'print');
      INSERT INTO p SELECT id, a, ROW(CAST(a AS TIMESTAMP(7))) FROM (${VALUES}) AS v(id, a) WHERE id = 1;`);
    expect(outcome.printed.join("\n")).toContain("+I[1, 2026-04-07 09:08:07.123456789, (2026-04-07 09:08:07.1234567)]");
  });

  it("are cut for a column of fewer digits", () => {
    const outcome = runScript(`
      CREATE TABLE sink (id INT, a TIMESTAMP(6), b TIMESTAMP(3)) WITH ('connector' = 'blackhole');
      INSERT INTO sink SELECT id, a, a FROM (${VALUES}) AS v(id, a) WHERE id < 3;`);
    expect(rows(outcome, "sink")).toEqual([
      [1, "2026-04-07 09:08:07.123456", "2026-04-07 09:08:07.123"],
      [2, "2026-04-07 09:08:07.123456", "2026-04-07 09:08:07.123"],
    ]);
  });

  it("TY-5 come out of a function as text, and go in as a Date", () => {
    class AddNanosecond extends ScalarFunction {
      static functionHint = { input: ["TIMESTAMP(9)"], output: "TIMESTAMP(9)" };
      eval(time: Date): string {
        return time.toISOString().replace("Z", "000001");
      }
    }
    const outcome = runScript(
      `CREATE FUNCTION f AS 'AddNanosecond' LANGUAGE TYPESCRIPT;
      CREATE TABLE sink (id INT, a TIMESTAMP(9), b TIMESTAMP(9)) WITH ('connector' = 'blackhole');
      INSERT INTO sink SELECT id, f(a), a FROM (${VALUES}) AS v(id, a) WHERE id = 1;`,
      { functionClasses: new Map([["AddNanosecond", AddNanosecond]]) },
    );
    expect(rows(outcome, "sink")).toEqual([[1, "2026-04-07 09:08:07.123000001", "2026-04-07 09:08:07.123456789"]]);
  });

  it("do not fit into a database: Postgres has six digits", () => {
    const jdbc = (type: string): string =>
      `CREATE TABLE t (id INT, a ${type}) WITH ('connector' = 'jdbc', 'url' = 'jdbc:postgresql://db:5432/shop', 'table-name' = 't');`;
    const text = "INSERT INTO t SELECT 1, CAST(TIMESTAMP '2026-04-07 09:08:07.123456789' AS TIMESTAMP(9));";
    expect(checkSql(jdbc("TIMESTAMP(9)") + text, "", [])[0].message).toBe(
      "The precision of field 'a' is out of the TIMESTAMP precision range [0, 6] supported by PostgreSQL dialect.",
    );
    expect(checkSql(jdbc("TIMESTAMP(6)") + text, "", [])).toEqual([]);
  });
});
