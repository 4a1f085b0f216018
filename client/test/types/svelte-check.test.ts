/**
 * svelte-check has been seen to pass without looking (wrong TypeScript, empty project). The canary proves that it looks; the client
 * itself is checked by `npm run check`.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const CANARY = fileURLToPath(new URL("canary/", import.meta.url));
const manifest = createRequire(import.meta.url).resolve("svelte-check/package.json");
const BIN = join(dirname(manifest), (JSON.parse(readFileSync(manifest, "utf8")) as { bin: string }).bin);

describe("svelte-check", () => {
  it("finds the type error of the canary", { timeout: 60_000 }, () => {
    const result = spawnSync(process.execPath, [BIN, "--output", "machine", "--tsconfig", "./tsconfig.json"], {
      cwd: CANARY,
      encoding: "utf8",
    });
    expect(result.stdout).toContain("Type 'string' is not assignable to type 'number'");
    expect(result.stdout).toMatch(/COMPLETED \d+ FILES 1 ERRORS/);
    expect(result.status).not.toBe(0);
  });
});
