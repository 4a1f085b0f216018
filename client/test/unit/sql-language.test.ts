import { describe, expect, it } from "vitest";
import { completeSql, hoverSql } from "../../src/sql/sql-language.ts";

const GIVEN = `CREATE TABLE orders (order_id STRING, user_id BIGINT, cents INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
WITH ('connector' = 'kafka', 'topic' = 'orders', 'format' = 'json');
CREATE TABLE users (user_id BIGINT, city STRING, PRIMARY KEY (user_id) NOT ENFORCED)
WITH ('connector' = 'upsert-kafka', 'topic' = 'users', 'key.format' = 'json', 'value.format' = 'json');`;

/** The place is at the bar. */
function place(text: string): { text: string; offset: number; given: string } {
  const offset = text.indexOf("|");
  return { text: text.replace("|", ""), offset, given: GIVEN };
}

const complete = (text: string) => completeSql(place(text));
const labels = (text: string, kind: string) =>
  complete(text)
    .filter((item) => item.kind === kind)
    .map(({ label }) => label);

describe("what could stand there", () => {
  const columns: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
    ["columns of the table that is read, though it comes later", "SELECT | FROM orders", ["order_id", "user_id", "cents", "ts"]],
    ["behind an alias its own", "SELECT o.order_id, u.| FROM orders AS o JOIN users u ON TRUE", ["user_id", "city"]],
    ["half a name behind a dot", "SELECT u.ci| FROM users u", ["user_id", "city"]],
    ["behind the table's own name", "SELECT users.| FROM users", ["user_id", "city"]],
    ["behind what is no source: none", "SELECT x.| FROM users", []],
    [
      "of a subquery what it gives",
      "SELECT | FROM (SELECT order_id AS id, SUM(cents) AS total, ts FROM orders GROUP BY order_id) AS s",
      ["id", "total", "ts"],
    ],
    ["of a subquery with a star", "SELECT s.| FROM (SELECT *, 1 AS n FROM users) AS s", ["user_id", "city", "n"]],
    ["of a named query", "WITH big AS (SELECT order_id, cents * 2 AS twice FROM orders) SELECT | FROM big", ["order_id", "twice"]],
    [
      "of a window function with the window's",
      "SELECT | FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '5' MINUTE))",
      ["order_id", "user_id", "cents", "ts", "window_start", "window_end", "window_time"],
    ],
    ["of a lookup", "SELECT u.| FROM orders o JOIN users FOR SYSTEM_TIME AS OF o.ts AS u ON o.user_id = u.user_id", ["user_id", "city"]],
    ["renamed by the alias", "SELECT t.| FROM users AS t (a, b)", ["a", "b"]],
    [
      "within a subquery those around it, too",
      "SELECT * FROM users u WHERE EXISTS (SELECT 1 FROM orders o WHERE o.user_id = u.|)",
      ["user_id", "city"],
    ],
    ["two sources in a list", "SELECT | FROM users u, orders o", ["user_id", "city", "order_id", "cents", "ts"]],
    ["of tables that the script itself makes", "CREATE TABLE mine (x INT) WITH ('connector' = 'print');\nSELECT | FROM mine", ["x"]],
    ["in another statement nothing of this one", "SELECT 1 FROM orders;\nSELECT | FROM users", ["user_id", "city"]],
  ];
  it.each(columns)("%s", (_name, text, expected) => {
    expect(labels(text, "column")).toEqual(expected);
  });

  it("tables only behind FROM and INTO; functions elsewhere, from the engine's own catalogue", () => {
    expect(complete("SELECT * FROM |").map(({ label }) => label)).toEqual(["orders", "users"]);
    expect(complete("INSERT INTO us|").map(({ kind }) => kind)).toEqual(["table", "table"]);
    const functions = complete("SELECT co| FROM users").filter(({ kind }) => kind === "function");
    expect(functions.length).toBeGreaterThan(200);
    const count = functions.find(({ label }) => label === "COUNT");
    expect(count).toMatchObject({ insert: "COUNT($0)", documentation: expect.stringContaining("rows") });
    expect(functions.find(({ label }) => label === "CURRENT_TIMESTAMP")?.insert).not.toContain("(");
  });

  it("says types, time attributes and aliases", () => {
    expect(complete("SELECT | FROM orders AS o")).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ label: "ts", detail: "TIMESTAMP(3) *ROWTIME*" }),
        expect.objectContaining({ label: "o", kind: "source", detail: "alias of orders" }),
      ]),
    );
  });

  it.each(["|", "SELECT |", "SELECT ( | FROM", "FROM | (((", "WITH | AS", "SELECT ' |", "JOIN ON | .", "x.|", ";;|;", "TABLE(|"])(
    "is asked in a ruin without falling over it: %s",
    (text) => {
      expect(() => complete(text)).not.toThrow();
      expect(() => hoverSql(place(text))).not.toThrow();
    },
  );
});

describe("what something is", () => {
  const hover = (text: string) => hoverSql(place(text))?.parts.join("\n") ?? null;

  it.each([
    ["a function: how it is written, what it does, an example", "SELECT LP|AD(city, 3, '0') FROM users", /LPAD\([\s\S]*→/],
    ["a column with its type", "SELECT ci|ty FROM users", /users\.city STRING/],
    ["a column behind an alias", "SELECT u.ci|ty FROM users u", /users\.city STRING/],
    ["a time attribute", "SELECT t|s FROM orders", /orders\.ts TIMESTAMP\(3\) \*ROWTIME\*/],
    ["a table with its columns", "SELECT * FROM us|ers", /table users[\s\S]*city STRING/],
    ["an alias", "SELECT |u.city FROM users u", /u = table users/],
  ])("%s", (_name, text, expected) => {
    expect(hover(text)).toMatch(expected);
  });

  it.each(["SELECT nothing| FROM users", "SEL|ECT 1", "SELECT 'ci|ty' FROM users", "SELECT u.nothi|ng FROM users u"])(
    "of what is not known nothing is said: %s",
    (text) => {
      expect(hover(text)).toBeNull();
    },
  );
});
