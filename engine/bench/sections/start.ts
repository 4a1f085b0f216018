/**
 * How long until somebody who presses Run sees a row? A process is started, loads the engine, runs a job of 20 records and writes its
 * first row; measured from before the process is spawned until the row is here.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import ivm from "isolated-vm";
import { snapshotOf } from "../isolate/keep.ts";
import type { Row, Section } from "../section.ts";
import type { Settings } from "../settings.ts";

const FIRST_RESULT_MS = 150;
const FRESH_ISOLATE_MS = 10;
const RUNS = 9;

const ISOLATE_FLAGS = ["--no-node-snapshot"];
const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));
const KEEP = fileURLToPath(new URL("../isolate/keep.ts", import.meta.url));

export async function measureStart(settings: Settings, bundle: string): Promise<Section> {
  const runs = settings.quick ? 3 : RUNS;
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
    const guest = file("guest.js", bundle);
    const kept = (kind: string, flags: readonly string[]): string => {
      const path = join(folder, `guest.${kind}`);
      execFileSync(process.execPath, [...flags, KEEP, kind, guest, path]);
      return path;
    };
    const variants: readonly (readonly [string, readonly string[]])[] = [
      ["isolate from a snapshot", [...ISOLATE_FLAGS, child, "snapshot", kept("snapshot", ISOLATE_FLAGS)]],
      ["isolate with kept code", [...ISOLATE_FLAGS, child, "code", guest, kept("code", ISOLATE_FLAGS)]],
      ["plain Node", [child, "node", guest, kept("node", [])]],
    ];
    const times = variants.map((): number[] => []);
    for (let run = 0; run < runs; run++) {
      for (const [index, [, args]] of variants.entries()) times[index]!.push(await firstResultMs(args));
    }
    // Kept code or snapshot: whichever is faster is what a command line would use.
    const fastest = medianOf(times[0]!) <= medianOf(times[1]!) ? 0 : 1;
    return {
      title: `Start, ms: process start to the first row of a 20-record job (${runs} runs each); a fresh isolate in a running host`,
      judged: "median",
      rows: [
        ...variants.map(([name], index) => rowOf(`first result, ${name}`, times[index]!, index === fastest ? FIRST_RESULT_MS : null)),
        ...freshIsolates(snapshotOf(bundle, ivm), runs),
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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

/** What a judge's warm process does: a new isolate for somebody's program, then the program. */
function freshIsolates(snapshot: ArrayBuffer, runs: number): Row[] {
  const copy = new ivm.ExternalCopy(snapshot);
  const fresh: number[] = [];
  const withJob: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    const isolate = new ivm.Isolate({ memoryLimit: 128, snapshot: copy });
    const context = isolate.createContextSync();
    context.evalSync("bench.work", { reference: true });
    fresh.push(performance.now() - start);
    context.evalSync("bench.wordCount(() => {})");
    withJob.push(performance.now() - start);
    isolate.dispose();
  }
  return [
    rowOf("fresh isolate from a snapshot", fresh, FRESH_ISOLATE_MS),
    rowOf("fresh isolate from a snapshot, with its job of 20 records", withJob, null),
  ];
}

function rowOf(id: string, times: readonly number[], atMost: number | null): Row {
  const figures = { min: Math.min(...times), median: medianOf(times), max: Math.max(...times) };
  return atMost === null ? { id, figures } : { id, figures, target: { atMost } };
}

function medianOf(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1]!;
}
