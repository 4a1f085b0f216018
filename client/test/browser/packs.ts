/** Packs for journeys, made as an author makes them. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./product.ts";

const CLI = join(root, "grader", "src", "cli.ts");

/** `npx millrace pack new`: a small problem that is green already. */
export function newProblem(dir: string, kind: "decide" | "datastream" | "sql"): void {
  execFileSync(process.execPath, [CLI, "pack", "new", dir, "--kind", kind], { stdio: "pipe" });
}

/** The pack's archive under this version, as it lies there, mistakes and all (which `pack build` would refuse to make). */
export function archiveOf(pack: string, version: string): Buffer {
  const manifest = join(pack, "pack.yaml");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace(/^version: .*$/m, `version: ${version}`));
  const script = `import { buildPack } from "@millrace/grader"; process.stdout.write(buildPack(process.argv[1]));`;
  const options = {
    cwd: join(root, "server"),
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "pipe"] as ["ignore", "pipe", "pipe"],
  };
  return execFileSync(process.execPath, ["--input-type=module", "-e", script, pack], options);
}
