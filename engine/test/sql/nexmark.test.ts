import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { NexmarkGenerator } from "../../src/connectors/nexmark/nexmark-generator.ts";
import { NEXMARK_DEFAULTS } from "../../src/connectors/nexmark/nexmark-settings.ts";
import type { Row } from "../../src/types/row.ts";
import { runScript, type ScriptSettings } from "./run-script.ts";

const FOLDER = join(import.meta.dirname, "nexmark");
const EVENTS = 2500;

/** What needs something that Flink's own SQL does not bring, or what Flink refuses. */
const NOT_RUN: Readonly<Record<string, string>> = {
  "queries/q6.sql": "Flink refuses it, too (FLINK-19059)",
  "queries/q12.sql": "by processing time: results depend on it",
  "queries/q13.sql": "looks up in a file, with the option keys of Flink 1.10; below with a database instead",
};

function scriptOf(query: string, settings = ""): string {
  const variables: Readonly<Record<string, string>> = {
    TPS: "1000",
    EVENTS_NUM: String(EVENTS),
    PERSON_PROPORTION: "1",
    AUCTION_PROPORTION: "3",
    BID_PROPORTION: "46",
    NEXMARK_TABLE: "datagen",
    NEXMARK_DIR: "/nexmark",
    SUBMIT_TIME: "now",
  };
  const files = ["queries/ddl_gen.sql", "queries/ddl_views.sql", query];
  const text = files.map((file) => readFileSync(join(FOLDER, file), "utf8")).join("\n");
  return settings + text.replace(/\$\{(\w+)\}/g, (_, name: string) => variables[name]);
}

function run(query: string, settings: ScriptSettings = {}, options = ""): Readonly<Record<string, readonly string[]>> {
  return runScript(scriptOf(query, options), settings).tables;
}

const events = (count: number, changes: Partial<typeof NEXMARK_DEFAULTS> = {}): Row[] => {
  const generator = new NexmarkGenerator({ ...NEXMARK_DEFAULTS, ...changes });
  return Array.from({ length: count }, (_, index) => generator.event(index));
};
const ofType = (rows: readonly Row[], type: number): unknown[][] =>
  rows.filter((row) => row[1] === type).map((row) => row[type + 2] as unknown[]);

describe("the nexmark generator", () => {
  const rows = events(50_000);

  it("has persons, auctions and bids as 1 : 3 : 46", () => {
    expect([0, 1, 2].map((type) => ofType(rows, type).length)).toEqual([1000, 3000, 46_000]);
  });

  it("numbers persons and auctions without gaps, from 1000 on", () => {
    for (const type of [0, 1]) {
      const ids = ofType(rows, type).map(([id]) => id as number);
      expect(ids[0]).toBe(1001);
      expect(ids.every((id, i) => i === 0 || id === ids[i - 1] + 1)).toBe(true);
    }
  });

  it("makes every event again, alone and in any order", () => {
    const generator = new NexmarkGenerator(NEXMARK_DEFAULTS);
    for (const index of [40_000, 3, 17_171, 3]) expect(generator.event(index)).toEqual(rows[index]);
    expect(events(10, { seed: 2 })).not.toEqual(rows.slice(0, 10));
  });

  it("gives each event a thousandth of its number at a thousand a second", () => {
    const generator = new NexmarkGenerator({ ...NEXMARK_DEFAULTS, eventsPerSecond: 1000 });
    expect([0, 1, 2999].map((index) => generator.timeMs(index) - NEXMARK_DEFAULTS.baseTimeMs)).toEqual([1, 2, 3000]);
  });

  it("draws prices from 100 to 100,000,000, half of the channels hot, and shifts bidders unless told otherwise", () => {
    const bids = ofType(rows, 2);
    const prices = bids.map((bid) => bid[2] as number);
    expect(Math.min(...prices)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...prices)).toBeLessThanOrEqual(100_000_000);
    const hot = bids.filter((bid) => ["Google", "Facebook", "Baidu", "Apple"].includes(bid[3] as string)).length / bids.length;
    expect(hot).toBeGreaterThan(0.48);
    expect(hot).toBeLessThan(0.52);
    const bidders = (shiftsBidders: boolean) => ofType(events(500, { shiftsBidders }), 2).map((bid) => bid[1] as number);
    expect(bidders(true)).toEqual(bidders(false).map((bidder) => bidder + 1000));
  });

  it("brings events to their average size", () => {
    const average = (type: number, width: (fields: unknown[]) => number): number => {
      const sizes = ofType(rows, type).map(width);
      return sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    };
    const bytes = (fields: unknown[]): number =>
      fields.reduce<number>((sum, field) => sum + (typeof field === "string" ? field.length : 8), 0);
    expect(average(0, bytes)).toBeGreaterThan(185);
    expect(average(0, bytes)).toBeLessThan(215);
    expect(average(1, bytes)).toBeGreaterThan(470);
    expect(average(1, bytes)).toBeLessThan(530);
  });
});

describe("Nexmark's published queries, unchanged", () => {
  const queriesIn = (folder: string): string[] =>
    readdirSync(join(FOLDER, folder))
      .filter((file) => /^q\d+\.sql$/.test(file))
      .map((file) => `${folder}/${file}`);
  const queries = [...queriesIn("queries").filter((query) => NOT_RUN[query] === undefined), ...queriesIn("queries-cep")];

  it.each(queries)("%s: the same with one subtask, with three, and after a crash", (query) => {
    const expected = run(query);
    expect(Object.values(expected)[0].length).toBeGreaterThan(query.endsWith("q23.sql") ? -1 : 0);
    expect(run(query, { parallelism: 3 })).toEqual(expected);
    const crash = { kind: "crashTaskManager", taskManager: 0, when: { kind: "afterRecords", records: 1200 } } as const;
    const checkpoints = "SET 'execution.checkpointing.interval' = '10 ms';\n";
    const crashed = runScript(scriptOf(query, checkpoints), { parallelism: 2, faults: [crash], simulated: true });
    expect(crashed.restarts).toBe(1);
    expect(crashed.tables).toEqual(expected);
  });
});

describe("Nexmark's q13", () => {
  const WRITTEN_OPTIONS = /'connector.type'[^)]*'format.type' = 'csv'/;
  const DATABASE = "'connector' = 'jdbc', 'url' = 'jdbc:postgresql://db:5432/nexmark', 'table-name' = 'side_input'";

  it("joins every bid with what a database says of its auction, if it says something", () => {
    const script = scriptOf("queries/q13.sql");
    expect(script).toMatch(WRITTEN_OPTIONS);
    const sides = [1000, 1001, 1003].map((key) => `(${key}, 'side of ${key}')`).join(", ");
    const text = script
      .replace(WRITTEN_OPTIONS, DATABASE)
      .replace("CREATE TABLE nexmark_q13", `INSERT INTO side_input VALUES ${sides};\nCREATE TABLE nexmark_q13`);
    const rows = runScript(text).tables.nexmark_q13.map((row) => JSON.parse(row) as unknown[]);
    const bids = ofType(events(EVENTS, { eventsPerSecond: 1000 }), 2).map((bid) => bid[0] as number);
    const wanted = (auction: number): boolean => [1000, 1001, 1003].includes(auction % 10_000);
    expect(rows.length).toBe(bids.filter(wanted).length);
    expect(rows.length).toBeGreaterThan(10);
    for (const [auction, , , , value] of rows) expect(value).toBe(`side of ${(auction as number) % 10_000}`);
    const three = runScript(text, { parallelism: 3 }).tables.nexmark_q13;
    expect(three.map((row) => JSON.parse(row) as unknown[])).toEqual(rows);
  });
});
