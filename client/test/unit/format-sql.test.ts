import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkSql, sqlTokens } from "@millrace/engine/sql";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatSql } from "../../src/sql/format-sql.ts";

const PACK = join(import.meta.dirname, "../../../problems/flink-interview");
const scripts = readdirSync(PACK, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".sql"))
  .map((name) => [name, readFileSync(join(PACK, name), "utf8")] as const);

const tokens = (text: string) => sqlTokens(text).map(({ kind, text: value }) => `${kind} ${value}`);
const comments = (text: string) =>
  [...text.matchAll(/--[^\n]*|\/\*(?!\+)[\s\S]*?\*\//g)].map(([comment]) => comment.replaceAll(/\s+/g, " ").trim());

describe("a script laid out", () => {
  const cases: readonly (readonly [name: string, from: string, to: string])[] = [
    [
      "clauses on lines of their own, lists in one line while they fit",
      "insert into t select a,b , count(*)  from s where a=1 group by a,b",
      "insert into t\nselect a, b, count(*)\nfrom s\nwhere a = 1\ngroup by a, b\n",
    ],
    ["one clause stays one line", "SET   'a'='b' ;", "SET 'a' = 'b';\n"],
    [
      "long lists an item a line",
      `SELECT ${"abcdefghij ".repeat(1)}AS first_of_them, klmnopqrst AS second_of_them, uvwxyz AS third_of_them, 42 AS fourth FROM t`,
      "SELECT\n  abcdefghij AS first_of_them,\n  klmnopqrst AS second_of_them,\n  uvwxyz AS third_of_them,\n  42 AS fourth\nFROM t\n",
    ],
    [
      "conditions a step in, but the AND of BETWEEN stays",
      "SELECT a FROM left_table AS l JOIN right_table AS r ON l.some_key = r.some_key AND r.row_time BETWEEN l.row_time - INTERVAL '1' HOUR AND l.row_time",
      "SELECT a\nFROM left_table AS l\nJOIN right_table AS r\n  ON l.some_key = r.some_key\n  AND r.row_time BETWEEN l.row_time - INTERVAL '1' HOUR AND l.row_time\n",
    ],
    [
      "subqueries in brackets",
      "SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts DESC) AS n FROM t) WHERE n = 1",
      "SELECT *\nFROM (\n  SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts DESC) AS n\n  FROM t\n)\nWHERE n = 1\n",
    ],
    [
      "tables with options",
      "CREATE TABLE t (a INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector' = 'kafka', 'topic' = 'a-topic-of-some-length', 'format' = 'json')",
      "CREATE TABLE t (a INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH (\n  'connector' = 'kafka',\n  'topic' = 'a-topic-of-some-length',\n  'format' = 'json'\n)\n",
    ],
    [
      "comments stay behind their line, or above the next token",
      "-- head\nSELECT a, -- the key\n  b FROM t\n-- last\n",
      "-- head\nSELECT\n  a, -- the key\n  b\nFROM t\n\n-- last\n",
    ],
    [
      "hints, types, signs and quantifiers as they are",
      "SELECT /*+ STATE_TTL('a'='1h') */ -1, a[1], CAST(x AS ARRAY<INT>) FROM t",
      "SELECT /*+ STATE_TTL('a' = '1h') */ -1, a[1], CAST(x AS ARRAY<INT>)\nFROM t\n",
    ],
    ["functions that are called like clauses", "SELECT LEFT(name, 3), t.offset FROM t", "SELECT LEFT(name, 3), t.offset\nFROM t\n"],
    ["nothing", " \n ", ""],
  ];
  it.each(cases)("%s", (_name, from, to) => {
    expect(formatSql(from)).toBe(to);
    expect(formatSql(to)).toBe(to);
  });

  it.each(["SELECT (a FROM t", "SELECT a) FROM t", "SELECT 'a FROM t", "/* never closed"])(
    "stays as it is when it cannot be read: %s",
    (text) => {
      expect(formatSql(text)).toBe(text);
    },
  );

  it("every script of the pack keeps its tokens, its comments and its mistakes; doing it again changes nothing", () => {
    expect(scripts.length).toBeGreaterThan(100);
    for (const [name, text] of scripts) {
      const once = formatSql(text);
      expect(tokens(once), name).toEqual(tokens(text));
      expect(comments(once), name).toEqual(comments(text));
      expect(formatSql(once), name).toBe(once);
      expect(Math.max(...once.split("\n").map((line) => (line.includes("--") ? 0 : line.length))), name).toBeLessThanOrEqual(140);
      const codes = (script: string) => checkSql(script, "", []).map(({ code }) => code);
      expect(codes(once), name).toEqual(codes(text));
    }
  });

  it("whatever is cut out of scripts and joined with any spaces and comments keeps its tokens, and is stable", () => {
    const pieces = scripts.flatMap(([, text]) =>
      sqlTokens(text)
        .filter(({ kind }) => kind !== "end")
        .map(({ start, end }) => text.slice(start, end)),
    );
    const gap = fc.constantFrom(" ", "\n", "\n\n", " -- note\n", "\n-- alone\n", " /* in between */ ", "\n/* two\n lines */\n");
    fc.assert(
      fc.property(fc.integer({ min: 0, max: pieces.length - 60 }), fc.array(gap, { minLength: 1, maxLength: 50 }), (from, gaps) => {
        const text = gaps.map((between, index) => pieces[from + index] + between).join("");
        const once = formatSql(text);
        expect(tokens(once)).toEqual(tokens(text));
        expect(comments(once)).toEqual(comments(text));
        expect(formatSql(once)).toBe(once);
      }),
      { numRuns: 400, seed: 7 },
    );
  });
});
