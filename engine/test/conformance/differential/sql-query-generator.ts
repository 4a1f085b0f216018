/** Random queries over random tables: joins, Top-N, deduplication, OVER, temporal joins, set operations, patterns. */
import type { Choices } from "./choices.ts";
import { Arrivals, changingTable, eventTable, type GeneratedQuery, timeText } from "./sql-tables.ts";

const JOINS = ["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"] as const;

/** Regular joins of changelogs, with and without unique keys, and IN / EXISTS. */
export function sqlJoinCase(choices: Choices): GeneratedQuery {
  const arrivals = new Arrivals(choices, 26);
  const nulls = choices.chance(30) ? [null] : [];
  const side = (name: string): ReturnType<typeof changingTable> => {
    const keyed = choices.chance(60);
    const mode = keyed && choices.chance(30) ? "upsert" : "retract";
    return changingTable(choices, { name, seqs: arrivals.take(13), keyed, mode, keys: ["a", "b", ...nulls] });
  };
  const tables = [side("l"), side("r")];
  const on = choices.of([
    "l.k = r.k",
    "l.id = r.id",
    "l.k = r.k AND l.v < r.v",
    "l.id = r.id AND l.v <> r.v",
    "l.k = r.k AND l.id = r.id",
    "l.k IS NOT DISTINCT FROM r.k",
  ]);
  const kind = choices.weighted([
    [5, "join"],
    [2, "semi"],
    [2, "anti"],
    [1, "agg"],
  ] as const);
  const title = `${kind} on ${on}`;
  if (kind === "semi" || kind === "anti")
    return {
      title,
      tables,
      query: `SELECT l.id, l.k, l.v FROM l WHERE ${kind === "anti" ? "NOT " : ""}EXISTS (SELECT 1 FROM r WHERE ${on})`,
    };
  const join = choices.of(JOINS);
  if (kind === "agg")
    return {
      title,
      tables,
      query: `SELECT x.k, x.n, y.s FROM (SELECT k, COUNT(*) AS n FROM l GROUP BY k) x ${join} (SELECT k, SUM(v) AS s FROM r GROUP BY k) y ON x.k = y.k`,
    };
  return {
    title: `${join}: ${title}`,
    tables,
    query: `SELECT l.id AS li, l.k AS lk, l.v AS lv, r.id AS ri, r.k AS rk, r.v AS rv FROM l ${join} r ON ${on}`,
  };
}

/** Interval and window joins. */
export function sqlTimeJoinCase(choices: Choices): GeneratedQuery {
  const arrivals = new Arrivals(choices, 26);
  const keys = choices.chance(25) ? ["a", null] : ["a", "b"];
  const tables = [
    eventTable(choices, { name: "l", seqs: arrivals.take(13), keys }),
    eventTable(choices, { name: "r", seqs: arrivals.take(13), keys }),
  ];
  const join = choices.of(JOINS);
  const more = choices.of(["", "", " AND l.v < r.v"]);
  if (choices.chance(60)) {
    const lower = choices.of([-4, -2, 0, 1]);
    const upper = lower + choices.of([1, 3, 5]);
    const bound = (minutes: number): string => `r.ts ${minutes < 0 ? "-" : "+"} INTERVAL '${Math.abs(minutes)}' MINUTE`;
    const query = `SELECT l.id AS li, l.k AS lk, r.id AS ri, r.v AS rv FROM l ${join} r ON l.k = r.k AND l.ts BETWEEN ${bound(lower)} AND ${bound(upper)}${more}`;
    return { title: `${join} within ${lower} to ${upper} minutes`, tables, query };
  }
  const windowed = (name: string): string => `(SELECT * FROM TABLE(TUMBLE(TABLE ${name}, DESCRIPTOR(ts), INTERVAL '5' MINUTES))) ${name}`;
  const kind = choices.of([...JOINS, "SEMI", "ANTI"]);
  const on = `l.window_start = r.window_start AND l.window_end = r.window_end AND l.k = r.k${more}`;
  const query =
    kind === "SEMI" || kind === "ANTI"
      ? `SELECT l.id, l.window_start FROM ${windowed("l")} WHERE ${kind === "ANTI" ? "NOT " : ""}EXISTS (SELECT 1 FROM ${windowed("r")} WHERE ${on})`
      : `SELECT l.id AS li, r.id AS ri, l.window_start AS ls, r.window_start AS rs FROM ${windowed("l")} ${kind} ${windowed("r")} ON ${on}`;
  return { title: `window join ${kind}`, tables, query };
}

