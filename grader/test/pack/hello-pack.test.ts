/** The smallest problem that problems/README.md tells of, through the command that a pack's author uses. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";

const CLI = join(import.meta.dirname, "../../src/cli.ts");
const copies: string[] = [];

// Each command starts its sandbox and its type checker cold.
vi.setConfig({ testTimeout: 60_000 });

function verify(pack: string) {
  return spawnSync(process.execPath, [CLI, "pack", "verify", pack, "--seeds", "2"], { encoding: "utf8" });
}

afterAll(() => {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
});

it("proves itself", () => {
  const { status, stdout } = verify(join(import.meta.dirname, "hello-pack"));
  expect(stdout).toMatch(/6 passed, 0 failed\s*$/);
  expect(status).toBe(0);
});

it("fails when a submission lies in the folder of another verdict", () => {
  const copy = mkdtempSync(join(tmpdir(), "millrace-pack-"));
  copies.push(copy);
  cpSync(join(import.meta.dirname, "hello-pack"), copy, { recursive: true });
  const submissions = join(copy, "hello-filter", "submissions");
  mkdirSync(join(submissions, "late-data"));
  renameSync(join(submissions, "wrong-output", "includes-twenty.ts"), join(submissions, "late-data", "includes-twenty.ts"));
  const { status, stdout } = verify(copy);
  expect(stdout).toMatch(/FAIL.*late-data\/includes-twenty\.ts.*wrong-output/);
  expect(stdout).toMatch(/5 passed, 1 failed\s*$/);
  expect(status).toBe(1);
});
