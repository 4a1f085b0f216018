/**
 * One attack per file in attacks/, on the little problem beside it. Its first lines say what must become of it:
 *
 *   // verdict: time-limit      what verdict and headline begin with, a pattern
 *   // judge:                   handed in: also the secret worlds, in which a task manager is lost, and other schedules; otherwise the sample is run
 *   // prints: TypeError        what it must have printed, for attacks that try something and print what came of it
 *   // prints not: worked       what it must not have printed
 *   // within: 2000           how long it may take in ms, on a machine that is not busy with other things; otherwise 10,000
 *   // cpuMs: 3000            the problem's limit for this attack, where the little one would strike before what is attacked
 *   // open: why                it succeeds still: the test expects that it fails, and tells when it no longer does
 *
 * `-- ` instead of `// ` in SQL; `<name>.functions.ts` is the module of functions that belongs to `<name>.sql`. After each attack the service
 * must be as if nothing had happened: the next learner gets full marks, and nobody has reported a fault of the judge.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canFork } from "../../src/sandbox/fork.ts";
import { Grader, type Problem, type Submission } from "../../src/index.ts";
import { Semaphore } from "./semaphore.ts";
import { loadProblem } from "../../src/pack/load-problem.ts";

const HERE = dirname(fileURLToPath(import.meta.url));
const ATTACKS = join(HERE, "attacks");
const faults: Error[] = [];
/** As many attacks at a time as there are processors: most of them wait for a watchdog or for a process to start. */
const lanes = new Semaphore(availableParallelism());
const options = { poolSize: 2 * availableParallelism(), onFault: (fault: Error) => void faults.push(fault) };
/** Processes forked off a warm one, as the service has them where it can, and processes started from their file, as it has them elsewhere. */
const graders = { forked: new Grader({ ...options, warmUpRounds: 1 }), started: new Grader(options) };
let problem: Problem;

beforeAll(async () => {
  const loaded = loadProblem(join(HERE, "problem"), { id: "escape", version: "1.0.0" });
  expect(loaded.diagnostics).toEqual([]);
  problem = loaded.problem!;
  expect(await graders.forked.warm()).toBe(canFork());
  await graders.started.start();
  for (const grader of Object.values(graders))
    expect(await grader.judge(problem, { language: "datastream", text: problem.reference.text })).toMatchObject({ verdict: "accepted" });
}, 180_000);

afterAll(async () => {
  expect(graders.forked.isWarm).toBe(canFork());
  await Promise.all(Object.values(graders).map((grader) => grader.close()));
});

const files = readdirSync(ATTACKS).filter((file) => !file.endsWith(".functions.ts"));

describe.concurrent("attacks", () => {
  it("are at least 130, contained", () => expect(files.filter((file) => !file.startsWith("open-")).length).toBeGreaterThanOrEqual(130));

  for (const file of files) attack(file, canFork() ? "forked" : "started");
});

/** The service has them before it is warm, and for ever where it cannot fork. */
describe.runIf(canFork())("attacks, in processes that are not forked", { concurrent: true }, () => {
  for (const file of files) attack(file, "started");
});

function attack(file: string, kind: keyof typeof graders): void {
  const grader = graders[kind];
  const submission = submissionOf(file);
  const directive = (name: string) => new RegExp(`^(?://|--) ${name}: ?(.*)$`, "m").exec(submission.text)?.[1];
  (directive("open") === undefined ? it : it.fails)(
    file,
    () =>
      lanes.use(async () => {
        let end: { readonly verdict: string; readonly headline: string };
        let printed = "";
        const cpuMs = Number(directive("cpuMs") ?? problem.limits.cpuMs);
        const attacked = { ...problem, limits: { ...problem.limits, cpuMs } };
        const startedAt = performance.now();
        if (directive("judge") === undefined) {
          const report = await grader.runSamples(attacked, submission);
          end = report;
          printed = report.worlds.flatMap((world) => world.printed).join("\n");
        } else end = await grader.judge(attacked, submission);
        const tookMs = performance.now() - startedAt;
        expect(`${end.verdict}: ${end.headline}`).toMatch(new RegExp(`^(?:${directive("verdict")})`));
        const busy = Math.max(1, loadavg()[0]! / availableParallelism());
        expect(tookMs).toBeLessThan(Number(directive("within") ?? 10_000) * busy);
        for (const [, expected] of submission.text.matchAll(/^(?:\/\/|--) prints: (.*)$/gm)) expect(printed).toContain(expected);
        if (directive("prints not") !== undefined) expect(printed).not.toContain(directive("prints not"));
        expect(await grader.runSamples(problem, { language: "datastream", text: problem.reference.text })).toMatchObject({
          verdict: "accepted",
        });
        expect(faults.splice(0)).toEqual([]);
      }),
    300_000,
  );
}

function submissionOf(file: string): Submission {
  const text = readFileSync(join(ATTACKS, file), "utf8");
  if (!file.endsWith(".sql")) return { language: "datastream", text };
  const functions = join(ATTACKS, file.replace(/sql$/, "functions.ts"));
  return { language: "sql", text, ...(existsSync(functions) ? { functions: readFileSync(functions, "utf8") } : {}) };
}