const DIRECTIONS = ["ASC", "DESC", "DESC NULLS LAST", "ASC NULLS LAST"] as const;

/** Top-N over inserts, changelogs and aggregates. */
export function sqlTopNCase(choices: Choices): GeneratedQuery {
  const arrivals = new Arrivals(choices, 24);
  const rank = choices.chance(50) ? ", rn" : "";
  const n = choices.int(1, 3);
  const range = choices.of([`rn <= ${n}`, `rn <= ${n}`, `rn = ${n}`, `rn BETWEEN 2 AND ${n + 1}`]);
  const input = choices.of(["insert", "retract", "upsert", "count", "max"] as const);
  const direction = choices.of(DIRECTIONS);
  const partition = choices.chance(70) ? "PARTITION BY k " : "";
  const top = (from: string, columns: string, order: string): string =>
    `SELECT ${columns}${rank} FROM (SELECT ${columns}, ROW_NUMBER() OVER (${partition}ORDER BY ${order}) AS rn FROM ${from}) WHERE ${range}`;
  const title = `Top-N of ${input}: ${range}, ${direction}${rank === "" ? "" : ", with the rank"}`;
  if (input === "insert")
    return { title, tables: [eventTable(choices, { name: "t", seqs: arrivals.take(24) })], query: top("t", "k, id, v", `v ${direction}`) };
  if (input === "count" || input === "max") {
    const tables = [eventTable(choices, { name: "t", seqs: arrivals.take(24) })];
    const grouped = `(SELECT k, MOD(id, 4) AS g, ${input === "count" ? "COUNT(*)" : "MAX(v)"} AS s FROM t GROUP BY k, MOD(id, 4))`;
    return { title, tables, query: top(grouped, "k, g, s", `s ${direction}`) };
  }
  const tables = [
    changingTable(choices, { name: "t", seqs: arrivals.take(24), keyed: input === "upsert" || choices.chance(50), mode: input }),
  ];
  return { title, tables, query: top("t", "id, k, v", `v ${direction}`) };
}

