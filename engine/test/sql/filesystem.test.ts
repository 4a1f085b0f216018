/** `'connector' = 'filesystem'`: what files hold (texts as Flink 2.3 wrote them), partitions, metadata, commits of partitions, compaction. */
import { describe, expect, it, vi } from "vitest";
import type { FileOutcome } from "../../src/sim.ts";
import { runScript, type ScriptOutcome, type ScriptSettings } from "./run-script.ts";

vi.setConfig({ testTimeout: 60_000 });

const table = (columns: string, format: string, more = "", options = "", path = "/out") =>
  `CREATE TABLE t (${columns}) ${more} WITH ('connector' = 'filesystem', 'path' = 'file://${path}', 'format' = '${format}'${options});`;
const files = (outcome: ScriptOutcome) => (outcome.systems.files as { readonly files: readonly FileOutcome[] }).files;
const visible = (outcome: ScriptOutcome) => files(outcome).filter(({ path, inProgress }) => !inProgress && !path.includes("/_"));
const text = (script: string) =>
  visible(runScript(script))
    .map(({ content }) => content)
    .join("");
const directories = (outcome: ScriptOutcome) => [...new Set(visible(outcome).map(({ path }) => path.slice(0, path.lastIndexOf("/"))))];
const rows = (script: string) =>
  runScript(script)
    .results.at(-1)
    ?.map((row) => JSON.stringify(row))
    .sort();

const TYPES = "i INT, b BIGINT, s STRING, d DECIMAL(5, 2), o BOOLEAN, f DOUBLE, t TIMESTAMP(3), z TIMESTAMP_LTZ(3), dd DATE, tt TIME";
const ROW = `(1, 5000000000, 'x,y', 1.50, TRUE, 1e10, TIMESTAMP '2026-01-01 00:00:00.12', TO_TIMESTAMP_LTZ(5, 3), DATE '2026-02-03', TIME '10:11:12')`;
const NULLS = `(${["INT", "BIGINT", "STRING", "DECIMAL(5, 2)", "BOOLEAN", "DOUBLE", "TIMESTAMP(3)", "TIMESTAMP_LTZ(3)", "DATE", "TIME"]
  .map((type) => `CAST(NULL AS ${type})`)
  .join(", ")})`;

describe("what files hold", () => {
  it.each([
    [
      "csv",
      table(TYPES, "csv"),
      `${ROW}, ${NULLS}`,
      '1,5000000000,"x,y",1.5,true,1.0E10,"2026-01-01 00:00:00.12","1970-01-01 00:00:00.005Z",2026-02-03,10:11:12\n,,,,,,,,,\n',
    ],
    [
      "csv with quotes",
      table("a STRING, b STRING", "csv"),
      `('a"b', 'c d'), ('', ' x '), ('a''b', 'é')`,
      '"a""b","c d"\n," x "\n"a\'b",é\n',
    ],
    [
      "csv with a word for NULL",
      table("a STRING, b STRING", "csv", "", ", 'csv.null-literal' = 'n/a'"),
      "('a', CAST(NULL AS STRING)), (CAST(NULL AS STRING), 'n/a')",
      "a,n/a\nn/a,n/a\n",
    ],
    ["csv between bars", table("a STRING, b INT", "csv", "", ", 'csv.field-delimiter' = '|'"), "('a|b', 1)", '"a|b"|1\n'],
    ["csv with parts", table("a ARRAY<INT>, r ROW<x INT, y STRING>", "csv"), "(ARRAY[1, 2], ROW(1, 'y'))", "1;2,1;y\n"],
    ["raw", table("a STRING", "raw"), "('x'), ('y z')", "x\ny z\n"],
  ])("%s", (_what, ddl, values, content) => {
    expect(text(`${ddl} INSERT INTO t VALUES ${values};`)).toBe(content);
  });

  it("json", () => {
    const lines = text(`${table(TYPES, "json")} INSERT INTO t VALUES ${ROW}, ${NULLS};`)
      .trimEnd()
      .split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        i: 1,
        b: 5_000_000_000,
        s: "x,y",
        d: 1.5,
        o: true,
        f: 1e10,
        t: "2026-01-01 00:00:00.12",
        z: "1970-01-01 00:00:00.005Z",
        dd: "2026-02-03",
        tt: "10:11:12",
      },
      Object.fromEntries(["i", "b", "s", "d", "o", "f", "t", "z", "dd", "tt"].map((name) => [name, null])),
    ]);
  });

  it("CSV without a word for NULL cannot be read back where a number was NULL, as in Flink", () => {
    const script = (options: string) =>
      `${table("a INT, b STRING", "csv", "", options)} INSERT INTO t VALUES (1, 'x'), (CAST(NULL AS INT), 'y'); SELECT * FROM t;`;
    expect(() => rows(script(""))).toThrow('For input string: ""');
    expect(rows(script(", 'csv.null-literal' = ''"))).toEqual(['[1,"x"]', '[null,"y"]']);
  });
});

