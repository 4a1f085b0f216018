/**
 * How long until somebody who presses Run sees a row? A process is started, loads the engine, runs a job of 20 records, or a query of them,
 * and writes its first row; measured from before the process is spawned until the row is here. Isolates have the core; a query adds the tables.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import ivm from "isolated-vm";
import type { Parts } from "../../bundle/bundle-parts.ts";
import type { FirstResult, KeptScript } from "../isolate/first-result-child.ts";
import { TABLES_FILE } from "../isolate/guest-bundle.ts";
import { attachTables, snapshotOf, tablesCodeOf, type Texts } from "../isolate/keep.ts";
import type { Row, Section } from "../section.ts";
import type { Settings } from "../settings.ts";

const FIRST_RESULT_MS = 150;
const FRESH_ISOLATE_MS = 10;
const RUNS = 9;

const ISOLATE_FLAGS = ["--no-node-snapshot"];
const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));
const KEEP = fileURLToPath(new URL("../isolate/keep.ts", import.meta.url));

export async function measureStart(settings: Settings, parts: Parts): Promise<Section> {
  const runs = settings.quick ? 3 : RUNS;
  const texts: Texts = { core: parts.core.text, tables: parts.tables.text };
  // In the workspace, so that the process finds isolated-vm.
  mkdirSync(DIST, { recursive: true });
  const folder = mkdtempSync(join(DIST, "first-result-"));
  try {
    const file = (name: string, content: string): string => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    };
    const child = file("child.cjs", await bundleChild());
    const core = file("core.js", texts.core);
    const tables = file("tables.js", texts.tables);
    const kept = (kind: string, flags: readonly string[]): string => {
      const path = join(folder, `guest.${kind}`);
      execFileSync(process.execPath, [...flags, KEEP, kind, core, tables, path]);
      return path;
    };
    const snapshot = kept("snapshot", ISOLATE_FLAGS);
    const code = kept("code", ISOLATE_FLAGS);
    const inIsolate: KeptScript = { text: core, code };
    const withTables = (from: string): KeptScript => ({ text: tables, code: `${from}.tables` });
    const inNode: KeptScript = { text: core, code: kept("node", []) };
    // Of the first two of each kind, kept code or snapshot, the faster is what a command line would use.
    const variants: readonly Variant[] = [
      { id: "first result, isolate from a snapshot", kind: "job", start: { core: { snapshot }, tables: null } },
      { id: "first result, isolate with kept code", kind: "job", start: { core: { isolate: inIsolate }, tables: null } },
      { id: "first result of SQL, isolate from a snapshot", kind: "query", start: { core: { snapshot }, tables: withTables(snapshot) } },
      {
        id: "first result of SQL, isolate with kept code",
        kind: "query",
        start: { core: { isolate: inIsolate }, tables: withTables(code) },
      },
      { id: "first result, plain Node", kind: "node", start: { core: { node: inNode }, tables: null } },
    ];
    const times = variants.map((): number[] => []);
    for (let run = 0; run < runs; run++) {
      for (const [index, { kind, start }] of variants.entries()) {
        const flags = kind === "node" ? [] : ISOLATE_FLAGS;
        times[index]!.push(await firstResultMs([...flags, child, JSON.stringify(start)]));
      }
    }
    const medians = times.map(medianOf);
    const isFastest = (at: number): boolean =>
      variants.every(({ kind }, other) => kind !== variants[at]!.kind || medians[at]! <= medians[other]!);
    return {
      title: `Start, ms: process start to the first row of a job or query of 20 records (${runs} runs each); a fresh isolate in a running host`,
      judged: "median",
      rows: [
        ...variants.map(({ id, kind }, at) => rowOf(id, times[at]!, kind !== "node" && isFastest(at) ? FIRST_RESULT_MS : null)),
        ...freshIsolates(texts, runs),
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Variant {
  readonly id: string;
  readonly kind: "job" | "query" | "node";
  readonly start: FirstResult;
}

async function bundleChild(): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL("../isolate/first-result-child.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    external: ["isolated-vm"],
    logLevel: "silent",
  });
  return result.outputFiles[0]!.text;
}

function firstResultMs(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    let firstMs: number | null = null;
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      firstMs ??= performance.now() - start;
      text += chunk.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => {
      const rows = text.split("\n").length - 1;
      if (code === 0 && firstMs !== null && rows === 20) resolve(firstMs);
      else reject(new Error(`the process ended with ${code} after ${rows} rows`));
    });
  });
}

/** What a judge's warm process does: a new isolate for somebody's program, then the program; for a query the tables in between. */
function freshIsolates(texts: Texts, runs: number): Row[] {
  const bytes = snapshotOf(texts, ivm);
  const snapshot = new ivm.ExternalCopy(bytes);
  const cachedData = new ivm.ExternalCopy(tablesCodeOf(texts, bytes, ivm));
  const fresh: number[] = [];
  const withJob: number[] = [];
  const withQuery: number[] = [];
  for (let run = 0; run < runs; run++) {
    for (const runsQuery of [false, true]) {
      const start = performance.now();
      const isolate = new ivm.Isolate({ memoryLimit: 128, snapshot });
      const context = isolate.createContextSync();
      context.evalSync("bench.work", { reference: true });
      if (!runsQuery) fresh.push(performance.now() - start);
      else attachTables(context, isolate.compileScriptSync(texts.tables, { filename: TABLES_FILE, cachedData }));
      context.evalSync(`bench.${runsQuery ? "wordQuery" : "wordCount"}(() => {})`);
      (runsQuery ? withQuery : withJob).push(performance.now() - start);
      isolate.dispose();
    }
  }
  return [
    rowOf("fresh isolate from a snapshot", fresh, FRESH_ISOLATE_MS),
    rowOf("fresh isolate from a snapshot, with its job of 20 records", withJob, null),
    rowOf("fresh isolate from a snapshot, with tables and a query of 20 records", withQuery, null),
  ];
}

function rowOf(id: string, times: readonly number[], atMost: number | null): Row {
  const figures = { min: Math.min(...times), median: medianOf(times), max: Math.max(...times) };
  return atMost === null ? { id, figures } : { id, figures, target: { atMost } };
}

function medianOf(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1]!;
}
