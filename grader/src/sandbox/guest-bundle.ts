/** Builds the guest's two scripts, the core and the tables, with the engine in them. Kept in grader/dist under the hash of both sources. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleParts } from "@millrace/engine/bundle";
import { cacheDir, engineHash, hashFolder, keepBuilt } from "./engine-sources.ts";

/** Paths. */
export interface GuestScripts {
  readonly core: string;
  readonly tables: string;
  /** Hash of all that they are made of. */
  readonly hash: string;
}

/** Both scripts, built if they do not exist yet. */
export async function guestScripts(): Promise<GuestScripts> {
  const pathOf = (file: string): string => fileURLToPath(new URL(`../guest/${file}`, import.meta.url));
  const hash = `${engineHash()}-${hashFolder(pathOf(""))}${bundlerHash()}`;
  const files = { core: `guest-${hash}.js`, tables: `tables-${hash}.js` };
  const scripts = { core: join(cacheDir(), files.core), tables: join(cacheDir(), files.tables), hash };
  if (existsSync(scripts.core) && existsSync(scripts.tables)) return scripts;
  const { core, tables } = await bundleParts({ core: pathOf("guest.ts"), tables: pathOf("guest-tables.ts"), global: "__millraceGuest" });
  keepBuilt(files.core, core.text);
  keepBuilt(files.tables, tables.text);
  return scripts;
}

/** Of the code that builds them. */
function bundlerHash(): string {
  return hashFolder(dirname(createRequire(import.meta.url).resolve("@millrace/engine/bundle"))).slice(0, 6);
}
