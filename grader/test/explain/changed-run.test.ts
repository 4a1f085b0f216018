/** Worlds that were seen, run again with changes, in real grading processes: samples, and the smallest world of an explanation. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ChangedRunAnswer, Grader, type Problem, type WorldChange } from "../../src/index.ts";
import { loadProblem } from "../../src/pack/load-problem.ts";

const HERE = dirname(fileURLToPath(import.meta.url));
const faults: Error[] = [];
const grader = new Grader({ poolSize: 3, onFault: (fault) => faults.push(fault) });
let problem: Problem;

beforeAll(async () => {
  problem = loadProblem(join(HERE, "../cases/problem"), { id: "changed", version: "1.0.0" }).problem!;
  await grader.start();
}, 180_000);

afterAll(() => grader.close());

const answer = (text: string) => ({ language: "datastream", text }) as const;

function run(found: ChangedRunAnswer) {
  if (found.kind !== "ran") throw new Error(found.message);
  return found.run;
}

const sample = async (changes: WorldChange[], text = problem.reference.text) =>
  run(await grader.runChanged(problem, answer(text), { sample: 0 }, changes));

it("a sample without changes is the sample", async () => {
  const found = await sample([]);
  expect(found).toMatchObject({ ended: null, headline: "" });
  const { worlds } = await grader.runSamples(problem, answer(problem.reference.text));
  expect(found.recording).toEqual(worlds[0]!.recording);
  const reads = found.recording!.events.filter(({ kind }) => kind === "read");
  expect(found.records).toHaveLength(reads.length);
  expect(found.recording!.taskManagers).toBeGreaterThan(0);
}, 120_000);

it("a record less is read less, and the same changes give the same bytes", async () => {
  const { topic, partition } = (await sample([])).records[0]!;
  const remove: WorldChange = { what: "remove", topic, partition, offset: 0 };
  const [found, again] = [await sample([remove]), await sample([remove])];
  expect(found.recording).toEqual(again.recording);
  expect(found.recording!.events.filter(({ kind }) => kind === "read").length).toBe(found.records.length);
}, 120_000);

it("a task manager is killed when it is said, and exactly once stays exactly once", async () => {
  const before = (await sample([])).recording!;
  const [first, last] = [before.events[0]!.t, before.events.at(-1)!.t];
  const atMs = Math.round((first + last) / 2);
  const { recording, ended } = await sample([{ what: "kill", taskManager: 1, atMs }]);
  expect(ended).toBeNull();
  const struck = recording!.events.find(({ kind }) => kind === "fault");
  expect(struck).toMatchObject({ t: atMs, what: "crashTaskManager" });
}, 120_000);

it("what does not fit is said, and a program that fails is told about", async () => {
  const none = { what: "remove", topic: "none", partition: 0, offset: 0 } as const;
  expect(await grader.runChanged(problem, answer(problem.reference.text), { sample: 0 }, [none])).toMatchObject({
    kind: "refused",
    change: 0,
  });
  expect(await grader.runChanged(problem, answer(problem.reference.text), { sample: 99 }, [])).toMatchObject({
    kind: "refused",
    change: null,
  });
  expect(await sample([], problem.reference.text.replace("return count + 1;", "throw new Error('no');"))).toMatchObject({
    ended: "runtime-error",
  });
  expect(await sample([], "const broken = ;")).toMatchObject({ ended: "compile-error", recording: null });
  expect(faults).toEqual([]);
}, 120_000);

it("the smallest world of an explanation is run again, with its crash and without", async () => {
  const text = problem.reference.text.replace("DeliveryGuarantee.EXACTLY_ONCE", () => "DeliveryGuarantee.AT_LEAST_ONCE");
  const report = await grader.judge(problem, answer(text), undefined, { explain: true });
  const shown = report.explanation!.shown!;
  const twice = (found: ChangedRunAnswer) => {
    const values = run(found).recording!.events.flatMap((event) => (event.kind === "write" ? [JSON.stringify(event.value)] : []));
    return values.length - new Set(values).size;
  };
  expect(twice(await grader.runChanged(problem, answer(text), shown, []))).toBeGreaterThan(0);
  expect(twice(await grader.runChanged(problem, answer(text), shown, [{ what: "spare", fault: 0 }]))).toBe(0);
}, 180_000);
