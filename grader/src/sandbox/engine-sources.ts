/** Where the engine's sources lie and what they hash to: everything built from them is cached under that hash. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** engine/src. */
export function engineSourceDir(): string {
  return dirname(createRequire(import.meta.url).resolve("@millrace/engine"));
}

/** grader/dist: built things, safe to delete. */
export function cacheDir(): string {
  return fileURLToPath(new URL("../../dist/", import.meta.url));
}

let engineHashMemo: string | null = null;

/** Hash over the engine's sources; read once per process. */
export function engineHash(): string {
  engineHashMemo ??= hashFolder(engineSourceDir());
  return engineHashMemo;
}

/** Hash over all .ts files below a folder, by path and content. */
export function hashFolder(dir: string): string {
  const hash = createHash("sha256");
  const names = readdirSync(dir, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .sort();
  for (const name of names) hash.update(`${name.replaceAll("\\", "/")}\0`).update(readFileSync(join(dir, name)));
  return hash.digest("hex").slice(0, 16);
}

const STALE_AFTER_MS = 24 * 3600 * 1000;

/**
 * Keeps a built file. Another process may build the same one at the same time: the rename makes either one whole. Files of the same
 * kind that nobody has built for a day go.
 */
export function keepBuilt(file: string, content: string | Uint8Array): void {
  const dir = cacheDir();
  mkdirSync(dir, { recursive: true });
  const draft = join(dir, `${file}.${process.pid}.tmp`);
  writeFileSync(draft, content);
  renameSync(draft, join(dir, file));
  const kind = file.slice(0, file.indexOf("-"));
  for (const name of readdirSync(dir)) {
    const path = join(dir, name);
    if (name === file || !name.startsWith(`${kind}-`) || !existsSync(path)) continue;
    if (Date.now() - statSync(path).mtimeMs > STALE_AFTER_MS) rmSync(path, { force: true });
  }
}
