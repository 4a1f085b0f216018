/** .zip → a folder of packs. Everything is unpacked beside its place and read as a pack first; it takes its place in one step, or not at all. */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DiagnosticData } from "@millrace/engine";
import { loadPack } from "../load-pack.ts";
import type { Pack } from "../problem.ts";
import { ArchiveFault } from "./archive-fault.ts";
import { MAX_ARCHIVE_BYTES, readArchive } from "./read-archive.ts";

export interface ImportedPack {
  /** Where it lies now; null when it was not taken in. */
  readonly dir: string | null;
  readonly pack: Pack | null;
  readonly diagnostics: readonly DiagnosticData[];
}

/** `into` is the folder of packs; the pack's own folder is called after its id. Throws an ArchiveFault. */
export async function importPack(file: string, into: string): Promise<ImportedPack> {
  if (statSync(file).size > MAX_ARCHIVE_BYTES) throw new ArchiveFault(`it is larger than ${MAX_ARCHIVE_BYTES / 1024 / 1024} MB`);
  const files = readArchive(readFileSync(file));
  mkdirSync(into, { recursive: true });
  const fresh = mkdtempSync(join(into, ".import-"));
  try {
    for (const [path, content] of files) {
      const target = join(fresh, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content, { flag: "wx", mode: 0o644 });
    }
    const { pack, diagnostics } = await loadPack(fresh);
    if (pack === null || diagnostics.length > 0) return { dir: null, pack, diagnostics };
    const dir = join(into, pack.id);
    if (existsSync(dir)) throw new ArchiveFault(`${dir} is there already`);
    renameSync(fresh, dir);
    return { dir, pack, diagnostics };
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
