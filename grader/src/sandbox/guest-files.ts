/**
 * The files a grading process starts from, built once and kept in grader/dist under the hash of their sources.
 *
 * - program: child.ts as plain JavaScript. Stripping types anew in every process would cost a third of its start. The same for zygote.ts.
 * - core and tables: the two scripts of guest and engine (guest-bundle.ts).
 * - the code of each: what V8 made of the script, so that an isolate neither parses nor compiles it, which would take many times as long.
 *   Functions are compiled when they are first called; so the code is taken from an isolate in which the warm-up programs have run.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { cacheDir, hashFolder, keepBuilt } from "./engine-sources.ts";
import { GradingProcess } from "./grading-process.ts";
import { type GuestScripts, guestScripts } from "./guest-bundle.ts";
import type { ScriptFiles } from "./protocol.ts";
import { callCommon } from "./warm-up/warm-up.ts";

export interface GuestFiles {
  /** Path. */
  readonly program: string;
  /** Path of the program of zygotes. */
  readonly zygote: string;
  readonly core: ScriptFiles;
  /** Evaluated for programs that use SQL or the Table API. */
  readonly tables: ScriptFiles;
  /** Node's, besides those that every grading process has. */
  readonly flags: readonly string[];
}

const LIMITS = { cpuMs: 30_000, rssBytes: 700 * 1024 * 1024 };

/** Builds what does not exist yet. */
export async function guestFiles(flags: readonly string[] = []): Promise<GuestFiles> {
  const [program, zygote, scripts] = await Promise.all([programOf("child"), programOf("zygote"), guestScripts()]);
  const code = await compiledCode({ program, zygote }, scripts, flags);
  return { program, zygote, core: { text: scripts.core, code: code.core }, tables: { text: scripts.tables, code: code.tables }, flags };
}

async function programOf(name: "child" | "zygote"): Promise<string> {
  const file = `${name}-${hashFolder(fileURLToPath(new URL(".", import.meta.url)))}.mjs`;
  const path = join(cacheDir(), file);
  if (existsSync(path)) return path;
  const result = await build({
    entryPoints: [fileURLToPath(new URL(`./${name}.ts`, import.meta.url))],
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

/** Paths of V8's code of both scripts. V8 takes only what it made with the same flags. */
async function compiledCode(
  programs: Pick<GuestFiles, "program" | "zygote">,
  scripts: GuestScripts,
  flags: readonly string[],
): Promise<{ core: string; tables: string }> {
  const sandbox = hashFolder(fileURLToPath(new URL(".", import.meta.url)));
  const made = `${scripts.hash}-${sandbox}-${process.versions.v8}-${process.arch}${flags.join("")}.bin`;
  const files = { core: `code-${made}`, tables: `tablescode-${made}` };
  const paths = { core: join(cacheDir(), files.core), tables: join(cacheDir(), files.tables) };
  if (existsSync(paths.core) && existsSync(paths.tables)) return paths;
  const notYet = { core: { text: scripts.core, code: null }, tables: { text: scripts.tables, code: null } };
  const child = new GradingProcess({ ...programs, ...notYet, flags }, LIMITS);
  const draftOf = (file: string): string => join(cacheDir(), `${file}.${process.pid}.draft`);
  const drafts = { core: draftOf(files.core), tables: draftOf(files.tables) };
  try {
    await child.boot();
    await callCommon(child);
    await child.keepCode(drafts);
    keepBuilt(files.core, readFileSync(drafts.core));
    keepBuilt(files.tables, readFileSync(drafts.tables));
  } finally {
    child.kill();
    rmSync(drafts.core, { force: true });
    rmSync(drafts.tables, { force: true });
  }
  return paths;
}
