/**
 * Run without the judge around it comes to the same report as Run with it: samples of several problems, right and wrong answers in both languages. The guest
 * is the one that browsers get, in a grading process instead of a worker; that the worker's answers are the same, the journey `local-runs` shows.
 */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Grader, loadPack, type Problem, type SampleReport, type Submission } from "../../src/index.ts";
import { type LocalGuest, runChangedLocally, runSamplesLocally } from "../../src/local.ts";
import type { GradingProcess } from "../../src/sandbox/grading-process.ts";
import { guestFiles } from "../../src/sandbox/guest-files.ts";
import { WarmPool } from "../../src/sandbox/warm-pool.ts";

const PACK = fileURLToPath(new URL("../../../problems/flink-interview", import.meta.url));
const LIMITS = { cpuMs: 5_000, rssBytes: 700 * 1024 * 1024 };

let grader: Grader;
let pool: WarmPool;
let process: GradingProcess;
let problems: readonly Problem[];

beforeAll(async () => {
  grader = new Grader();
  pool = new WarmPool(await guestFiles(), { size: 1, limits: LIMITS, maxUses: 1_000, nursery: null });
  const loaded = await loadPack(PACK);
  problems = loaded.pack!.problems;
  process = await pool.take(LIMITS);
});

afterAll(async () => {
  process.kill();
  pool.close();
  await grader.close();
});

const guest: LocalGuest = {
  async ask(request, withinMs) {
    const result = await process.ask(request, withinMs);
    return result.kind === "answer" ? result.answer : null;
  },
};

const find = (id: string): Problem => problems.find((problem) => problem.id === id)!;

/** What does not depend on how long anything took. */
function timeless({ ranInMs: _, worlds, ...report }: SampleReport): unknown {
  return JSON.parse(JSON.stringify({ ...report, worlds: worlds.map(({ runMs: __, ...world }) => world) }));
}

async function locally(problem: Problem, submission: Submission): Promise<SampleReport> {
  const kit = await grader.runKit(problem);
  if (kit === null) throw new Error(`${problem.id} has no kit`);
  const program = await grader.programOf(problem, submission);
  const types = submission.language === "datastream" ? grader.check(problem, submission) : Promise.resolve([]);
  // As it crosses the network.
  return runSamplesLocally(JSON.parse(JSON.stringify(kit)), submission, JSON.parse(JSON.stringify(program)), types, guest, () => 0);
}

/** Long lines that stand only in what learners must not see. */
function secretLines({ reference, submissions, modules, editorial, scenarios, statement, given }: Problem): string[] {
  const shown = [statement, ...Object.values(given)].join("\n");
  const hidden = [reference.text, modules.generate ?? "", editorial ?? "", ...submissions.map(({ text }) => text)].join("\n").split("\n");
  const files = scenarios.filter(({ visibility }) => visibility !== "sample").map(({ file }) => file);
  return [...hidden.map((line) => line.trim()).filter((line) => line.length >= 30 && !shown.includes(line)), ...files];
}

