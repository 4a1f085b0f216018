/**
 * The three files a grading process starts from, built once and kept in grader/dist under the hash of their sources.
 *
 * - program: child.ts as plain JavaScript. Stripping types anew in every process would cost a third of its start.
 * - bundle: guest and engine (guest-bundle.ts).
 * - code: what V8 made of the bundle, so that an isolate neither parses nor compiles it: 20 ms instead of 110. Functions are compiled
 *   when they are first called; so the code is taken from an isolate in which the warm-up programs have run.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { GuestRequest } from "../guest/protocol.ts";
import { JudgeFault } from "../judge/judge-fault.ts";
import { cacheDir, hashFolder, keepBuilt } from "./engine-sources.ts";
import { GradingProcess } from "./grading-process.ts";
import { guestBundle } from "./guest-bundle.ts";
import { WARM_UPS } from "./warm-up.ts";

/** Paths. */
export interface GuestFiles {
  readonly program: string;
  readonly bundle: string;
  /** null only while the code is being made. */
  readonly code: string | null;
}

const LIMITS = { cpuMs: 30_000, rssBytes: 700 * 1024 * 1024 };

/** Builds what does not exist yet. */
export async function guestFiles(): Promise<GuestFiles> {
  const [program, bundle] = await Promise.all([childProgram(), guestBundle()]);
  return { program, bundle, code: await compiledCode(program, bundle) };
}

async function childProgram(): Promise<string> {
  const file = `child-${hashFolder(fileURLToPath(new URL(".", import.meta.url)))}.mjs`;
  const path = join(cacheDir(), file);
  if (existsSync(path)) return path;
  const result = await build({
    entryPoints: [fileURLToPath(new URL("./child.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "es2024",
    external: ["isolated-vm"],
    legalComments: "none",
    logLevel: "silent",
  });
  keepBuilt(file, result.outputFiles[0]!.text);
  return path;
}

async function compiledCode(program: string, bundle: string): Promise<string> {
  const sandbox = hashFolder(fileURLToPath(new URL(".", import.meta.url)));
  const file = `code-${basename(bundle, ".js").slice("guest-".length)}-${sandbox}-${process.versions.v8}-${process.arch}.bin`;
  const path = join(cacheDir(), file);
  if (existsSync(path)) return path;
  const child = new GradingProcess({ program, bundle, code: null }, LIMITS);
  const draft = join(cacheDir(), `${file}.${process.pid}.draft`);
  try {
    await child.boot();
    for (const { load, worlds } of WARM_UPS) {
      await expectAnswer(child, load, "loaded");
      for (const world of worlds) {
        await expectAnswer(child, { kind: "run", world, record: true, maxRecordingEvents: 1000, maxChars: 64_000_000 }, "outcome");
      }
    }
    await child.keepCode(draft);
    keepBuilt(file, readFileSync(draft));
  } finally {
    child.kill();
    rmSync(draft, { force: true });
  }
  return path;
}

async function expectAnswer(child: GradingProcess, request: GuestRequest, kind: "loaded" | "outcome"): Promise<void> {
  const result = await child.ask(request);
  const wrong = result.kind !== "answer" || result.answer.kind !== kind;
  const failed = result.kind === "answer" && result.answer.kind === "outcome" && result.answer.outcome.status !== "finished";
  if (wrong || failed) throw new JudgeFault(`a warm-up program failed: ${JSON.stringify(result).slice(0, 2000)}`);
}
