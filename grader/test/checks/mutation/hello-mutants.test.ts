/** Mutation testing through the command that a pack's author uses: every mutant of the smallest problem is told apart, until its sample loses the record at the border. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";

const CLI = join(import.meta.dirname, "../../../src/cli.ts");
const HELLO = join(import.meta.dirname, "../../pack/hello-pack");
const copies: string[] = [];

vi.setConfig({ testTimeout: 120_000 });

afterAll(() => {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
});

function mutantsOnly(pack: string) {
  return spawnSync(process.execPath, [CLI, "pack", "verify", pack, "--mutants-only"], { encoding: "utf8" });
}

/** A copy of the pack with one file changed. */
function copyWith(file: string, change: (text: string) => string): string {
  const copy = mkdtempSync(join(tmpdir(), "millrace-mutants-"));
  copies.push(copy);
  cpSync(HELLO, copy, { recursive: true });
  let text = "";
  try {
    text = readFileSync(join(copy, "hello-filter", file), "utf8");
  } catch {
    // A file that the pack has not got begins empty.
  }
  writeFileSync(join(copy, "hello-filter", file), change(text));
  return copy;
}

it("kills all of them, or takes a true declaration for it", () => {
  const { status, stdout } = mutantsOnly(HELLO);
  expect(stdout).toMatch(/mutants of accepted\/reference\.ts +4 killed, 0 survived, 0 equivalent, 0 no programs/);
  expect(status).toBe(0);
});

it("fails with the mutated line when the worlds cannot tell", () => {
  const withoutBorder = (text: string) => text.replace(/^.*celsius: 20 .*\n/m, "");
  const { status, stdout } = mutantsOnly(copyWith("scenarios/sample-1.yaml", withoutBorder));
  expect(stdout).toContain("no world tells it from a right answer: line 13: reading.celsius > 20 → >=");
  expect(stdout).toContain(".filter((reading) => reading.celsius >= 20)");
  expect(status).toBe(1);
});

it("refuses declarations that are not true, or of no mutant", () => {
  const declaration = `accepted/reference.ts:
  equivalent:
    "line 13: reading.celsius > 20 → >=": said without looking
    "line 99: nothing → none": there is no such line
`;
  const { status, stdout } = mutantsOnly(copyWith("submissions.yaml", () => declaration));
  expect(stdout).toContain("declared equivalent, but wrong-output in sample-1, seed 1: line 13: reading.celsius > 20 → >=");
  expect(stdout).toContain("declares an equivalent mutant that does not exist: line 99: nothing → none");
  expect(status).toBe(1);
});
