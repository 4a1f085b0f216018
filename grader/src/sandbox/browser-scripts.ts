/** The guest for browsers' workers: its two scripts, and the shell that makes a realm for them of a worker. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ENGINE_BUILD } from "@millrace/engine/bundle";
import { build } from "esbuild";
import { cacheDir, keepBuilt } from "./engine-sources.ts";
import { guestScripts } from "./guest-bundle.ts";

/** Texts. */
export interface BrowserScripts {
  /** The worker's own; it is sent the other two. */
  readonly shell: string;
  readonly core: string;
  readonly tables: string;
  /** Hash of all that they are made of. */
  readonly hash: string;
}

/** Built if they do not exist yet. */
export async function browserScripts(): Promise<BrowserScripts> {
  const { core, tables, hash } = await guestScripts();
  const shell = `shell-${hash}.js`;
  const path = join(cacheDir(), shell);
  if (!existsSync(path)) {
    const entry = fileURLToPath(new URL("../guest/worker-shell.ts", import.meta.url));
    const result = await build({ ...ENGINE_BUILD, entryPoints: [entry], format: "iife" });
    keepBuilt(shell, result.outputFiles[0]!.text);
  }
  const read = (file: string): string => readFileSync(file, "utf8");
  return { shell: read(path), core: read(core), tables: read(tables), hash };
}