/** Ranks whose end is a column, ranks over unique keys of all sorts, ranks over ranks, deduplication and joins. */
export function sqlRankCase(choices: Choices): GeneratedQuery {
  const arrivals = new Arrivals(choices, 26);
  const rank = choices.chance(50) ? ", rn" : "";
  const direction = choices.of(DIRECTIONS);
  const input = choices.of(["insert", "sum", "unique", "latest", "top", "join", "changes"] as const);
  const range = choices.of(["rn <= lim", "rn <= lim", "rn <= 2", "rn BETWEEN 2 AND 3", "rn = 1", "rn < 4 AND rn > 1"]);
  const top = (from: string, columns: string, by: string, order: string): string =>
    `SELECT ${columns}${rank} FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY ${by} ORDER BY ${order}) AS rn FROM ${from}) WHERE ${range}`;
  const title = `Top-N of ${input}: ${range}, ${direction}${rank === "" ? "" : ", with the rank"}`;
  const limit = "CASE k WHEN 'a' THEN 2 ELSE 3 END AS lim";
  if (input === "changes") {
    const table = changingTable(choices, {
      name: "t",
      seqs: arrivals.take(26),
      keyed: choices.chance(60),
      mode: choices.of(["retract", "upsert"]),
    });
    const keyed = { ...table, changelogMode: table.primaryKey === undefined ? ("retract" as const) : table.changelogMode };
    return {
      title,
      tables: [keyed],
      query: top(
        `(SELECT id, k, v, ${limit} FROM t)`,
        "k, id, v",
        "k",
        choices.of([`v ${direction}`, `id ${direction}`, `v ${direction}, id DESC`]),
      ),
    };
  }
  const events = eventTable(choices, { name: "t", seqs: arrivals.take(input === "join" ? 14 : 26), computed: [["pt", "PROCTIME()"]] });
  const group = choices.of(["MOD(id, 3)", "MOD(id, 5)"]);
  switch (input) {
    case "insert":
      return { title, tables: [events], query: top(`(SELECT id, k, v, ${limit} FROM t)`, "k, id, v", "k", `v ${direction}`) };
    case "sum": {
      const sum = choices.of(["SUM(v)", "COUNT(*)", "MAX(v)", "MIN(v)", "SUM(v) FILTER (WHERE v > 0)"]);
      return {
        title: `${title}, ${sum}`,
        tables: [events],
        query: top(
          `(SELECT k, g, s, ${limit} FROM (SELECT k, ${group} AS g, ${sum} AS s FROM t GROUP BY k, ${group}))`,
          "k, g, s",
          "k",
          `s ${direction}`,
        ),
      };
    }
    case "unique":
      return {
        title,
        tables: [events],
        query: top(
          `(SELECT g, MAX(k) AS k, COUNT(*) AS s, 2 AS lim FROM (SELECT ${group} AS g, k FROM t) GROUP BY g)`,
          "g, k, s",
          choices.of(["k", "MOD(g, 2)"]),
          `s ${direction}`,
        ),
      };
    case "latest": {
      const time = choices.of(["pt", "ts"]);
      const last = `SELECT k, v, id, ROW_NUMBER() OVER (PARTITION BY ${group} ORDER BY ${time} ${choices.of(["DESC", "ASC"])}) AS n FROM t`;
      return {
        title,
        tables: [events],
        query: top(`(SELECT k, v, id, ${limit} FROM (${last}) WHERE n = 1)`, "k, id, v", "k", `v ${direction}`),
      };
    }
    case "top": {
      const inner = `SELECT k, v, id, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v DESC) AS n FROM t`;
      return {
        title,
        tables: [events],
        query: top(`(SELECT k, v, id, n, 2 AS lim FROM (${inner}) WHERE n <= 2)`, "k, id, v", choices.of(["n", "k"]), `v ${direction}`),
      };
    }
    default: {
      const other = changingTable(choices, { name: "r", seqs: arrivals.take(12), keyed: true });
      const join = choices.of(["JOIN", "LEFT JOIN"]);
      return {
        title,
        tables: [events, other],
        query: top(`(SELECT t.k, t.id, r.v AS v, 2 AS lim FROM t ${join} r ON MOD(t.id, 6) + 1 = r.id)`, "k, id, v", "k", `v ${direction}`),
      };
    }
  }
}

/** Queries in batches that are cut by size alone. */
export function sqlMiniBatchCase(choices: Choices): GeneratedQuery {
  const base = choices.of([sqlJoinCase, sqlTopNCase, sqlDedupCase, sqlRankCase, aggregateCase] as const)(choices);
  const config = {
    ...base.config,
    "table.exec.mini-batch.enabled": "true",
    "table.exec.mini-batch.allow-latency": "1 h",
    "table.exec.mini-batch.size": String(choices.int(2, 6)),
    ...(choices.chance(40) ? { "table.optimizer.agg-phase-strategy": choices.of(["ONE_PHASE", "TWO_PHASE"]) } : {}),
    ...(choices.chance(30) ? { "table.optimizer.distinct-agg.split.enabled": "true" } : {}),
  };
  return { ...base, title: `in batches, ${base.title}`, config };
}

function aggregateCase(choices: Choices): GeneratedQuery {
  const arrivals = new Arrivals(choices, 24);
  const changes = choices.chance(50);
  const table = changes
    ? changingTable(choices, { name: "t", seqs: arrivals.take(24), keyed: choices.chance(60) })
    : eventTable(choices, { name: "t", seqs: arrivals.take(24) });
  const calls = choices.of([
    "COUNT(*) AS n, SUM(v) AS s",
    "COUNT(DISTINCT v) AS d, MAX(v) AS m",
    "COUNT(DISTINCT v) AS d, SUM(v) AS s, COUNT(DISTINCT id) AS e",
    "MIN(v) AS m, AVG(v) AS a",
    "SUM(DISTINCT v) AS s, COUNT(DISTINCT v) FILTER (WHERE v > 2) AS d",
  ]);
  const inner = `SELECT k, ${calls} FROM t GROUP BY k`;
  if (choices.chance(60)) return { title: `GROUP BY of ${calls}`, tables: [table], query: inner };
  const [first] = calls.split(" AS ")[1].split(",");
  return {
    title: `GROUP BY over GROUP BY of ${calls}`,
    tables: [table],
    query: `SELECT ${first}, COUNT(*) AS c, MAX(k) AS mk FROM (${inner}) GROUP BY ${first}`,
  };
}

