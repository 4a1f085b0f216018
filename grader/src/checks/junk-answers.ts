/** Kinds whose answers are forms: texts that are no answers, or no YAML, or YAML that explodes. None may be accepted, none may break the judge. */
import type { Grader } from "../grader.ts";
import { formLanguageOf } from "../pack/load-submissions.ts";
import type { Problem } from "../pack/problem.ts";

const EXPLODING = `a: &a [x, x, x, x, x, x, x, x]\n${Array.from({ length: 12 }, (_, level) => {
  const [to, from] = [String.fromCharCode(98 + level), String.fromCharCode(97 + level)];
  return `${to}: &${to} [*${from}, *${from}, *${from}, *${from}, *${from}, *${from}, *${from}, *${from}]`;
}).join("\n")}\n`;

const TEXTS: Readonly<Record<string, string>> = {
  nothing: " ",
  "a list": "[]",
  null: "null",
  "a broken bracket": "{",
  "a cycle": "a: &a [*a]",
  "aliases that explode": EXPLODING,
  "a long text": `x: "${"y".repeat(200_000)}"`,
  "control characters": "\u0000\u0007: \ufffe",
  "names of prototypes": "__proto__: { value: 1 }\nconstructor: { value: 2 }",
};

export async function junkAnswers(grader: Grader, problem: Problem): Promise<{ attacks: number; complaints: string[] }> {
  const language = formLanguageOf(problem.kind) ?? "trace";
  const complaints: string[] = [];
  for (const [name, text] of Object.entries(TEXTS)) {
    const report = await grader.judge(problem, { language, text });
    if (report.verdict === "accepted" || report.verdict === "judge-error") complaints.push(`${report.verdict} for ${name}`);
  }
  return { attacks: Object.keys(TEXTS).length, complaints };
}
