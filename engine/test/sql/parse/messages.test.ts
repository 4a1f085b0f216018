import { describe, expect, it } from "vitest";
import { parseScript, parseSingleQuery } from "../../../src/sql/1-parse/parse-script.ts";
import { textSpanOf } from "../../../src/sql/1-parse/sql-error.ts";
import { printQuery } from "../../../src/sql/1-parse/print.ts";
import { checkSql } from "../../../src/sql.ts";

/** Printing is normal form: what is written so comes back unchanged. */
const ROUND_TRIPS = [
  "SELECT 1 + 2 * 3",
  "SELECT (1 + 2) * 3 AS x",
  "SELECT a, b.c, t.* FROM t AS t WHERE a = 1 AND b <> 'x'",
  "SELECT COUNT(*) AS n, SUM(DISTINCT v) FILTER (WHERE v > 0) FROM t GROUP BY k HAVING COUNT(*) > 1",
  "SELECT * FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '5' MINUTE))",
  "SELECT * FROM TABLE(HOP(DATA => TABLE t, TIMECOL => DESCRIPTOR(ts), SLIDE => INTERVAL '1' MINUTE, SIZE => INTERVAL '5' MINUTE))",
  "SELECT ROW_NUMBER() OVER (PARTITION BY k ORDER BY v DESC NULLS LAST) AS rn FROM t",
  "SELECT SUM(v) OVER w FROM t WINDOW w AS (ORDER BY ts RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW)",
  "SELECT * FROM a LEFT JOIN b ON a.k = b.k AND b.ts BETWEEN a.ts AND a.ts + INTERVAL '1' HOUR",
  "WITH x AS (SELECT 1 AS y) SELECT y FROM x UNION ALL SELECT 2 ORDER BY y LIMIT 3",
  "SELECT CASE WHEN a THEN 1 ELSE 2 END, CAST(b AS DECIMAL(10, 2)), EXTRACT(HOUR FROM ts), c IS NOT NULL",
  "SELECT k FROM t WHERE k IN (SELECT k FROM s) AND NOT EXISTS (SELECT 1 FROM u)",
  "SELECT `user id` FROM `table`",
];

describe("SQL parser", () => {
  for (const sql of ROUND_TRIPS) {
    it(`prints what it read: ${sql}`, () => {
      expect(printQuery(parseSingleQuery(sql))).toBe(sql);
    });
  }

  const errorOf = (sql: string) => {
    const [error] = parseScript(sql).errors;
    return { message: error.message, at: textSpanOf(sql, error.span!), hint: error.details.hint };
  };

  it("points at the token that is wrong", () => {
    expect(errorOf("SELECT k, FROM ev")).toMatchObject({ message: "Found 'FROM', expected an expression.", at: { line: 1, column: 11 } });
    expect(errorOf("SELECT k\nFROM ev\nWHRE k = 1")).toMatchObject({ at: { line: 3, column: 6 } });
    expect(errorOf("SELECT COUNT(* FROM ev")).toMatchObject({ at: { line: 1, column: 16 } });
    expect(errorOf("SELECT 'abc FROM ev")).toMatchObject({ message: "This string has no end.", at: { line: 1, column: 8 } });
  });

  it("says what Flink wants instead", () => {
    expect(errorOf("SELECT a != b FROM t").hint).toBe("Flink writes 'not equal' as <>.");
    expect(errorOf("SELECT a, COUNT(*) FROM t GRUP BY a").hint).toBe("Is 'GRUP' meant to be GROUP?");
    expect(errorOf("SELECT a FORM t").hint).toBe("Is 'FORM' meant to be FROM?");
    const table = "CREATE TABLE t (k INT, PRIMARY KEY (k)) WITH ('connector' = 'print'); INSERT INTO t VALUES (1)";
    expect(checkSql(table, "", [])[0]).toMatchObject({ phase: "validate", hint: expect.stringContaining("NOT ENFORCED") });
  });

  it("goes on after a mistake and reports each statement's own", () => {
    const { statements, errors } = parseScript("SELECT FROM; SELECT 1; INSERT t SELECT 2; SELECT 3");
    expect(statements).toHaveLength(2);
    expect(errors).toHaveLength(2);
  });

  it("reads all statements of a job script", () => {
    const { statements, errors } = parseScript(`
      SET 'table.exec.state.ttl' = '1 d';
      CREATE TEMPORARY TABLE t (k STRING, pt AS PROCTIME(), p INT METADATA FROM 'partition' VIRTUAL, ts TIMESTAMP(3),
        WATERMARK FOR ts AS ts - INTERVAL '5' SECOND, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'kafka');
      CREATE VIEW v AS SELECT k FROM t;
      EXECUTE STATEMENT SET BEGIN INSERT INTO s SELECT k FROM v; INSERT INTO s (k) VALUES ('x'); END;`);
    expect(errors).toEqual([]);
    expect(statements.map((statement) => statement.kind)).toEqual(["setOption", "createTable", "createView", "statementSet"]);
  });
});
