/** A pack with one small problem of each kind and checker, through the command that a pack's author uses. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

const CLI = join(import.meta.dirname, "../../src/cli.ts");

it("proves itself", { timeout: 120_000 }, () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [CLI, "pack", "verify", join(import.meta.dirname, "kinds-pack"), "--quick"],
    {
      encoding: "utf8",
    },
  );
  expect(`${stderr}${stdout}`).toMatch(/ passed, 0 failed\s*$/);
  expect(status).toBe(0);
});