describe("partitions", () => {
  const DDL = table("a INT, d STRING, h INT", "csv", "PARTITIONED BY (d, h)");

  it("lie in directories that are named after their values", () => {
    const outcome = runScript(`${DDL} INSERT INTO t VALUES (1, 'x', 10), (2, CAST(NULL AS STRING), 11), (3, '', 12), (4, 'a/b=c d', 13);`);
    expect(directories(outcome)).toEqual([
      "/out/d=__DEFAULT_PARTITION__/h=11",
      "/out/d=__DEFAULT_PARTITION__/h=12",
      "/out/d=a%2Fb%3Dc d/h=13",
      "/out/d=x/h=10",
    ]);
    expect(visible(outcome).map(({ content }) => content)).toEqual(["2\n", "3\n", "4\n", "1\n"]);
  });

  it("are read with their values from the path, whatever the order of columns", () => {
    expect(rows(`${DDL} INSERT INTO t VALUES (1, 'x', 10), (2, CAST(NULL AS STRING), 11), (4, 'a/b=c d', 13); SELECT * FROM t;`)).toEqual([
      '[1,"x",10]',
      "[2,null,11]",
      '[4,"a/b=c d",13]',
    ]);
    expect(rows(`${DDL} INSERT INTO t VALUES (1, 'x', 10), (2, 'y', 11); SELECT a, h FROM t WHERE d = 'y';`)).toEqual(["[2,11]"]);
    const leading = table("d DATE, a INT", "json", "PARTITIONED BY (d)");
    expect(rows(`${leading} INSERT INTO t VALUES (DATE '2026-01-02', 1); SELECT * FROM t;`)).toEqual(['["2026-01-02",1]']);
  });

  it("have a name for NULL that can be chosen", () => {
    const ddl = table("a INT, d STRING", "csv", "PARTITIONED BY (d)", ", 'partition.default-name' = 'none'");
    const script = `${ddl} INSERT INTO t VALUES (3, CAST(NULL AS STRING));`;
    expect(directories(runScript(script))).toEqual(["/out/d=none"]);
    expect(rows(`${script} SELECT * FROM t;`)).toEqual(["[3,null]"]);
  });
});

describe("files that are read", () => {
  const TWO = `${table("a INT, d STRING", "csv", "PARTITIONED BY (d)")} INSERT INTO t VALUES (1, 'x'), (22, 'y');`;

  it("say where rows come from", () => {
    const found = runScript(`${TWO}
      CREATE TABLE f (a INT, p STRING NOT NULL METADATA FROM 'file.path' VIRTUAL, n STRING NOT NULL METADATA FROM 'file.name' VIRTUAL,
        z BIGINT NOT NULL METADATA FROM 'file.size' VIRTUAL, m TIMESTAMP_LTZ(3) NOT NULL METADATA FROM 'file.modification-time' VIRTUAL)
        WITH ('connector' = 'filesystem', 'path' = 'file:///out', 'format' = 'csv');
      SELECT a, p LIKE '/out/d=%/part-%', n LIKE 'part-%', z, m >= TIMESTAMP '2026-01-01 00:00:00' FROM f;`);
    expect(found.results.at(-1)).toEqual([
      [1, true, true, 2, true],
      [22, true, true, 3, true],
    ]);
  });

  it("are those whose whole path fits the pattern", () => {
    const script = (pattern: string) => `${TWO} SELECT a FROM t /*+ OPTIONS('source.path.regex-pattern' = '${pattern}') */;`;
    expect(rows(script("/out/d=[yz]/.*"))).toEqual(["[22]"]);
    expect(rows(script("d=x.*"))).toEqual([]);
  });
});

