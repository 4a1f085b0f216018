/** `'connector' = 'iceberg'`: what is written, read back, read as a stream, and refused. */
import { describe, expect, it } from "vitest";
import { checkSql } from "../../src/sql.ts";
import { runScript } from "./run-script.ts";

const table = (columns: string, options = "", more = "") =>
  `CREATE TABLE t (${columns}) ${more} WITH ('connector' = 'iceberg', 'catalog-name' = 'lake', 'catalog-type' = 'hadoop', 'warehouse' = 's3://lake/warehouse'${options});`;
const rows = (script: string, settings = {}): unknown[] =>
  runScript(script, settings)
    .results.at(-1)
    ?.map((row) => [...row]) ?? [];

describe("iceberg tables", () => {
  it("hold what was appended, of every type", () => {
    const found =
      rows(`${table("i INT, l BIGINT, d DECIMAL(10, 2), s STRING, b BOOLEAN, t TIMESTAMP(3), z TIMESTAMP_LTZ(3), a ARRAY<INT>, m MAP<STRING, INT>, r ROW<x INT, y STRING>")}
      INSERT INTO t VALUES
        (1, 9007199254740993, 1.50, 'x', TRUE, TIMESTAMP '2026-01-01 00:00:00.123', TO_TIMESTAMP_LTZ(5, 3), ARRAY[1, 2], MAP['k', 7], ROW(1, 'y'));
      SELECT * FROM t;`);
    expect(found).toEqual([
      [
        1,
        "9007199254740993",
        "1.50",
        "x",
        true,
        "2026-01-01 00:00:00.123",
        "1970-01-01 00:00:00.005",
        [1, 2],
        { $map: [["k", 7]] },
        [1, "y"],
      ],
    ]);
  });

  it("ICE-8: grow with every job, and NULL is NULL", () => {
    const found = rows(
      `${table("id INT, name STRING")} INSERT INTO t VALUES (1, 'a'); INSERT INTO t VALUES (2, CAST(NULL AS STRING)); SELECT * FROM t;`,
    );
    expect(found).toEqual([
      [1, "a"],
      [2, null],
    ]);
  });

  it("replace rows by key when upserts are on, and delete what an updating query takes back", () => {
    const upsert =
      rows(`${table("id INT, name STRING, PRIMARY KEY (id) NOT ENFORCED", ", 'format-version' = '2', 'write.upsert.enabled' = 'true'")}
      INSERT INTO t VALUES (1, 'a'), (2, 'b'); INSERT INTO t VALUES (1, 'c'); SELECT * FROM t;`);
    expect(upsert).toEqual([
      [2, "b"],
      [1, "c"],
    ]);
    const retract = rows(`${table("name STRING, n BIGINT, PRIMARY KEY (name) NOT ENFORCED")}
      INSERT INTO t SELECT name, COUNT(*) FROM (VALUES ('a'), ('b'), ('a'), ('a')) AS v (name) GROUP BY name; SELECT * FROM t;`);
    expect(retract.map((row) => JSON.stringify(row)).sort()).toEqual(['["a",3]', '["b",1]']);
  });

  it("lie in partitions, which are part of the key when upserts are on", () => {
    const found =
      rows(`${table("id INT, dt STRING, n INT, PRIMARY KEY (id, dt) NOT ENFORCED", ", 'write.upsert.enabled' = 'true'", "PARTITIONED BY (dt)")}
      INSERT INTO t VALUES (1, 'mo', 1), (1, 'tu', 2); INSERT INTO t VALUES (1, 'mo', 3); SELECT * FROM t;`);
    expect(found.map((row) => JSON.stringify(row)).sort()).toEqual(['[1,"mo",3]', '[1,"tu",2]']);
  });

  it("are read as of a snapshot, and between two", () => {
    const three = `${table("id INT")} INSERT INTO t VALUES (1); INSERT INTO t VALUES (2); INSERT INTO t VALUES (3);`;
    const hinted = (hint: string) => rows(`${three} SELECT * FROM t /*+ OPTIONS(${hint}) */;`).map((row) => (row as unknown[])[0]);
    expect(hinted("'snapshot-id' = '2'")).toEqual([1, 2]);
    expect(hinted("'start-snapshot-id' = '1'")).toEqual([2, 3]);
    expect(hinted("'start-snapshot-id' = '1', 'end-snapshot-id' = '2'")).toEqual([2]);
    expect(() => hinted("'snapshot-id' = '9'")).toThrow("Cannot find snapshot with ID 9");
  });

  it("are read as streams from where one says", () => {
    const three = `${table("id INT")} INSERT INTO t VALUES (1); INSERT INTO t VALUES (2); INSERT INTO t VALUES (3);`;
    const streamed = (strategy: string) =>
      rows(`${three} SELECT * FROM t /*+ OPTIONS('streaming' = 'true', 'monitor-interval' = '1 s'${strategy}) */;`).map(
        (row) => (row as unknown[])[0],
      );
    expect(streamed("")).toEqual([3]);
    expect(streamed(", 'starting-strategy' = 'TABLE_SCAN_THEN_INCREMENTAL'")).toEqual([1, 2, 3]);
    expect(streamed(", 'starting-strategy' = 'incremental_from_earliest_snapshot'")).toEqual([1, 2, 3]);
    expect(streamed(", 'starting-strategy' = 'INCREMENTAL_FROM_SNAPSHOT_ID', 'start-snapshot-id' = '2'")).toEqual([2, 3]);
    expect(streamed(", 'starting-strategy' = 'INCREMENTAL_FROM_LATEST_SNAPSHOT_EXCLUSIVE'")).toEqual([]);
  });

  it("two declarations of one table of a catalog share it", () => {
    const found = rows(`${table("id INT", ", 'catalog-database' = 'db', 'catalog-table' = 'orders'")}
      CREATE TABLE other LIKE t; INSERT INTO t VALUES (1), (2); SELECT id FROM other;`);
    expect(found).toEqual([[1], [2]]);
  });

  it("are written exactly once through crashes", () => {
    const script = `
      CREATE TABLE numbers (id INT) WITH ('connector' = 'datagen', 'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '60', 'rows-per-second' = '10');
      SET 'execution.checkpointing.interval' = '500 ms';
      ${table("id INT")} INSERT INTO t SELECT id FROM numbers; SELECT COUNT(*), COUNT(DISTINCT id) FROM t;`;
    const faults = [20, 45].map(
      (records) => ({ kind: "crashTaskManager", taskManager: 0, when: { kind: "afterRecords", records } }) as const,
    );
    const outcome = runScript(script, { simulated: true, faults });
    expect(outcome.restarts).toBe(2);
    expect(outcome.results.at(-1)?.at(-1)).toEqual([60, 60]);
  });
});

