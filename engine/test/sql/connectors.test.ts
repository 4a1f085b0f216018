import { describe, expect, it } from "vitest";
import { checkSql } from "../../src/sql.ts";
import { runScript } from "./run-script.ts";

const KAFKA = (topic: string, format = "json", more = ""): string =>
  `WITH ('connector' = 'kafka', 'topic' = '${topic}', 'format' = '${format}', 'scan.startup.mode' = 'earliest-offset'${more})`;
const rows = (outcome: ReturnType<typeof runScript>, table: string): unknown[] => outcome.tables[table].map((row) => JSON.parse(row));

describe("tables in the wrong use", () => {
  it("are marked where they are used: the definition is right, and often not the learner's", () => {
    const given = "CREATE TABLE g (a INT) WITH ('connector' = 'datagen'); CREATE TABLE b (a INT) WITH ('connector' = 'blackhole');";
    expect(checkSql("INSERT INTO g SELECT 1;\nINSERT INTO b SELECT a FROM b;", given, [])).toMatchObject([
      { code: "SQL_CONNECTOR_USE", span: { line: 1, column: 13 } },
      { code: "SQL_CONNECTOR_USE", span: { line: 2, column: 29 } },
    ]);
  });
});

describe("connectors, there and back", () => {
  it("kafka: what one job writes, the next reads, with metadata and partial keys", () => {
    const outcome = runScript(`
      CREATE TABLE t (id INT, name STRING, amount DECIMAL(10, 2), ts TIMESTAMP(3), tags ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT, y STRING>)
        ${KAFKA("t", "json", ", 'key.fields' = 'id', 'key.format' = 'json'")};
      INSERT INTO t VALUES (1, 'a', 1.50, TIMESTAMP '2026-01-01 10:00:00', ARRAY['p', 'q'], MAP['k', 1], ROW(7, 'z')),
        (2, CAST(NULL AS STRING), 2.25, TIMESTAMP '2026-01-01 10:00:01.5', ARRAY['r'], MAP['l', 2], ROW(8, 'w'));
      CREATE TABLE back (part INT METADATA FROM 'partition' VIRTUAL, off BIGINT METADATA FROM 'offset' VIRTUAL) LIKE t;
      CREATE TABLE sink WITH ('connector' = 'blackhole') AS SELECT id, name, amount, ts, tags, m, r.x, part >= 0 AS has_partition, off >= 0 AS has_offset FROM back;`);
    expect(rows(outcome, "sink")).toEqual([
      [1, "a", "1.50", "2026-01-01 10:00:00.000", ["p", "q"], { $map: [["k", 1]] }, 7, true, true],
      [2, null, "2.25", "2026-01-01 10:00:01.500", ["r"], { $map: [["l", 2]] }, 8, true, true],
    ]);
  });

  it("kafka: a raw key beside a value of several columns", () => {
    const outcome = runScript(`
      CREATE TABLE t (k STRING, n INT, v STRING) WITH ('connector' = 'kafka', 'topic' = 't', 'scan.startup.mode' = 'earliest-offset',
        'key.format' = 'raw', 'key.fields' = 'k', 'value.format' = 'json', 'value.fields-include' = 'EXCEPT_KEY');
      INSERT INTO t VALUES ('a', 1, 'x'), ('{b}', 2, 'y');
      CREATE TABLE sink WITH ('connector' = 'blackhole') AS SELECT * FROM t;`);
    expect(rows(outcome, "sink")).toEqual([
      ["a", 1, "x"],
      ["{b}", 2, "y"],
    ]);
    const twoKeys = checkSql(
      `CREATE TABLE t (k STRING, n INT, v STRING) WITH ('connector' = 'kafka', 'topic' = 't', 'scan.startup.mode' = 'earliest-offset',
        'key.format' = 'raw', 'key.fields' = 'k;n', 'value.format' = 'json'); INSERT INTO s SELECT n FROM t;`,
      "CREATE TABLE s (a INT) WITH ('connector' = 'blackhole')",
      ["t"],
    );
    expect(twoKeys[0].message).toBe(
      "The 'raw' format only supports single physical column. However the defined schema contains multiple physical columns: [k, n].",
    );
  });

  it("upsert-kafka: the latest row per key, and deletions by records without value", () => {
    const outcome = runScript(`
      CREATE TABLE counts (name STRING, n BIGINT, PRIMARY KEY (name) NOT ENFORCED)
        WITH ('connector' = 'upsert-kafka', 'topic' = 'counts', 'key.format' = 'json', 'value.format' = 'json');
      CREATE TABLE changes (op STRING, name STRING) ${KAFKA("changes", "json")};
      INSERT INTO counts SELECT name, COUNT(*) FROM (VALUES ('a'), ('b'), ('a')) AS t(name) GROUP BY name;
      CREATE TABLE sink (name STRING, n BIGINT) WITH ('connector' = 'blackhole');
      INSERT INTO sink SELECT * FROM counts WHERE n > 1;`);
    expect(rows(outcome, "sink")).toEqual([["a", 2]]);
  });

  it.each(["debezium-json", "canal-json", "maxwell-json", "ogg-json"])(
    "%s: updates are written as deletion and insertion, and read as such",
    (format) => {
      const outcome = runScript(`
      CREATE TABLE log (name STRING, n BIGINT) ${KAFKA("log", format)};
      INSERT INTO log SELECT name, COUNT(*) FROM (VALUES ('a'), ('b'), ('a')) AS t(name) GROUP BY name;
      CREATE TABLE sink (name STRING, n BIGINT) WITH ('connector' = 'blackhole');
      INSERT INTO sink SELECT * FROM log;`);
      expect(rows(outcome, "sink")).toEqual([
        ["a", 2],
        ["b", 1],
      ]);
    },
  );

  it("csv and raw: a line per row", () => {
    const outcome = runScript(`
      CREATE TABLE c (a INT, b STRING, c ARRAY<INT>) ${KAFKA("c", "csv", ", 'csv.field-delimiter' = '|', 'csv.null-literal' = 'n/a'")};
      INSERT INTO c VALUES (1, 'x|y "z"', ARRAY[1, 2]), (2, CAST(NULL AS STRING), ARRAY[3]);
      CREATE TABLE lines (line STRING) ${KAFKA("c", "raw")};
      CREATE TABLE s1 WITH ('connector' = 'blackhole') AS SELECT * FROM c;
      CREATE TABLE s2 WITH ('connector' = 'blackhole') AS SELECT * FROM lines;`);
    expect(rows(outcome, "s1")).toEqual([
      [1, 'x|y "z"', [1, 2]],
      [2, null, [3]],
    ]);
    expect(rows(outcome, "s2")).toEqual([['1|"x|y ""z"""|"1;2"'], ['2|n/a|"3"']]);
  });

  it("jdbc: upserts and deletions in, rows out", () => {
    const outcome = runScript(`
      CREATE TABLE totals (name STRING, n BIGINT, ts TIMESTAMP(3), PRIMARY KEY (name) NOT ENFORCED)
        WITH ('connector' = 'jdbc', 'url' = 'jdbc:postgresql://db:5432/shop', 'table-name' = 'totals');
      INSERT INTO totals SELECT name, COUNT(*), MAX(ts) FROM (VALUES ('a', TIMESTAMP '2026-01-01 00:00:00'), ('b', TIMESTAMP '2026-01-02 00:00:00'),
        ('a', TIMESTAMP '2026-01-03 00:00:00')) AS t(name, ts) GROUP BY name;
      CREATE TABLE sink WITH ('connector' = 'blackhole') AS SELECT * FROM totals;`);
    expect(rows(outcome, "sink")).toEqual([
      ["a", 2, "2026-01-03 00:00:00.000"],
      ["b", 1, "2026-01-02 00:00:00.000"],
    ]);
  });

  it("postgres-cdc: the snapshot of what jdbc wrote", () => {
    const outcome = runScript(`
      CREATE TABLE w (id INT, v STRING, PRIMARY KEY (id) NOT ENFORCED)
        WITH ('connector' = 'jdbc', 'url' = 'jdbc:postgresql://db:5432/shop', 'table-name' = 'items');
      INSERT INTO w VALUES (1, 'a'), (2, 'b') ON CONFLICT DO DEDUPLICATE;
      CREATE TABLE cdc (id INT, v STRING, db STRING METADATA FROM 'database_name' VIRTUAL, PRIMARY KEY (id) NOT ENFORCED)
        WITH ('connector' = 'postgres-cdc', 'hostname' = 'db', 'username' = 'u', 'password' = 'p', 'database-name' = 'shop', 'schema-name' = 'public',
          'table-name' = 'items', 'slot.name' = 's');
      CREATE TABLE sink (id INT, v STRING, db STRING) WITH ('connector' = 'blackhole');
      INSERT INTO sink SELECT * FROM cdc;`);
    expect(rows(outcome, "sink")).toEqual([
      [1, "a", "shop"],
      [2, "b", "shop"],
    ]);
  });

  it("filesystem: written in partitions, read from one of them", () => {
    const outcome = runScript(`
      CREATE TABLE files (id INT, name STRING, dt STRING) PARTITIONED BY (dt) WITH ('connector' = 'filesystem', 'path' = 'file:///out', 'format' = 'json');
      INSERT INTO files VALUES (1, 'a', 'x'), (2, 'b', 'y'), (3, 'c', 'x');
      CREATE TABLE x (id INT, name STRING) WITH ('connector' = 'filesystem', 'path' = 'file:///out/dt=x', 'format' = 'json');
      CREATE TABLE sink WITH ('connector' = 'blackhole') AS SELECT * FROM x;`);
    expect(rows(outcome, "sink")).toEqual([
      [1, "a"],
      [3, "c"],
    ]);
  });

  it("datagen: sequences end the table; ranges, lengths and NULLs as asked for; the same in every run", () => {
    const script = `
      CREATE TABLE g (i INT, s STRING, f DOUBLE, n INT, c CHAR(4), d DECIMAL(5, 2)) WITH ('connector' = 'datagen', 'fields.i.kind' = 'sequence',
        'fields.i.start' = '5', 'fields.i.end' = '8', 'fields.s.length' = '3', 'fields.f.min' = '1', 'fields.f.max' = '2', 'fields.n.null-rate' = '1');
      CREATE TABLE sink WITH ('connector' = 'blackhole') AS SELECT * FROM g;`;
    const first = rows(runScript(script), "sink") as unknown[][];
    expect(first.map(([i]) => i)).toEqual([5, 6, 7, 8]);
    for (const [, s, f, n, c] of first) {
      expect(s).toMatch(/^[0-9a-f]{3}$/);
      expect(f).toBeGreaterThanOrEqual(1);
      expect(f).toBeLessThan(2);
      expect(n).toBeNull();
      expect(c).toMatch(/^[0-9a-f]{4}$/);
    }
    expect(rows(runScript(script), "sink")).toEqual(first);
  });

  it("datagen without an end goes by the clock", () => {
    const outcome = runScript(`
      CREATE TABLE d (a INT) WITH ('connector' = 'datagen', 'rows-per-second' = '2');
      CREATE TABLE sink (a INT) WITH ('connector' = 'blackhole');
      INSERT INTO sink SELECT a FROM d;`);
    // A minute, as run-script lets it run.
    expect(rows(outcome, "sink").length).toBeGreaterThanOrEqual(119);
    expect(rows(outcome, "sink").length).toBeLessThanOrEqual(121);
  });

  it("print: a line per change, as Flink's Row writes itself", () => {
    const outcome = runScript(`
      CREATE TABLE p (a INT, b STRING) WITH ('connector' = 'print', 'print-identifier' = 'x');
      INSERT INTO p VALUES (1, 'a'), (2, CAST(NULL AS STRING));`);
    expect(outcome.printed).toEqual(["x> +I[1, a]", "x> +I[2, null]"]);
  });
});

