/**
 * `millrace pack export` of the bundled problems: what it writes is what was given to real Flink, and the results are Flink's. The recorded files lie among the
 * engine's own cases, where `npm run conformance -- --suite sql` runs them too.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SqlCase } from "@millrace/engine/cases";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { exportCommand } from "../../src/cli/export-command.ts";
import { UsageError } from "../../src/cli/usage-error.ts";
import { Grader } from "../../src/grader.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const PROBLEMS = join(import.meta.dirname, "../../../problems/flink-interview");
const RECORDED = join(import.meta.dirname, "../../../engine/test/conformance/own/sql/exported");
const SEED = 2;

const grader = new Grader({ poolSize: 1 });
const out = mkdtempSync(join(tmpdir(), "millrace-export-"));
afterAll(async () => {
  rmSync(out, { recursive: true });
  await grader.close();
});

const read = (folder: string, name: string): SqlCase => JSON.parse(readFileSync(join(folder, name), "utf8")) as SqlCase;
const recorded = readdirSync(RECORDED).filter((name) => name.endsWith(".json"));
const problems = [...new Set(recorded.map((name) => read(RECORDED, name).area))];

/** Rows that one input row has caused may come in another order. */
function byCause({ changelog = [], after = [] }: SqlCase["expect"]): unknown[] {
  return changelog.map((change, i) => JSON.stringify([after[i], change])).sort();
}

async function quietly(action: () => Promise<number>): Promise<number> {
  const spies = [vi.spyOn(console, "log"), vi.spyOn(console, "error")].map((spy) => spy.mockImplementation(() => undefined));
  return action().finally(() => {
    for (const spy of spies) spy.mockRestore();
  });
}

describe("millrace pack export", () => {
  beforeAll(async () => {
    for (const problem of problems) {
      expect(await quietly(() => exportCommand(grader, { problem: join(PROBLEMS, problem), seed: SEED, out }))).toBe(0);
    }
  });

  it.each(recorded)("writes %s as real Flink got it, with the result that Flink gave", (name) => {
    const [ours, theirs] = [read(out, name), read(RECORDED, name)];
    const { expect: result, ...input } = ours;
    const { expect: flinks, ...given } = theirs;
    expect({ ...given, flink: undefined }).toEqual({ ...input, flink: undefined });
    expect(result.columns).toEqual(flinks.columns);
    expect(result.final).toEqual(flinks.final);
    if (flinks.stable === true) expect(byCause(result)).toEqual(byCause(flinks));
  });

  it("writes the same bytes again", async () => {
    const [name] = recorded;
    const before = readFileSync(join(out, name), "utf8");
    await quietly(() => exportCommand(grader, { problem: join(PROBLEMS, read(RECORDED, name).area), seed: SEED, out }));
    expect(readFileSync(join(out, name), "utf8")).toBe(before);
  });

  it("takes the accepted script where the reference is a DataStream job", async () => {
    expect(await quietly(() => exportCommand(grader, { problem: join(PROBLEMS, "earthquakes-hourly"), seed: SEED, out }))).toBe(0);
  });

  it("refuses what has no SQL, and what is no problem", async () => {
    const dir = join(PROBLEMS, "windowed-word-count");
    await expect(exportCommand(grader, { problem: dir, seed: SEED, out })).rejects.toThrow(UsageError);
    await expect(exportCommand(grader, { problem: "no-such-problem", seed: SEED, out })).rejects.toThrow(UsageError);
  });
});
