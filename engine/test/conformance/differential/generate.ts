/**
 * `node generate.ts --area windows --seed 1 --count 40 DIR` writes random cases into DIR, without `expect`: real Flink fills that in
 * (README of the conformance folder). The same seed and number give the same case.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { asyncIoCase } from "./asyncio-generator.ts";
import { barrierCase } from "./barrier-generator.ts";
import { cepCase } from "./cep-generator.ts";
import { Choices } from "./choices.ts";
import type { GeneratedCase } from "./generated-case.ts";
import { graphCase } from "./graph-generator.ts";
import { joinCase } from "./join-generator.ts";
import { keyGroupCase } from "./key-group-generator.ts";
import { partitionerCase } from "./partitioner-generator.ts";
import { operatorStateCase, processCase } from "./process-generator.ts";
import {
  sqlDedupCase,
  sqlJoinCase,
  sqlMatchCase,
  sqlOverCase,
  sqlMiniBatchCase,
  sqlRankCase,
  sqlSetCase,
  sqlTemporalCase,
  sqlTimeJoinCase,
  sqlTopNCase,
} from "./sql-query-generator.ts";
import type { GeneratedQuery } from "./sql-tables.ts";
import { sinkCase } from "./sink-generator.ts";
import { watermarkCase } from "./watermark-generator-cases.ts";
import { windowCase } from "./window-generator.ts";

const AREAS: Readonly<Record<string, (choices: Choices) => GeneratedCase | GeneratedQuery>> = {
  windows: windowCase,
  process: processCase,
  joins: joinCase,
  operatorstate: operatorStateCase,
  watermarks: watermarkCase,
  keygroups: keyGroupCase,
  cep: cepCase,
  jobgraphs: graphCase,
  sinks: sinkCase,
  barriers: barrierCase,
  partitioners: partitionerCase,
  asyncio: asyncIoCase,
  "sql-join": sqlJoinCase,
  "sql-timejoin": sqlTimeJoinCase,
  "sql-topn": sqlTopNCase,
  "sql-dedup": sqlDedupCase,
  "sql-over": sqlOverCase,
  "sql-temporal": sqlTemporalCase,
  "sql-set": sqlSetCase,
  "sql-rank": sqlRankCase,
  "sql-minibatch": sqlMiniBatchCase,
  "sql-match": sqlMatchCase,
};

function main(): number {
  const { values, positionals } = parseArgs({
    options: {
      area: { type: "string" },
      seed: { type: "string", default: "1" },
      count: { type: "string", default: "40" },
      bold: { type: "boolean", default: false },
    },
    allowPositionals: true,
  });
  const area = values.area ?? "";
  const generate = AREAS[area];
  const directory = positionals[0];
  if (generate === undefined || directory === undefined) {
    console.error(`usage: generate.ts --area ${Object.keys(AREAS).join("|")} [--seed n] [--count n] [--bold] DIR`);
    return 2;
  }
  mkdirSync(directory, { recursive: true });
  for (let index = 0; index < Number(values.count); index++) {
    const id = `own-${area}-${values.bold ? "bold-" : ""}${values.seed}-${index}`;
    const { title, ...more } = generate(new Choices(Number(values.seed), `${area}/${index}`, values.bold));
    writeFileSync(join(directory, `${id}.json`), JSON.stringify({ id, area, title, flink: "2.3.0", ...more }));
  }
  return 0;
}

process.exitCode = main();