/** First and last rows by time. */
export function sqlDedupCase(choices: Choices): GeneratedQuery {
  const arrivals = new Arrivals(choices, 22);
  const proctime = choices.chance(35);
  const tables = [eventTable(choices, { name: "t", seqs: arrivals.take(22), computed: [["pt", "PROCTIME()"]] })];
  const direction = choices.of(["ASC", "DESC"]);
  const filter = choices.of(["", "", " AND v > 5"]);
  const query = `SELECT k, id, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY ${choices.of(["k", "k, MOD(id, 2)"])} ORDER BY ${proctime ? "pt" : "ts"} ${direction}) AS rn FROM t) WHERE rn = 1${filter}`;
  const config = choices.chance(20) ? { "table.exec.state.ttl": "1 h" } : undefined;
  return { title: `${direction} by ${proctime ? "arrival" : "event time"}`, tables, query, ...(config === undefined ? {} : { config }) };
}

/** OVER windows by time and by other columns. */
export function sqlOverCase(choices: Choices): GeneratedQuery {
  const arrivals = new Arrivals(choices, 22);
  const calls = choices.of([
    "SUM(v) OVER w AS s, COUNT(*) OVER w AS n",
    "MAX(v) OVER w AS m, MIN(v) OVER w AS i",
    "AVG(v) OVER w AS a, COUNT(v) OVER w AS n",
  ]);
  if (choices.chance(50)) {
    const retract = choices.chance(60);
    const table = retract
      ? changingTable(choices, { name: "t", seqs: arrivals.take(20), keyed: choices.chance(50) })
      : eventTable(choices, { name: "t", seqs: arrivals.take(20) });
    const frame = choices.of(["", "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW", "RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"]);
    const order = choices.of(["v", "v DESC", "v, id"]);
    const query = `SELECT k, id, v, ${calls} FROM t WINDOW w AS (${choices.chance(70) ? "PARTITION BY k " : ""}ORDER BY ${order} ${frame})`;
    return { title: `OVER ordered by ${order} ${frame}`, tables: [table], query };
  }
  const frame = choices.of([
    "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
    "RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
    `ROWS BETWEEN ${choices.int(1, 3)} PRECEDING AND CURRENT ROW`,
    `RANGE BETWEEN INTERVAL '${choices.int(1, 4)}' MINUTE PRECEDING AND CURRENT ROW`,
  ]);
  const tables = [eventTable(choices, { name: "t", seqs: arrivals.take(22) })];
  return {
    title: `OVER by event time ${frame}`,
    tables,
    query: `SELECT k, id, v, ${calls} FROM t WINDOW w AS (PARTITION BY k ORDER BY ts ${frame})`,
  };
}

/** Event-time temporal joins with a versioned table or a view that keeps the last row. */
export function sqlTemporalCase(choices: Choices): GeneratedQuery {
  const arrivals = new Arrivals(choices, 26);
  const keys = choices.chance(20) ? ["a", null] : ["a", "b"];
  const left = eventTable(choices, { name: "o", seqs: arrivals.take(14), keys });
  const join = choices.of(["JOIN", "LEFT JOIN"]);
  const more = choices.of(["", "", " AND o.v < d.v"]);
  if (choices.chance(40)) {
    const versions = eventTable(choices, { name: "e", seqs: arrivals.take(12), keys });
    const setup = [
      "CREATE TEMPORARY VIEW d AS SELECT k, id, v, ts FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts DESC) AS rn FROM e) WHERE rn = 1",
    ];
    const query = `SELECT o.id, o.k, d.id AS did, d.v AS dv FROM o ${join} d FOR SYSTEM_TIME AS OF o.ts ON o.k = d.k${more}`;
    return { title: `${join} with a versioned view`, tables: [left, versions], setup, query };
  }
  const rows = arrivals.take(12).map((seq, i) => {
    const op = choices.weighted([
      [4, "+U"],
      [3, "+I"],
      [2, "-D"],
    ] as const);
    return [seq, op, [choices.of(["a", "b"]), choices.int(0, 30), timeText(Math.max(0, i + choices.of([0, 0, 1, -2, -5])))]] as const;
  });
  const versioned = {
    name: "d",
    columns: [
      ["k", "STRING NOT NULL"],
      ["v", "INT"],
      ["ts", "TIMESTAMP(3)"],
    ] as const,
    primaryKey: ["k"],
    rowtime: "ts",
    watermarkDelayMs: choices.of([0, 120_000]),
    changelogMode: "upsert" as const,
    rows,
  };
  const query = `SELECT o.id, o.k, o.v, d.v AS dv FROM o ${join} d FOR SYSTEM_TIME AS OF o.ts ON o.k = d.k${more}`;
  return { title: `${join} with a versioned table`, tables: [left, versioned], query };
}

