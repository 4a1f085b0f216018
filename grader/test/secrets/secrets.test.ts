/**
 * Nothing secret leaks: a canary stands in a hidden world's records (so in its expected output too) and in the reference's names. Programs try to carry
 * it out by every way there is; it must be in no report and no live event.
 *
 * What stays, as with every judge: a submission learns the verdict of each world, so a few bits per submission.
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Grader, type JudgeProgress, type JudgeReport, type Problem } from "../../src/index.ts";
import { loadProblem } from "../../src/pack/load-problem.ts";

const CANARY = "canary7f3a";
const HERE = dirname(fileURLToPath(import.meta.url));
const faults: Error[] = [];
const grader = new Grader({ poolSize: 3, onFault: (fault) => faults.push(fault) });
let problem: Problem;
let plain: string;

beforeAll(async () => {
  const loaded = loadProblem(join(HERE, "../cases/problem"), { id: "secrets", version: "1.0.0" }).problem!;
  plain = loaded.reference.text;
  const named = plain.replace(
    ".aggregate(new Counter(), new Label())",
    `.aggregate(new Counter(), new Label()).name("${CANARY}-name").uid("${CANARY}-uid")`,
  );
  problem = {
    ...loaded,
    contentHash: `${loaded.contentHash}-secrets`,
    reference: {
      ...loaded.reference,
      text: named.replace('setTransactionalIdPrefix("counts")', `setTransactionalIdPrefix("${CANARY}-id")`),
    },
    editorial: CANARY,
    scenarios: loaded.scenarios.map((scenario) =>
      scenario.visibility === "hidden" ? { ...scenario, generate: { ...scenario.generate, also: CANARY } } : scenario,
    ),
  };
  await grader.start();
}, 180_000);

afterAll(() => grader.close());

type Edit = readonly [string, string];

const COLLECT = "out.collect({ user, minute: context.window().getStart(), count });";
const ADD = "return count + 1;";
const IMPORTS: Edit = [
  "  type AggregateFunction,",
  "  RichMapFunction,\n  ValueStateDescriptor,\n  IntCounter,\n  RestartStrategies,\n  type AggregateFunction,",
];
/** Code of a rich map in front of the windows; `user` is the record's. */
const mapping = (body: string): readonly Edit[] => [
  IMPORTS,
  [
    "class Label",
    `class Spy extends RichMapFunction<Click, Click> {\n  override map(click: Click): Click {\n    const user = click.user;\n    if (user.startsWith("canary")) {\n${body}\n    }\n    return click;\n  }\n}\n\nclass Label`,
  ],
  ["  .keyBy((click) => click.user)", "  .keyBy((click) => click.user)\n  .map(new Spy())\n  .keyBy((click) => click.user)"],
];

const ATTACKS: Readonly<Record<string, readonly Edit[]>> = {
  "the message of an exception": [[ADD, `if (_click.user.startsWith("canary")) throw new Error(_click.user);\n    ${ADD}`]],
  "the name of an exception": [
    [ADD, `if (_click.user.startsWith("canary")) { const e = new Error("x"); e.name = _click.user; throw e; }\n    ${ADD}`],
  ],
  "a thrown text": [[ADD, `if (_click.user.startsWith("canary")) throw _click.user;\n    ${ADD}`]],
  "console output": [[ADD, `console.log(_click.user);\n    ${ADD} // `]],
  "other values in the output": [[COLLECT, COLLECT.replace("user,", 'user: user + "!",')]],
  "rows of another key": [
    [COLLECT, `{ ${COLLECT}\n    for (let i = 0; i < user.length; i++) out.collect({ user: user + i, minute: 0, count }); }`],
  ],
  "the name of a state": mapping(
    "      void this.getRuntimeContext().getState(new ValueStateDescriptor<string>(user)).update(1 as never);",
  ),
  "the name of an accumulator": mapping("      this.getRuntimeContext().addAccumulator(user, new IntCounter()); throw new Error(user);"),
  "the name of a metric": mapping("      this.getRuntimeContext().getMetricGroup().counter(user).inc(); throw new Error(user);"),
  "what the realm remembers of the last match": [
    [
      ADD,
      `const last = String((RegExp as unknown as { lastMatch: unknown }).lastMatch);
    if (_click.user.startsWith("canary")) /.*/.exec(_click.user);
    else if (last.startsWith("canary")) throw new Error(last);
    ${ADD}`,
    ],
  ],
  "a property of a given class": [
    [
      ADD,
      `try { Object.assign(Array.prototype, { kept: _click.user }); } catch {}\n    try { (json as unknown as { kept: string }).kept = _click.user; } catch {}\n    if (!_click.user.startsWith("canary") && String((json as unknown as { kept?: string }).kept ?? "").startsWith("canary")) throw new Error((json as unknown as { kept: string }).kept);\n    ${ADD}`,
    ],
  ],
};

