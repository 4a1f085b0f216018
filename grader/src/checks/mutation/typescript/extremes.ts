/** The least for the greatest. */
import { methodCall, type Mutator, replaceNode } from "./job-text.ts";

const OTHERS: Readonly<Record<string, string>> = { min: "max", max: "min", minBy: "maxBy", maxBy: "minBy" };

export const extremes: Mutator = (node, job) => {
  const call = methodCall(node, ...Object.keys(OTHERS));
  return call === null ? [] : [replaceNode(call.callee.name, OTHERS[call.callee.name.text]!, job)];
};
