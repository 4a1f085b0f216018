/** What is judged: bundled problems with at least 20 secret worlds, some with faults, each with its accepted submissions. */
import { fileURLToPath } from "node:url";
import { type BundledSubmission, loadPack, type Problem } from "@millrace/grader";

export const PACK = fileURLToPath(new URL("../../../problems/flink-interview", import.meta.url));
const MIN_SECRET_WORLDS = 20;

export interface Sampled {
  readonly problem: Problem;
  readonly worlds: number;
  readonly accepted: readonly BundledSubmission[];
}

/** `count` of them, spread evenly over all in the order of their ids, so that no choice of ours can flatter the figures. */
export async function sampleOf(count: number): Promise<Sampled[]> {
  const { pack } = await loadPack(PACK);
  if (pack === null) throw new Error(`${PACK} is no pack`);
  const fit = pack.problems
    .filter(({ kind }) => kind !== "trace" && kind !== "decide")
    .filter(({ scenarios }) => {
      const secret = scenarios.filter(({ visibility }) => visibility !== "sample");
      return (
        secret.reduce((sum, { seeds }) => sum + seeds.length, 0) >= MIN_SECRET_WORLDS && secret.some(({ faults }) => faults.length > 0)
      );
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((problem) => ({
      problem,
      worlds: problem.scenarios.reduce((sum, { seeds }) => sum + seeds.length, 0),
      accepted: problem.submissions.filter(({ path, isSolver }) => path.startsWith("accepted/") && !isSolver),
    }));
  const taken = Math.min(count, fit.length);
  return Array.from({ length: taken }, (_, index) => fit[Math.floor((index * fit.length) / taken)]!);
}

/** The text of one learner: nobody else has sent the same. */
export function textOf({ text, language }: BundledSubmission, learner: number): string {
  const mark = { datastream: "//", sql: "--", trace: "#", decide: "#", config: "#" }[language];
  return `${text}\n${mark} learner ${learner}\n`;
}