async function judge(edits: readonly Edit[]): Promise<{ report: JudgeReport; live: JudgeProgress[] }> {
  let text = plain;
  for (const [from, to] of edits) {
    expect(text).toContain(from);
    text = text.replace(from, () => to);
  }
  const live: JudgeProgress[] = [];
  const report = await grader.judge(problem, { language: "datastream", text }, (progress) => live.push(progress), { explain: true });
  return { report, live };
}

describe("what a hidden world holds stays there, carried by", () => {
  it.each(Object.entries(ATTACKS))(
    "%s",
    async (_, edits) => {
      const { report, live } = await judge(edits);
      expect(report.verdict, report.headline).not.toBe("compile-error");
      expect(JSON.stringify({ report, live })).not.toContain("canary");
      expect(faults).toEqual([]);
    },
    120_000,
  );
});

describe("what is told of a hidden world", () => {
  it("is its title and its verdict, after all others, without times", async () => {
    const { report, live } = await judge([[ADD, "return count + (_click.user.length > 8 ? 2 : 1);"]]);
    expect(report).toMatchObject({ verdict: "wrong-output", difference: null, explanation: null, score: 70 });
    expect(report.headline).toBe("In the hidden world “Many users” `counts` has wrong rows.");
    const results = live.flatMap((progress) => (progress.kind === "world" ? [progress.result] : []));
    expect(results.at(-1)).toMatchObject({ visibility: "hidden", runMs: null });
    expect(results.filter(({ visibility }) => visibility === "hidden")).toHaveLength(1);
    expect(report.judgedInMs % 100).toBe(0);
  }, 120_000);

  it("does not depend on what its rows are: two wrong answers are told in the same words", async () => {
    const told = async (factor: number) => {
      const { report } = await judge([[ADD, `return count + (_click.user.length > 8 ? ${factor} : 1);`]]);
      return { ...report, judgedInMs: 0, worlds: report.worlds.map((world) => ({ ...world, runMs: null })) };
    };
    expect(await told(40)).toEqual(await told(7));
  }, 120_000);
});

describe("the explanation of a world that may be shown", () => {
  it("comes after the verdict, and names nothing of the reference", async () => {
    const { report, live } = await judge([["DeliveryGuarantee.EXACTLY_ONCE", "DeliveryGuarantee.AT_LEAST_ONCE"]]);
    expect(live.slice(-2).map(({ kind }) => kind)).toEqual(["judged", "finished"]);
    expect(live.at(-2)).toMatchObject({ report: { verdict: "duplicate-records", explanation: null } });
    expect(live.at(-1)).toEqual({ kind: "finished", report });
    expect(report.explanation).toMatchObject({
      anomaly: "duplicated",
      smallest: { size: { faults: 1 }, from: { records: 120, faults: 1 } },
    });
    expect(JSON.stringify({ report, live })).not.toContain("canary");
  }, 120_000);
});
