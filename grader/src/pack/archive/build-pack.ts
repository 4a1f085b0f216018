/** A pack's folder → .zip, deterministic. */
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { entryPath } from "./entry-path.ts";
import { writeArchive } from "./write-archive.ts";

/** Every file that `import` takes; throws an ArchiveFault for one that it would refuse. Names with a leading dot are left out. */
export function buildPack(dir: string): Buffer {
  const files = new Map<string, Buffer>();
  const visit = (below: string): void => {
    for (const name of readdirSync(join(dir, below)).sort()) {
      if (name.startsWith(".")) continue;
      const path = below === "" ? name : `${below}/${name}`;
      const stat = lstatSync(join(dir, path));
      if (stat.isDirectory()) visit(path);
      else if (stat.isFile() && entryPath(path).kind === "file") files.set(path, readFileSync(join(dir, path)));
    }
  };
  visit("");
  return writeArchive(files);
}
