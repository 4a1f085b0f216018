/** Mistakes of one line and what is said about them. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { explanationText } from "../../src/cli/explanation-text.ts";
import { type Explanation, Grader, type Problem } from "../../src/index.ts";
import { loadProblem } from "../../src/pack/load-problem.ts";

const HERE = dirname(fileURLToPath(import.meta.url));
const faults: Error[] = [];
const grader = new Grader({ poolSize: 3, onFault: (fault) => faults.push(fault) });
let problem: Problem;

beforeAll(async () => {
  problem = loadProblem(join(HERE, "../cases/problem"), { id: "explain", version: "1.0.0" }).problem!;
  await grader.start();
}, 180_000);

afterAll(() => grader.close());

async function explain(from: string, to: string): Promise<Explanation | null> {
  expect(problem.reference.text).toContain(from);
  const text = problem.reference.text.replace(from, () => to);
  const report = await grader.judge(problem, { language: "datastream", text }, undefined, { explain: true });
  expect(faults).toEqual([]);
  return report.explanation;
}

describe("explanations", () => {
  it("a lost user: one record, each needed", async () => {
    const found = await explain("  .keyBy(", '  .filter((click) => click.user !== "bob")\n  .keyBy(');
    expect(found).toMatchObject({
      world: 1,
      anomaly: "lost",
      smallest: { size: { records: 1, faults: 0 }, from: { records: 4, faults: 0 }, complete: true, eachNeeded: true },
      outputs: [{ topic: "counts", actual: [] }],
    });
    expect(found!.smallest.streams[0]!.rows[0]).toContain("bob");
    expect(found!.steps.rows[found!.steps.firstDifference!]!.submissionMs).toBeNull();
    expect(explanationText(found!)).toContain("Take away this one and the two runs agree.");
  }, 120_000);

  it("a sink without transactions: one crash and few of 120 records", async () => {
    const found = await explain("DeliveryGuarantee.EXACTLY_ONCE", "DeliveryGuarantee.AT_LEAST_ONCE");
    expect(found).toMatchObject({ anomaly: "duplicated", smallest: { size: { faults: 1 }, from: { records: 120, faults: 1 } } });
    expect(found!.smallest.size.records).toBeLessThanOrEqual(8);
    expect(found!.smallest.faults[0]).toMatch(/^task manager 1 is lost at 10:/);
    expect(found!.sentence).toContain("the replay wrote it again");
  }, 120_000);

  it("no patience: a record dropped as late", async () => {
    const found = await explain("Duration.ofSeconds(5)", "Duration.ofMillis(1)");
    // The world decides whether a click is late enough; where one is, it is told as such.
    expect(found === null || ["late-dropped", "lost", "wrong-value"].includes(found.anomaly)).toBe(true);
  }, 120_000);

  it("a wrong number on the smallest world", async () => {
    const found = await explain("return count + 1;", "return count + 2;");
    expect(found).toMatchObject({ anomaly: "wrong-value", smallest: { size: { records: 1, faults: 0 }, eachNeeded: true } });
  }, 120_000);

  it("nothing without being asked, for a right answer, or for a limit", async () => {
    const wrong = problem.reference.text.replace("return count + 1;", "return count + 2;");
    expect((await grader.judge(problem, { language: "datastream", text: wrong })).explanation).toBeNull();
    expect(await explain("return count + 1;", "return 1 + count;")).toBeNull();
    expect(await explain("return count + 1;", "for (;;) {}")).toBeNull();
  }, 120_000);
});
