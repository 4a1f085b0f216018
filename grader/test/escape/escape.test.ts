/**
 * One attack per file in attacks/. Its first line says what must become of it: `// verdict: …`, and optionally `// within: <ms>` and
 * `// prints: <text>` (for attacks that try something and print what came of it).
 */
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Grader, type Problem } from "../../src/index.ts";
import { loadProblem } from "../../src/pack/load-problem.ts";

const HERE = dirname(fileURLToPath(import.meta.url));
const faults: Error[] = [];
const grader = new Grader({ poolSize: 2, onFault: (fault) => faults.push(fault) });
let problem: Problem;

beforeAll(async () => {
  problem = loadProblem(join(HERE, "../cases/problem"), { id: "cases", version: "1.0.0" }).problem!;
  await grader.start();
  await grader.sampleWorlds(problem);
}, 60_000);

afterAll(() => grader.close());

describe("attacks", () => {
  it.each(readdirSync(join(HERE, "attacks")))(
    "%s",
    async (file) => {
      const text = readFileSync(join(HERE, "attacks", file), "utf8");
      const directive = (name: string) => new RegExp(`^// ${name}: (.*)$`, "m").exec(text)?.[1];
      const startedAt = performance.now();
      const report = await grader.runSamples(problem, { language: "datastream", text });
      const tookMs = performance.now() - startedAt;
      expect(`${report.verdict}: ${report.headline}`).toMatch(new RegExp(`^${directive("verdict")}`));
      // The promise is made for a machine that is not busy with other things.
      const busy = Math.max(1, loadavg()[0]! / availableParallelism());
      expect(tookMs).toBeLessThan(Number(directive("within") ?? 10_000) * busy);
      const prints = directive("prints");
      if (prints !== undefined) expect(report.worlds[0]!.printed.join("\n")).toContain(prints);
      // The service is healthy and the next learner notices nothing.
      const next = await grader.runSamples(problem, { language: "datastream", text: problem.reference.text });
      expect(next.verdict).toBe("accepted");
      expect(faults).toEqual([]);
    },
    60_000,
  );
});
