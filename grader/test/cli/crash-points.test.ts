/** `millrace crashpoints` without arguments: the pipeline of the interview guide, in the sandbox, at every point. */
import { afterAll, describe, expect, it, vi } from "vitest";
import { crashPointsCommand } from "../../src/cli/crash-points-command.ts";
import { UsageError } from "../../src/cli/usage-error.ts";
import { Grader } from "../../src/grader.ts";

vi.setConfig({ testTimeout: 180_000 });

const grader = new Grader({ poolSize: 1 });
afterAll(() => grader.close());

const ARGUMENTS = { job: null, scenario: null, seed: null, given: null, points: true };

describe("millrace crashpoints", () => {
  it("prints what comes of each step, with all conditions and without each", async () => {
    const lines: string[] = [];
    const log = vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
    const code = await crashPointsCommand(grader, ARGUMENTS).finally(() => log.mockRestore());
    const text = lines.join("\n");
    expect(code).toBe(0);
    for (const step of ["begin", "write", "barrier", "flush", "preCommit", "snapshot", "ack", "complete", "notify", "commit"]) {
      for (const at of ["before", "after"]) expect(text).toMatch(new RegExp(`^ *${step} +${at} +\\d+ +\\d+ +exactly once `, "m"));
    }
    expect(text).toMatch(/^as it is: exactly once at all \d+ points$/m);
    expect(text).toMatch(/^mode AT_LEAST_ONCE: exactly once at \d+ of \d+ points; twice/m);
    expect(text).toMatch(/^sink AT_LEAST_ONCE: exactly once at \d+ of \d+ points; twice/m);
    expect(text).toMatch(/^sink NONE: exactly once at \d+ of \d+ points; twice/m);
    expect(text).toMatch(/^consumer read_uncommitted: exactly once at \d+ of \d+ points; .*uncommitted/m);
    expect(text).toMatch(/after commit +2 +.* +tm 1 +1 +exactly once/);
  });

  it("wants a scenario for a job of one's own", async () => {
    await expect(crashPointsCommand(grader, { ...ARGUMENTS, job: "job.ts" })).rejects.toThrow(UsageError);
  });
});
