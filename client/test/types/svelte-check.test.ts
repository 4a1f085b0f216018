/** svelte-check has been seen to pass without looking (wrong TypeScript, empty project). The canary proves that it looks. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const CLIENT = fileURLToPath(new URL("../../", import.meta.url));
const manifest = createRequire(import.meta.url).resolve("svelte-check/package.json");
const BIN = join(dirname(manifest), (JSON.parse(readFileSync(manifest, "utf8")) as { bin: string }).bin);

function svelteCheck(folder: string) {
  return spawnSync(process.execPath, [BIN, "--output", "machine", "--tsconfig", "./tsconfig.json"], { cwd: folder, encoding: "utf8" });
}

describe("svelte-check", () => {
  it("finds the type error of the canary", { timeout: 120_000 }, () => {
    const result = svelteCheck(join(CLIENT, "test/types/canary"));
    expect(result.stdout).toContain("Type 'string' is not assignable to type 'number'");
    expect(result.status).not.toBe(0);
  });

  it("finds none in the client", { timeout: 120_000 }, () => {
    const result = svelteCheck(CLIENT);
    const own = result.stdout.split("\n").filter((line) => / (ERROR|WARNING) "(?!\.\.\/)/.test(line));
    expect(own).toEqual([]);
    const [, files] = /COMPLETED (\d+) FILES/.exec(result.stdout) ?? [];
    expect(Number(files)).toBeGreaterThan(50);
  });
});
