/** Packs that misbehave: what `pack verify` asks of them ends, and says in a sentence what is wrong with which file. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { checkStructure } from "../../src/checks/structure.ts";
import { Grader, loadPack, type Problem } from "../../src/index.ts";

const faults: string[] = [];
const grader = new Grader({ poolSize: 1, submissionsPerProcess: 10, onFault: (fault) => faults.push(fault.message) });
const copies: string[] = [];

vi.setConfig({ testTimeout: 180_000 });

afterAll(async () => {
  await grader.close();
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
});

/** The smallest problem with other files in it. */
async function loadWith(files: Readonly<Record<string, string>>): Promise<{ problem: Problem | undefined; mistakes: string[] }> {
  const copy = mkdtempSync(join(tmpdir(), "millrace-bad-"));
  copies.push(copy);
  cpSync(join(import.meta.dirname, "hello-pack"), copy, { recursive: true });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(copy, "hello-filter", path), text);
  const { pack, diagnostics } = await loadPack(copy);
  return { problem: pack?.problems[0], mistakes: diagnostics.map(({ message }) => message) };
}

const GENERATED = `format: 1
title: Generated
start: "2026-01-05T10:00:00Z"
streams: { readings: {} }
`;

it.each([
  ["never ends", "for (;;);", "generate.ts computed for more than 10 s and was stopped; does a loop never end?"],
  [
    "takes all memory",
    "const a: unknown[] = []; for (;;) a.push(new Array(1e5).fill(a.length));",
    "generate.ts needed more than 700 MB of memory and was stopped",
  ],
  ["throws", 'throw new Error("no idea");', "generate.ts failed: Error: no idea"],
  ["makes nothing", "return 7 as unknown as object;", "generate.ts must return an object of topics"],
])("a generator that %s", async (_, body, message) => {
  const files = { "generate.ts": `export default function generate() {\n  ${body}\n}\n`, "scenarios/secret-1.yaml": GENERATED };
  const { problem } = await loadWith(files);
  await expect(grader.findIndeterminism(problem!)).rejects.toThrow(message);
});

it("a generator that throws is the judge's fault, not the learner's", async () => {
  const body = 'throw new Error("no idea");';
  const files = { "generate.ts": `export default function generate() {\n  ${body}\n}\n`, "scenarios/secret-1.yaml": GENERATED };
  const { problem } = await loadWith(files);
  expect((await grader.judge(problem!, problem!.submissions[0]!)).verdict).toBe("judge-error");
  expect(faults).toEqual(["generate.ts failed: Error: no idea"]);
});

it.each([
  ["throws", 'throw new Error("no idea");', /breaks in sample-1: the right rows: checker\.ts failed: Error: no idea/],
  ["never ends", "for (;;);", /breaks in sample-1: the right rows: checker\.ts computed for more than 10 s/],
  ["is always content", "return null;", /taken for right in sample-1: no row/],
  ["never is", 'return { message: "No." };', /not taken for right in sample-1: the right rows \(No\.\)/],
  ["answers with something else", "return 5;", /checker\.ts must return null or \{ verdict, message \}/],
])("a checker that %s", async (_, body, message) => {
  const { problem } = await loadWith({ "checker.ts": `export default function check() {\n  ${body}\n}\n` });
  const { complaints } = await grader.junkAttack(problem!);
  expect(complaints.join("\n")).toMatch(message);
});

it("a file beyond all use", async () => {
  const { problem, mistakes } = await loadWith({ "data.json": `"${"x".repeat(5_000_000)}"` });
  expect(problem).toBeUndefined();
  expect(mistakes).toEqual(["data.json is larger than 4 MB."]);
});

it("Markdown that runs or fetches something", async () => {
  const statement = { "statement.md": "Hello <script>alert(1)</script>\n" };
  const hints = { "hints.md": "## Look {#look}\n\n![map](https://example.org/map.png)\n" };
  const { problem } = await loadWith({ ...statement, ...hints });
  expect(checkStructure(problem!).complaints).toEqual([
    "statement.md: line 1: raw HTML that can run or load something",
    "hints.md, look: line 1: a picture from elsewhere",
  ]);
});
