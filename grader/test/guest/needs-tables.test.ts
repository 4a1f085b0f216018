import { describe, expect, it } from "vitest";
import { toScript } from "../../src/compile/script.ts";
import { needsTables } from "../../src/guest/needs-tables.ts";

const CORE = new Set(["StreamExecutionEnvironment", "Duration", "map"]);

async function needs(...modules: readonly string[]): Promise<boolean> {
  const scripts = await Promise.all(
    modules.map(async (text) => {
      const result = await toScript("solution.ts", text);
      if ("diagnostics" in result) throw new Error(JSON.stringify(result.diagnostics));
      return result.script;
    }),
  );
  return needsTables(scripts, (name) => CORE.has(name));
}

describe("a program needs the tables", () => {
  it.each([
    ["it imports a name that the core does not have", 'import { StreamTableEnvironment } from "flink";\nStreamTableEnvironment.create();'],
    ["the same under another name", 'import { StreamTableEnvironment as S } from "flink";\nnew S();'],
    ["it says so through the whole module", 'import * as flink from "flink";\nflink.TableEnvironment.create();'],
    ["it extends a class of theirs", 'import { ScalarFunction } from "flink";\nexport class F extends ScalarFunction {}'],
    ["it looks a name up", 'import * as flink from "flink";\nexport const name = "Table";\nconsole.log(flink[name]);'],
    ["it hands the module on", 'import * as flink from "flink";\nconsole.log(Object.keys(flink));'],
    ["it passes the module on whole", 'export * from "flink";'],
    ["it passes one of their names on", 'export { TableEnvironment } from "flink";'],
    ["it takes the default export, which there is not", 'import flink from "flink";\nconsole.log(flink);'],
  ])("when %s", async (_, text) => {
    expect(await needs(text)).toBe(true);
  });

  it("when one of its modules does", async () => {
    const main = 'import { map } from "./given";\nimport { Duration } from "flink";\nmap(Duration.ofSeconds(1));';
    expect(await needs(main, 'import { Duration } from "flink";\nexport const map = () => Duration;')).toBe(false);
    expect(await needs(main, 'import { Row } from "flink";\nexport const map = () => Row.of(1);')).toBe(true);
  });
});

describe("a program does not need the tables", () => {
  it.each([
    [
      "it imports what the core has",
      'import { Duration, StreamExecutionEnvironment } from "flink";\nStreamExecutionEnvironment.x(Duration);',
    ],
    ["it uses the whole module for that", 'import * as flink from "flink";\nflink.StreamExecutionEnvironment.x(flink.Duration);'],
    ["it imports types only", 'import type { Table } from "flink";\nexport const x = (table: Table) => table;'],
    ["it has no import at all", "console.log(1);"],
    ["names of theirs are its own", "class Table {}\nconst row = [new Table()];\nconsole.log(row.concat([]));"],
  ])("when %s", async (_, text) => {
    expect(await needs(text)).toBe(false);
  });
});
