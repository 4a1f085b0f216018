/** `pack new` makes a green problem of every kind, through the commands that an author uses. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";

const CLI = join(import.meta.dirname, "../../src/cli.ts");
const KINDS = ["datastream", "sql", "trace", "decide", "debug", "tune", "upgrade"];

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

let dir = "";
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "millrace-new-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function millrace(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { encoding: "utf8" });
  return { status, output: `${stderr}${stdout}` };
}

it("is green from the first moment, mutants and all", () => {
  for (const kind of KINDS) expect(millrace("pack", "new", join(dir, "my-pack", `my-${kind}`), "--kind", kind).status).toBe(0);
  const { status, output } = millrace("pack", "verify", join(dir, "my-pack"), "--seeds", "2");
  expect(output).toMatch(/ passed, 0 failed\s*$/);
  for (const kind of KINDS) expect(output).toContain(`my-${kind}`);
  expect(status).toBe(0);
});

it("refuses names and kinds that are none, and folders that are there", () => {
  expect(millrace("pack", "new", join(dir, "my-pack", "My Problem")).output).toContain("small letters, digits and hyphens");
  expect(millrace("pack", "new", join(dir, "my-pack", "x"), "--kind", "essay").output).toContain("--kind is one of datastream");
  expect(millrace("pack", "new", join(dir, "my-pack", "my-sql")).output).toContain("is there already");
});