describe("FILE-10: partitions that are complete", () => {
  const clicks = `CREATE TABLE g (id INT, ts AS TO_TIMESTAMP_LTZ(1767225600000 + id * 6000, 3), WATERMARK FOR ts AS ts)
    WITH ('connector' = 'datagen', 'fields.id.kind' = 'sequence', 'fields.id.start' = '0', 'fields.id.end' = '2099', 'rows-per-second' = '500');
    SET 'execution.checkpointing.interval' = '500 ms';`;
  const options = `, 'sink.partition-commit.trigger' = 'partition-time', 'sink.partition-commit.delay' = '1 h',
    'partition.time-extractor.timestamp-pattern' = '$dt $hr:00:00', 'sink.partition-commit.policy.kind' = 'success-file'`;
  const script = (more = options) => `${clicks} ${table("id INT, dt STRING, hr STRING", "json", "PARTITIONED BY (dt, hr)", more)}
    INSERT INTO t SELECT id, DATE_FORMAT(ts, 'yyyy-MM-dd'), DATE_FORMAT(ts, 'HH') FROM g;`;
  const successes = (outcome: ScriptOutcome) =>
    files(outcome)
      .filter(({ path }) => /\/_[A-Z]+$/.test(path))
      .map(({ path, visibleAtMs }) => ({ path, atMs: visibleAtMs }));

  it("get a file when the watermark has passed their time and the delay; at the end of the input all do", () => {
    const outcome = runScript(script(), { simulated: true });
    const found = successes(outcome);
    expect(found.map(({ path }) => path)).toEqual(["00", "01", "02", "03"].map((hour) => `/out/dt=2026-01-01/hr=${hour}/_SUCCESS`));
    expect(found[0].atMs).toBeLessThan(found[3].atMs);
    for (const { path, atMs } of found) {
      const directory = path.slice(0, path.lastIndexOf("/"));
      const last = Math.max(
        ...visible(outcome)
          .filter((file) => file.path.startsWith(`${directory}/part-`))
          .map((file) => file.visibleAtMs),
      );
      expect(last).toBeLessThanOrEqual(atMs);
    }
  });

  it("by processing time, under another name", () => {
    const outcome = runScript(
      script(", 'sink.partition-commit.policy.kind' = 'success-file', 'sink.partition-commit.success-file.name' = '_DONE'"),
      { simulated: true },
    );
    expect(successes(outcome)).toHaveLength(4);
    expect(successes(outcome)[0].path).toBe("/out/dt=2026-01-01/hr=00/_DONE");
  });

  it("get none without a policy", () => {
    expect(successes(runScript(script("")))).toEqual([]);
  });

  it("are complete when they are said to be, through crashes", () => {
    for (const records of [500, 1100, 1700]) {
      const faults: ScriptSettings["faults"] = [{ kind: "crashTaskManager", taskManager: 0, when: { kind: "afterRecords", records } }];
      const outcome = runScript(script(), { simulated: true, faults });
      expect(outcome.restarts).toBe(1);
      expect(successes(outcome)).toHaveLength(4);
      const lines = visible(outcome).flatMap(({ content }) => content.trimEnd().split("\n"));
      expect(lines.map((line) => JSON.parse(line).id).sort((a, b) => a - b)).toEqual(Array.from({ length: 2100 }, (_, id) => id));
    }
  });
});

describe("small files", () => {
  it("of one checkpoint become one", () => {
    const script = (options: string) => `
      CREATE TABLE g (id INT) WITH ('connector' = 'datagen', 'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '40', 'rows-per-second' = '20');
      SET 'execution.checkpointing.interval' = '500 ms';
      ${table("id INT", "csv", "", options)} INSERT INTO t SELECT id FROM g;`;
    const settings = { simulated: true, parallelism: 2 };
    const plain = runScript(script(", 'sink.partition-commit.policy.kind' = 'success-file'"), settings);
    const compacted = runScript(script(", 'auto-compaction' = 'true'"), settings);
    const ids = (outcome: ScriptOutcome) =>
      visible(outcome)
        .flatMap(({ content }) => content.trimEnd().split("\n"))
        .map(Number)
        .sort((a, b) => a - b);
    expect(ids(compacted)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(visible(compacted).every(({ path }) => path.includes("/compacted-part-"))).toBe(true);
    expect(visible(compacted).length).toBeLessThan(visible(plain).length);
  });
});