/** UNION, INTERSECT, EXCEPT. */
export function sqlSetCase(choices: Choices): GeneratedQuery {
  const arrivals = new Arrivals(choices, 24);
  const tables = [
    changingTable(choices, { name: "l", seqs: arrivals.take(12), keyed: false, keys: ["a", null] }),
    changingTable(choices, { name: "r", seqs: arrivals.take(12), keyed: false, keys: ["a", null] }),
  ];
  const op = choices.of(["UNION", "UNION ALL", "INTERSECT", "INTERSECT ALL", "EXCEPT", "EXCEPT ALL"]);
  return { title: op, tables, query: `SELECT k, v FROM l ${op} SELECT k, v FROM r` };
}

/** MATCH_RECOGNIZE. */
export function sqlMatchCase(choices: Choices): GeneratedQuery {
  const arrivals = new Arrivals(choices, 26);
  const tables = [eventTable(choices, { name: "t", seqs: arrivals.take(26) })];
  const middle = choices.of(["", "?", "+", "*", "{2}", "{1,2}", "{2,}", "+?", "*?", "{0,2}", "{1,3}?"]);
  const pattern = choices.of([
    `A B${middle} C`,
    `A B${middle} C`,
    `A+ B${middle === "?" || middle.startsWith("*") || middle === "{0,2}" ? "" : middle} C`,
    `A B${middle === "" ? "+?" : "*?"}`,
  ]);
  const conditions = ["v > 10", "v < 12", "v BETWEEN 0 AND 20", "v IS NOT NULL", "MOD(id, 2) = 0"];
  const defines = ["A", "B", ...(pattern.includes("C") ? ["C"] : [])].flatMap((variable) => {
    if (choices.chance(25)) return [];
    const own = choices.of(conditions).replace(/\b(v|id)\b/, `${variable}.$1`);
    const other =
      variable === "A"
        ? ""
        : choices.of(["", "", ` AND ${variable}.v > A.v`, ` OR ${variable}.v < LAST(${variable}.v, 1)`, ` AND COUNT(${variable}.id) < 4`]);
    return [`${variable} AS ${own}${other}`];
  });
  const after = choices.of([
    "AFTER MATCH SKIP PAST LAST ROW",
    "AFTER MATCH SKIP TO NEXT ROW",
    "",
    pattern.includes("C") ? "AFTER MATCH SKIP TO LAST C" : "",
  ]);
  const within = choices.chance(40) ? ` WITHIN INTERVAL '${choices.int(3, 9)}' MINUTE` : "";
  const last = pattern.includes("C") ? "C.id AS c" : "LAST(B.id) AS c";
  const measures = `FIRST(A.id) AS a, COUNT(B.id) AS n, SUM(B.v) AS s, LAST(B.id, 1) AS b1, ${last}`;
  const query = `SELECT * FROM t MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts${choices.of(["", ", id", ", v DESC"])} MEASURES ${measures} ONE ROW PER MATCH ${after} PATTERN (${pattern})${within} DEFINE ${defines.length === 0 ? "A AS A.v > 3" : defines.join(", ")}) AS m`;
  return { title: `${pattern} ${after}${within}`, tables, query };
}