describe("iceberg refusals", () => {
  const complaint = (options: string, use: string, key = ""): string | undefined =>
    checkSql(
      `CREATE TABLE t (id INT, d STRING${key}) WITH ('connector' = 'iceberg', 'catalog-name' = 'lake'${options}); ${use}`,
      "CREATE TABLE s (id INT, d STRING) WITH ('connector' = 'blackhole'); CREATE TABLE g (id INT, d STRING) WITH ('connector' = 'datagen')",
      [],
    )[0]?.message.split("\n")[0];
  const READ = "INSERT INTO s SELECT * FROM t";
  const WRITE = "INSERT INTO t SELECT * FROM g";
  it.each([
    ["", READ, "", undefined],
    ["", WRITE, "", undefined],
    [", 'write.metadata.delete-after-commit.enabled' = 'true'", WRITE, "", undefined],
    [", 'monitor-intervall' = '1 s'", READ, "", "Unsupported options found for 'iceberg'."],
    [
      ", 'streaming' = 'yes'",
      READ,
      "",
      "Invalid value for option 'streaming'. Unrecognized option for boolean: yes. Expected either true or false(case insensitive)",
    ],
    [", 'streaming' = 'true', 'snapshot-id' = '1'", READ, "", "Cannot set snapshot-id option for streaming reader"],
    [", 'streaming' = 'true', 'as-of-timestamp' = '1'", READ, "", "Cannot set as-of-timestamp option for streaming reader"],
    [", 'snapshot-id' = '1', 'as-of-timestamp' = '1'", READ, "", "Cannot set both snapshot id and as-of-timestamp for a batch read"],
    [", 'tag' = 'x'", READ, "", "The option 'tag' of Iceberg tables is not available here."],
    [
      ", 'write.upsert.enabled' = 'true'",
      WRITE,
      "",
      "Equality field columns shouldn't be empty when configuring to use UPSERT data stream.",
    ],
    [
      ", 'upsert-enabled' = 'true', 'format-version' = '1'",
      WRITE,
      ", PRIMARY KEY (id) NOT ENFORCED",
      "Cannot write delete files in a v1 table",
    ],
    [", 'overwrite-enabled' = 'true'", WRITE, "", "Unbounded data stream doesn't support overwrite operation."],
    [
      "",
      "INSERT INTO t SELECT id, MAX(d) FROM g GROUP BY id",
      "",
      "Table sink 'default_catalog.default_database.t' doesn't support consuming update changes which is produced by node GroupAggregate(groupBy=[id], select=[id, MAX(d) AS EXPR$1])",
    ],
  ])("%s %s", (options, use, key, message) => {
    expect(complaint(options, use, key)).toBe(message);
  });

  it("needs the name of a catalog", () => {
    const [diagnostic] = checkSql("CREATE TABLE t (id INT) WITH ('connector' = 'iceberg'); INSERT INTO t VALUES (1)", "", []);
    expect(diagnostic).toMatchObject({ code: "SQL_MISSING_OPTION", expected: "'catalog-name' = '…'" });
  });
});