describe("a run without the judge", () => {
  it("has a kit for every problem that is answered by a program and compared by the judge's own rules, and for no other", async () => {
    const kits = await Promise.all(problems.map(async (problem) => [problem, await grader.runKit(problem)] as const));
    const isOwn = ({ kind, modules }: Problem) => !["trace", "decide", "tune"].includes(kind) && modules.checker === null;
    expect(kits.filter(([problem, kit]) => (kit !== null) !== isOwn(problem)).map(([{ id }]) => id)).toEqual([]);
    expect(kits.filter(([, kit]) => kit !== null).length).toBeGreaterThan(25);
  });

  it("hands out samples only, and of the reference the rows that readers see", async () => {
    for (const problem of problems) {
      const kit = await grader.runKit(problem);
      if (kit === null) continue;
      const names = problem.scenarios.filter(({ visibility }) => visibility === "sample").map(({ name }) => name);
      expect(kit.samples.map(({ planned }) => planned.scenario.name)).toEqual(names);
      for (const { expected } of kit.samples) {
        expect(Object.keys(expected).sort()).toEqual(["endMs", "peakStateBytes", "printed", "systems", "topics"]);
        const inVain = expected.topics
          .flatMap(({ records }) => records)
          .filter(({ aborted, committedAtMs }) => aborted || committedAtMs === null);
        expect(inVain).toEqual([]);
      }
      const text = JSON.stringify(kit);
      expect(secretLines(problem).filter((line) => text.includes(JSON.stringify(line).slice(1, -1)))).toEqual([]);
    }
  });

  it.each(["session-exactly-once", "two-phase-commit-sink", "sql-ttl-groupby"])("%s: the same reports as with it", async (id) => {
    const problem = find(id);
    const programs = problem.submissions.filter(({ permitted }) => !permitted.includes("time-limit")).slice(0, 5);
    expect(programs.length).toBeGreaterThan(3);
    for (const { language, text, functions } of programs) {
      const submission = { language, text, functions };
      expect(timeless(await locally(problem, submission))).toEqual(timeless(await grader.runSamples(problem, submission)));
    }
  });

  it("tells mistakes as the judge does: of syntax, of types, of the script, at run time", async () => {
    const [typescript, sql] = [find("session-exactly-once"), find("sql-ttl-groupby")];
    const mistakes: readonly [Problem, Submission][] = [
      [typescript, { language: "datastream", text: "const x = ;" }],
      [typescript, { language: "datastream", text: 'import { nothing } from "flink";\nnothing.here();' }],
      [typescript, { language: "datastream", text: 'throw new Error("not today");' }],
      [typescript, { language: "datastream", text: "export {};" }],
      [typescript, { language: "datastream", text: 'import * as fs from "fs";' }],
      [sql, { language: "sql", text: "SELECT 1" }],
      [sql, { language: "sql", text: "INSERT INTO nowhere SELECT 1" }],
    ];
    for (const [problem, submission] of mistakes) {
      expect(timeless(await locally(problem, submission))).toEqual(timeless(await grader.runSamples(problem, submission)));
    }
  });

  it("runs changed worlds as the judge does, and refuses what does not fit", async () => {
    const problem = find("session-exactly-once");
    const { language, text } = problem.reference;
    const kit = (await grader.runKit(problem))!;
    const program = await grader.programOf(problem, { language, text });
    const topic = kit.samples[0]!.world.topics.find(({ arrivals }) => arrivals.length > 0)!;
    const lists = [
      [],
      [{ what: "move", topic: topic.name, partition: topic.arrivals[0]!.partition, offset: 0, byMs: 5_000 }],
      [{ what: "kill", taskManager: 1, atMs: topic.arrivals[2]!.atMs }],
      [{ what: "remove", topic: "nowhere", partition: 0, offset: 0 }],
    ] as const;
    for (const changes of lists) {
      const here = await runChangedLocally(kit.samples[0]!, kit.limits, text, program, changes, guest, () => 0);
      const there = await grader.runChanged(problem, { language, text }, { sample: 0 }, changes);
      const plain = (answer: typeof here): unknown =>
        JSON.parse(JSON.stringify(answer.kind === "ran" ? { ...answer, run: { ...answer.run, ranInMs: 0 } } : answer));
      expect(plain(here)).toEqual(plain(there));
    }
  });

  it("gives a run up that does not end", async () => {
    const problem = find("session-exactly-once");
    const submission = { language: "datastream", text: "for (;;) {}\nexport {};" } as const;
    const never: LocalGuest = { ask: async (request) => (request.kind === "load" ? { kind: "loaded" } : null) };
    const kit = (await grader.runKit(problem))!;
    const program = await grader.programOf(problem, submission);
    const report = await runSamplesLocally(kit, submission, program, Promise.resolve([]), never, () => 0);
    expect(report).toMatchObject({ verdict: "time-limit", worlds: [{ verdict: "time-limit" }] });
    expect(report.headline).toContain("Does a loop never end?");
  });
});
