import { runInNewContext } from "node:vm";
import { beforeAll, describe, expect, it } from "vitest";
import { bundleGuest } from "../../bench/isolate/guest-bundle.ts";
import type { Guest } from "../../bench/isolate/guest.ts";
import type { Parts, TablesFunction } from "../../bundle/bundle-parts.ts";

/**
 * What an isolate starts with is paid for at each start, about 5 ms per MB: room for some more, and not for SQL (decisions/0019). The bench's
 * guest has some jobs in it beside the engine.
 */
const CORE_BYTES_MAX = 1_100_000;

let parts: Parts;

beforeAll(async () => {
  parts = await bundleGuest();
});

/** Both scripts evaluated in a realm of their own, the second one only on demand. */
function realm(): { guest: Guest; attach: () => void } {
  const context: { bench?: Guest } = {};
  runInNewContext(parts.core.text, context);
  const guest = context.bench as Guest;
  return { guest, attach: () => guest.attach(runInNewContext(parts.tables.text, context) as TablesFunction) };
}

describe("the engine's scripts", () => {
  it("the core has nothing of SQL and the Table API in it, the other all of them", () => {
    const ofTables = (path: string): boolean => /\/engine\/src\/(sql|table)(\/|\.ts$)/.test(path);
    expect(parts.core.sources.filter(ofTables)).toEqual([]);
    expect(parts.core.sources.length).toBeGreaterThan(300);
    expect(parts.tables.sources.filter(ofTables).length).toBeGreaterThan(200);
  });

  it("no file is in both", () => {
    const core = new Set(parts.core.sources);
    expect(parts.tables.sources.filter((path) => core.has(path))).toEqual([]);
  });

  it("the core stays small", () => {
    expect(parts.core.text.length).toBeLessThan(CORE_BYTES_MAX);
  });

  it("the text is ASCII: V8 keeps it with one byte a character", () => {
    for (const { text } of [parts.core, parts.tables]) expect(/[^\p{ASCII}]/u.exec(text)).toBeNull();
  });

  it("the core runs jobs by itself, and queries once the other is attached", () => {
    const { guest, attach } = realm();
    const rows: string[] = [];
    expect(guest.wordCount((row) => rows.push(row))).toBe(20);
    expect(rows).toContain("the 2\n");
    expect(() => guest.wordQuery(() => {})).toThrow("attached");
    attach();
    const ofQuery: string[] = [];
    expect(guest.wordQuery((row) => ofQuery.push(row))).toBe(20);
    expect(ofQuery.toSorted()).toEqual(rows.toSorted());
    expect(guest.wordCount(() => {})).toBe(20);
  });

  it("the core knows what the other will export, and both list their classes", () => {
    const { guest } = realm();
    expect(guest.part.tableNames).toEqual(["SQL_WORK", "wordQuery"]);
    const names = guest.part.classes.map((one) => (one as { name: string }).name.replace(/^_/, ""));
    expect(names).toContain("StreamExecutionEnvironment");
    expect(names).not.toContain("TableEnvironment");
  });
});
