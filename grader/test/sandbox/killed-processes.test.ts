/** Somebody kills the grader's processes while it judges, as the kernel does when memory runs out. Nobody's verdict may depend on it. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Grader, type JudgeProgress, type JudgeReport, type Problem } from "../../src/index.ts";
import { loadProblem } from "../../src/pack/load-problem.ts";

const faults: Error[] = [];
const grader = new Grader({ poolSize: 2, onFault: (fault) => faults.push(fault) });
let problem: Problem;

beforeAll(async () => {
  const folder = fileURLToPath(new URL("../cases/problem", import.meta.url));
  problem = loadProblem(folder, { id: "cases", version: "1.0.0" }).problem!;
  await grader.start();
}, 60_000);

afterAll(() => grader.close());

/** Of this process: the grading processes, that of the references, the compiler. */
function children(): number[] {
  return readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "latin1").trim().split(/\s+/).map(Number);
}

function killWhen(isTime: (progress: JudgeProgress) => boolean): { readonly onProgress: (progress: JudgeProgress) => void; kills: number } {
  const killer = {
    kills: 0,
    onProgress: (progress: JudgeProgress): void => {
      if (!isTime(progress)) return;
      for (const pid of children()) process.kill(pid, "SIGKILL");
      killer.kills++;
    },
  };
  return killer;
}

const withoutTimes = ({ judgedInMs: _, worlds, ...report }: JudgeReport) => ({
  ...report,
  worlds: worlds.map(({ runMs: __, ...world }) => world),
});

describe.runIf(process.platform === "linux")("processes killed", () => {
  const judge = (text: string, onProgress?: (progress: JudgeProgress) => void) =>
    grader.judge(problem, { language: "datastream", text }, onProgress);

  it("after every second world change nothing in the report", async () => {
    const untouched = await judge(problem.reference.text);
    let worlds = 0;
    const killer = killWhen(({ kind }) => kind === "world" && worlds++ % 2 === 0);
    const report = await judge(problem.reference.text, killer.onProgress);
    expect(killer.kills).toBeGreaterThan(2);
    expect(withoutTimes(report)).toEqual(withoutTimes(untouched));
    expect(report.verdict).toBe("accepted");
    expect(faults).toEqual([]);
  }, 60_000);

  it("while it compiles are replaced", async () => {
    const killer = killWhen(({ kind }) => kind === "compiling");
    const report = await judge(`${problem.reference.text}\n// again`, (progress) => void setImmediate(() => killer.onProgress(progress)));
    expect([killer.kills, report.verdict]).toEqual([1, "accepted"]);
    expect(faults).toEqual([]);
  }, 60_000);

  it("in the same world again and again are our fault, and nobody's verdict", async () => {
    const killer = setInterval(() => {
      for (const pid of children()) process.kill(pid, "SIGKILL");
    }, 20);
    try {
      expect(await judge(`${problem.reference.text}\n// doomed`)).toMatchObject({ verdict: "judge-error", score: 0 });
    } finally {
      clearInterval(killer);
    }
    expect(faults).toHaveLength(1);
    faults.length = 0;
    expect(await judge(problem.reference.text)).toMatchObject({ verdict: "accepted" });
  }, 60_000);
});