describe("options that are wrong", () => {
  const complaint = (ddl: string, use = "INSERT INTO s SELECT 1"): string | undefined =>
    checkSql(`${ddl}; ${use}`, "CREATE TABLE s (a INT) WITH ('connector' = 'blackhole')", ["t"])[0]?.message.split("\n")[0];

  it.each([
    [
      "'connector' = 'kafak'",
      "Could not find any factory for identifier 'kafak' that implements 'org.apache.flink.table.factories.DynamicTableFactory' in the classpath.",
    ],
    ["'path' = 'x'", "Table options do not contain an option key 'connector' for discovering a connector."],
    ["'connector' = 'kafka', 'format' = 'json'", "Either 'topic' or 'topic-pattern' must be set."],
    ["'connector' = 'kafka', 'topic' = 't'", "Could not find required scan format 'value.format'."],
    [
      "'connector' = 'kafka', 'topic' = 't', 'format' = 'jsn'",
      "Could not find any factory for identifier 'jsn' that implements 'org.apache.flink.table.factories.DeserializationFormatFactory' in the classpath.",
    ],
    ["'connector' = 'kafka', 'topic' = 't', 'format' = 'avro'", "The format 'avro' is not available here."],
    ["'connector' = 'kafka', 'topic' = 't', 'format' = 'json', 'topics' = 'x'", "Unsupported options found for 'kafka'."],
    [
      "'connector' = 'kafka', 'topic' = 't', 'format' = 'json', 'json.ignore-parse-error' = 'true'",
      "Unsupported options found for 'kafka'.",
    ],
    [
      "'connector' = 'kafka', 'topic' = 't', 'format' = 'json', 'scan.startup.mode' = 'timestamp'",
      "'scan.startup.timestamp-millis' is required in 'timestamp' startup mode but missing.",
    ],
    [
      "'connector' = 'kafka', 'topic' = 't', 'format' = 'json', 'scan.startup.mode' = 'first'",
      "Invalid value for option 'scan.startup.mode'. Could not parse value for enum class. Expected one of: [[earliest-offset, latest-offset, group-offsets, timestamp, specific-offsets]]",
    ],
    [
      "'connector' = 'kafka', 'topic' = 't', 'format' = 'json', 'key.fields' = 'a'",
      "The option 'key.fields' can only be declared if a key format is defined using 'key.format'.",
    ],
    [
      "'connector' = 'upsert-kafka', 'topic' = 't', 'key.format' = 'json', 'value.format' = 'json'",
      "'upsert-kafka' tables require to define a PRIMARY KEY constraint. The PRIMARY KEY specifies which columns should be read from or write to the Kafka message key. The PRIMARY KEY also defines records in the 'upsert-kafka' table should update or delete on which keys.",
    ],
    ["'connector' = 'upsert-kafka', 'topic' = 't'", "Could not find required scan format 'key.format'."],
    [
      "'connector' = 'jdbc', 'url' = 'jdbc:mysql://x/y', 'table-name' = 't'",
      "Could not find any jdbc dialect factory that can handle url 'jdbc:mysql://x/y' that implements 'org.apache.flink.connector.jdbc.core.database.dialect.JdbcDialect' in the classpath.",
    ],
    ["'connector' = 'jdbc', 'table-name' = 't'", "One or more required options are missing."],
    ["'connector' = 'filesystem', 'path' = '/x'", "One or more required options are missing."],
    ["'connector' = 'filesystem', 'path' = '/x', 'format' = 'parquet'", "The format 'parquet' is not available here."],
    ["'connector' = 'datagen', 'row-per-second' = '1'", "Unsupported options found for 'datagen'."],
    [
      "'connector' = 'elasticsearch-7', 'hosts' = 'es:9200', 'index' = 'i'",
      "Could not parse host 'es:9200' in option 'hosts'. It should follow the format 'http://host_name:port'.",
    ],
  ])("%s", (options, message) => {
    expect(complaint(`CREATE TABLE x (a INT) WITH (${options})`)).toBe(message);
  });

  it("names the nearest option", () => {
    const [diagnostic] = checkSql(
      "CREATE TABLE x (a INT) WITH ('connector' = 'datagen', 'row-per-second' = '1'); INSERT INTO s SELECT a FROM x",
      "CREATE TABLE s (a INT) WITH ('connector' = 'blackhole')",
      [],
    );
    expect(diagnostic).toMatchObject({
      code: "SQL_UNKNOWN_OPTION",
      found: "row-per-second",
      hint: "Did you mean rows-per-second?",
      span: { line: 1 },
    });
  });
});
